import { describe, expect, it } from 'vitest';
import { formatLoss, formatMs, formatRate } from './figures.ts';

describe('figures', () => {
  it.each([
    [null, '—'],
    [0, '0 ms'],
    [0.0081, '0.008 ms'],
    [1.234, '1.23 ms'],
    [45.67, '45.7 ms'],
    [1204.4, '1,204 ms'],
  ])('%s ms is %s', (ms, text) => expect(formatMs(ms)).toBe(text));
  it.each([
    [null, '—'],
    [0, '0%'],
    [0.00001, '<0.01%'],
    [0.001, '0.1%'],
    [0.0333, '3.3%'],
    [0.5, '50%'],
    [1, '100%'],
  ])('a loss of %s is %s', (loss, text) => expect(formatLoss(loss)).toBe(text));
  it.each([
    [null, '—'],
    [0, '0/s'],
    [0.0004, '<0.01/s'],
    [0.5, '0.5/s'],
    [12345, '12,345/s'],
  ])('a rate of %s is %s', (rate, text) => expect(formatRate(rate)).toBe(text));
});
