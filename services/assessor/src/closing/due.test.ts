import { describe, expect, it } from 'vitest';
import { type DueInput, duePeriods, GRACE_MS, MOST_PERIODS_BACK } from './due.ts';

const DAY = 86_400_000;
const at = (text: string) => Date.parse(`${text}T00:00:00+08:00`);
const input = (more: Partial<DueInput>): DueInput => ({
  objective: { period: 'month', timeZone: 'Asia/Shanghai', closeAfterMs: 5 * DAY },
  start: at('2026-01-15'),
  closed: new Set(),
  judgedUntil: Number.MAX_SAFE_INTEGER,
  now: at('2026-04-10'),
  ...more,
});
const labels = (more: Partial<DueInput>) => duePeriods(input(more)).map(({ label }) => label);

describe('periods to be closed', () => {
  it.each<[string, Partial<DueInput>, string[]]>([
    ['all that ended since the objective exists, oldest first', {}, ['2026-01', '2026-02', '2026-03']],
    ['not before the time is past', { now: at('2026-04-06') - 1 }, ['2026-01', '2026-02']],
    ['as soon as it is', { now: at('2026-04-06') }, ['2026-01', '2026-02', '2026-03']],
    ['not those that were', { closed: new Set([`${at('2026-02-01')} ${at('2026-03-01')}`]) }, ['2026-01', '2026-03']],
    ['not while the node still judges it', { now: at('2026-04-06'), judgedUntil: at('2026-04-01') - 1 }, ['2026-01', '2026-02']],
    ['but not for ever', { now: at('2026-04-06') + GRACE_MS, judgedUntil: 0 }, ['2026-01', '2026-02', '2026-03']],
    ['none before there was an objective', { start: at('2026-04-09') }, []],
    [
      'at once, where nothing is waited for',
      { objective: { period: 'day', timeZone: 'UTC', closeAfterMs: 0 }, start: at('2026-04-08') },
      ['2026-04-07', '2026-04-08'],
    ],
    ['none by itself where people close', { objective: { period: 'month', timeZone: 'UTC', closeAfterMs: null } }, []],
    ['none that rolls', { objective: { period: 'rolling', timeZone: 'UTC', closeAfterMs: 0 } }, []],
    ['half-years', { objective: { period: 'half-year', timeZone: 'Asia/Shanghai', closeAfterMs: 0 }, now: at('2026-07-01') }, ['2026-H1']],
  ])('%s', (_, more, expected) => expect(labels(more)).toEqual(expected));

  it('are never a flood, however old the objective is', () => {
    const days = duePeriods(input({ objective: { period: 'day', timeZone: 'UTC', closeAfterMs: 0 }, start: 0 }));
    expect(days).toHaveLength(MOST_PERIODS_BACK);
  });
});
