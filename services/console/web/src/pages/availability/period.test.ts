import { expect, test } from 'vitest';
import { isDate, isRunning, periodOn } from './period.ts';

const timeZone = 'Asia/Shanghai';
const now = Date.parse('2026-11-22T04:00:00Z');
const iso = (at: number) => new Date(at).toISOString();

test.each([
  [null, '2026-H2', '2026-06-30', null],
  ['2026-03-01', '2026-H1', '2025-12-31', '2026-07-01'],
  ['2030-01-01', '2026-H2', '2026-06-30', null],
  ['nonsense', '2026-H2', '2026-06-30', null],
])('the half-year of %s is %s', (date, label, before, after) => {
  expect(periodOn({ period: 'half-year', rollingDays: null, timeZone }, date, now)).toMatchObject({ label, before, after });
});

test('a rolling period ends with the day before, and steps by its length', () => {
  const rolling = { period: 'rolling', rollingDays: 7, timeZone } as const;
  const current = periodOn(rolling, null, now);
  expect([iso(current.from), iso(current.to), current.after]).toEqual(['2026-11-14T16:00:00.000Z', '2026-11-21T16:00:00.000Z', null]);
  const before = periodOn(rolling, current.before, now);
  expect([before.to, before.after]).toEqual([current.from, '2026-11-22']);
});

test.each([
  ['2026-02-31x', false],
  ['2026-13-01', false],
  ['2026-02-28', true],
])('%s is a date: %s', (text, is) => {
  expect(isDate(text)).toBe(is);
});

test('a period runs until all of it is counted', () => {
  const to = '2026-12-31T16:00:00.000Z';
  expect(isRunning({ asOf: '2026-11-22T04:00:00.000Z', to })).toBe(true);
  expect(isRunning({ asOf: to, to })).toBe(false);
});
