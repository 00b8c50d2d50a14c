import { describe, expect, it } from 'vitest';
import { moved, type Range, readRange, spanOf, USUAL, widened, writeRange, zoomed } from './range.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;

describe('the range of an address', () => {
  it.each<[Range, string]>([
    [USUAL, ''],
    [{ kind: 'last', key: '7d' }, 'range=7d'],
    [{ kind: 'period' }, 'range=period'],
    [{ kind: 'between', from: NOW - HOUR, to: NOW }, 'from=2026-11-22T11%3A00%3A00.000Z&to=2026-11-22T12%3A00%3A00.000Z'],
  ])('%j is %j and back', (range, text) => {
    expect(writeRange(range, new URLSearchParams()).toString()).toBe(text);
    expect(readRange(new URLSearchParams(text))).toEqual(range);
  });
  it.each([
    'range=100y',
    'from=2026-11-22T12:00:00Z',
    'from=yesterday&to=today',
    'from=2026-11-22T12:00:00Z&to=2026-11-22T11:00:00Z',
    'range=toString',
  ])('%s is the usual one', (text) => expect(readRange(new URLSearchParams(text))).toEqual(USUAL));
  it('leaves other parameters alone', () =>
    expect(writeRange({ kind: 'period' }, new URLSearchParams('tab=x&from=1')).toString()).toBe('tab=x&range=period'));
});

describe('spans', () => {
  it('end now, or with the period', () => {
    expect(spanOf({ kind: 'last', key: '1h' }, NOW, null)).toEqual({ from: NOW - HOUR, to: NOW });
    expect(spanOf({ kind: 'period' }, NOW, { from: 5, to: NOW + HOUR })).toEqual({ from: 5, to: NOW });
    expect(spanOf({ kind: 'period' }, NOW, null)).toEqual({ from: NOW - 720 * HOUR, to: NOW });
  });
  it('are zoomed about their middle, and end now at the latest', () => {
    expect(zoomed({ from: 0, to: 4 * HOUR }, 0.5, NOW)).toEqual({ from: Date.UTC(2000, 0, 1), to: 3 * HOUR });
    expect(zoomed({ from: NOW - 4 * HOUR, to: NOW }, 2, NOW)).toEqual({ from: NOW - 8 * HOUR, to: NOW });
    expect(zoomed({ from: NOW - 60_000, to: NOW }, 0.5, NOW)).toMatchObject({ to: NOW - 15_000 });
  });
  it('are moved by half', () => {
    expect(moved({ from: NOW - 4 * HOUR, to: NOW - 2 * HOUR }, -1, NOW)).toEqual({ from: NOW - 5 * HOUR, to: NOW - 3 * HOUR });
    expect(moved({ from: NOW - HOUR, to: NOW }, 1, NOW)).toEqual({ from: NOW - HOUR, to: NOW });
  });
  it('drawn backwards are the same', () => expect(widened(9 * HOUR, 2 * HOUR)).toEqual({ from: 2 * HOUR, to: 9 * HOUR }));
});
