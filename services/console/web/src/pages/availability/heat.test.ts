import { describe, expect, test } from 'vitest';
import { type Day, dateAfterKey, kindOf, monthsOf } from './heat.ts';

const day = (date: string, more: Partial<Day> = {}): Day => ({
  date,
  from: '',
  to: '',
  availability: 1,
  lowest: 1,
  highest: 1,
  completeness: 1,
  verdict: 'met',
  downMs: 0,
  unknownMs: 0,
  excludedMs: 0,
  consumedMs: 0,
  consumedLeastMs: 0,
  consumedMostMs: 0,
  ...more,
});

test.each([
  [{}, 'clean'],
  [{ downMs: 5 }, 'lost'],
  [{ verdict: 'missed', downMs: 5 }, 'missed'],
  [{ verdict: 'undecided' }, 'undecided'],
  [{ availability: null, verdict: 'undecided' }, 'unseen'],
] as const)('%j looks %s', (more, kind) => {
  expect(kindOf(day('2026-03-01', more))).toBe(kind);
});

describe('months', () => {
  test('begin on Mondays, are cut to the period, and say what is to come', () => {
    const months = monthsOf([day('2026-03-31')], '2026-03-30', '2026-04-03');
    expect(months.map(({ month }) => month)).toEqual(['2026-03', '2026-04']);
    const seen = months.map(({ weeks }) =>
      weeks.map((week) => week.map((cell) => (cell === null ? '' : `${cell.date.slice(8)} ${cell.kind}`))),
    );
    expect(seen).toEqual([[['30 coming', '31 clean', '', '', '', '', '']], [['', '', '01 coming', '02 coming', '', '', '']]]);
  });
  test('of a year have all its days', () => {
    const cells = monthsOf([], '2028-01-01', '2029-01-01').flatMap(({ weeks }) => weeks.flat().filter((cell) => cell !== null));
    expect(cells).toHaveLength(366);
  });
});

test.each([
  ['ArrowRight', '2026-03-31', '2026-04-01'],
  ['ArrowUp', '2026-03-03', '2026-03-03'],
  ['ArrowDown', '2026-03-03', '2026-03-10'],
  ['End', '2026-03-03', '2026-04-29'],
  ['x', '2026-03-03', null],
])('%s leads from %s to %s', (key, from, to) => {
  expect(dateAfterKey(key, from, '2026-03-01', '2026-04-30')).toBe(to);
});
