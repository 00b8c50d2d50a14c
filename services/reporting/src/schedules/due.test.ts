import { describe, expect, it } from 'vitest';
import { decideSchedule, duePeriods, wantedPeriods } from './due.ts';

const DAY = 86_400_000;
const schedule = { period: 'month', timeZone: 'Asia/Shanghai', afterMs: 6 * DAY } as const;
const at = (local: string) => Date.parse(`${local}+08:00`);
const labels = (now: number) => duePeriods(schedule, now).map(({ label }) => label);

describe('duePeriods', () => {
  it.each([
    ['before the time after its end the month is not due', '2018-07-06T23:59:59', ['2018-05', '2018-04']],
    ['from then on it is', '2018-07-07T00:00:00', ['2018-06', '2018-05']],
  ])('%s', (_, now, expected) => {
    expect(labels(at(now))).toEqual(expected);
  });

  it('a time after the end longer than the period itself holds', () => {
    expect(duePeriods({ ...schedule, period: 'day', afterMs: 2 * DAY }, at('2018-07-07T12:00:00')).map(({ label }) => label)).toEqual([
      '2018-07-04',
      '2018-07-03',
    ]);
  });
});

describe('wantedPeriods', () => {
  const due = duePeriods(schedule, at('2018-07-07T00:00:00'));
  it.each([
    ['a new schedule begins with the period that ended last', [], ['2018-06']],
    ['none is asked for twice, nor one from before it began', ['2018-06'], []],
    ['one that was missed is made up for', ['2018-04'], ['2018-06', '2018-05']],
    ['the next', ['2018-05', '2018-04'], ['2018-06']],
  ])('%s', (_, made, expected) => {
    expect(wantedPeriods(due, new Set(made), schedule.timeZone).map(({ label }) => label)).toEqual(expected);
  });
});

describe('decideSchedule', () => {
  const when = { dueAt: 1_000, now: 2_000, patienceMs: 10_000 };
  const closing = (closesItself: boolean, isClosed: boolean) => ({ objective: 'a', closesItself, isClosed });
  it.each([
    ['nothing closes by itself', [closing(false, false)], when, { make: true, reason: 'closed' }],
    ['all is closed', [closing(true, true)], when, { make: true, reason: 'closed' }],
    ['one is open', [closing(true, true), closing(true, false)], when, { make: false, reason: 'waits-for-closing', objectives: ['a'] }],
    ['one is open for too long', [closing(true, false)], { ...when, now: 11_000 }, { make: true, reason: 'patience-over' }],
    ['there is no objective', [], when, { make: true, reason: 'closed' }],
  ] as const)('%s', (_, closings, circumstances, decision) => {
    expect(decideSchedule(closings, circumstances)).toEqual(decision);
  });
});
