import { expect, test } from 'vitest';
import { judgePeriod, suggestedPeriods } from './suggest.ts';

const now = Date.parse('2026-11-22T04:00:00Z');

test('the last whole periods come first', () => {
  expect(suggestedPeriods(now, 'Asia/Shanghai')).toEqual([
    '2026-10',
    '2026-Q3',
    '2026-H1',
    '2025',
    '2026-11',
    '2026-Q4',
    '2026-H2',
    '2026',
  ]);
});

test.each([
  ['2026-H1', 'over'],
  ['2026', 'running'],
  ['2027-01', 'future'],
  ['2026-13', 'wrong'],
  ['', 'wrong'],
])('%s is %s', (label, said) => {
  expect(judgePeriod(label, now, 'Asia/Shanghai')).toBe(said);
});
