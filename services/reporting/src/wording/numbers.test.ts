import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, percent, points } from './numbers.ts';

describe('percent', () => {
  it.each([
    [0.9991, 0.999, '99.91%'],
    [0.9997, 0.9997, '99.97%'],
    [0.9997 - 1e-16, 0.9997, '99.97%'],
    [0.99996, null, '99.996%'],
    [0.999_999_99, null, '99.9999%'],
    [1, null, '100.00%'],
    [0, null, '0.00%'],
    [0.000_000_01, null, '0.0001%'],
    [0.999_699, 0.9997, '99.9699%'],
    [0.999_699_99, 0.9997, '99.9699%'],
    [0.999_66, 0.9997, '99.966%'],
    [0.999_64, 0.9997, '99.96%'],
    [0.999_704, 0.9997, '99.97%'],
    [0.999_701, 0.999_701, '99.9701%'],
    [null, 0.9997, '—'],
  ])('%s against %s is printed %s', (fraction, target, text) => {
    expect(percent(fraction, target)).toBe(text);
  });

  it('prints as many digits as tell it from the one beside it', () => {
    expect([percent(0.99981775, null, 0.99977459), percent(0.99977459, null, 0.99981775)]).toEqual(['99.982%', '99.977%']);
    expect(percent(0.99981775, null, 0.99981775)).toBe('99.98%');
  });

  it('never prints a missed target as met, a met one as missed, nor what is short of 100% as 100%', () => {
    const fraction = fc.integer({ min: 0, max: 1_000_000_000 }).map((parts) => parts / 1_000_000_000);
    const target = fc.integer({ min: 1, max: 9_999 }).map((parts) => parts / 10_000);
    fc.assert(
      fc.property(fraction, target, (value, line) => {
        const printed = Number(percent(value, line).slice(0, -1)) / 100;
        expect(printed >= line - 1e-12).toBe(value >= line - 1e-13);
        expect(printed === 1).toBe(value === 1);
        expect(Math.abs(printed - value)).toBeLessThanOrEqual(0.000_05 + 1e-12);
      }),
    );
  });
});

describe('points', () => {
  it.each([
    [0.0003, '+0.03 pp'],
    [-0.001, '-0.10 pp'],
    [0, '0.00 pp'],
    [0.000_004, '+0.0004 pp'],
    [-1e-9, '0.0000 pp'],
    [null, '—'],
  ])('%s is %s', (difference, text) => {
    expect(points(difference, 'en')).toBe(text);
  });
});

describe('duration', () => {
  it.each([
    [0, '0 ms', '0毫秒'],
    [999, '999 ms', '999毫秒'],
    [12_400, '12 s', '12秒'],
    [59_700, '1 min', '1分'],
    [4_692_000, '1 h 18 min', '1小时18分'],
    [86_400_000, '1 d', '1天'],
    [86_399_999, '1 d', '1天'],
    [90_000_000, '1 d 1 h', '1天1小时'],
    [-60_000, '-1 min', '-1分'],
  ])('%i ms is %s', (ms, en, zh) => {
    expect(duration(ms, 'en')).toBe(en);
    expect(duration(ms, 'zh')).toBe(zh);
  });
});
