import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Calendar } from '../calendars/calendar.ts';
import { type ClockRules, clockOf, deadlinesOf } from './clock.ts';
import { countedBetween, countedDeadline } from './deadline.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const at = (text: string): number => Date.parse(text);
const iso = (moment: number | null) => (moment === null ? null : new Date(moment).toISOString().slice(0, 16));

const office = [{ from: 540, to: 1080 }];
const workdays: Calendar = {
  id: 'workdays',
  week: [office, office, office, office, office, [], []],
  dates: [{ date: '2018-10-01', spans: [], name: '国庆节' }],
  knownUntil: '2018-12-31',
};
const never: Calendar = { id: 'never', week: [[], [], [], [], [], [], []], dates: [], knownUntil: null };
const zone = 'Asia/Shanghai';

describe('countedDeadline', () => {
  test.each([
    ['without a calendar all time counts', null, '2018-09-28T09:30Z', 4, '2018-09-28T13:30'],
    ['within office hours', workdays, '2018-09-28T02:00Z', 4, '2018-09-28T06:00'],
    ['over a weekend and a holiday: Friday evening to Tuesday', workdays, '2018-09-28T09:00Z', 4, '2018-10-02T04:00'],
    ['begun outside of it', workdays, '2018-09-29T02:00Z', 1, '2018-10-02T02:00'],
    ['ends with a span, not with the next one’s beginning', workdays, '2018-09-28T06:00Z', 4, '2018-09-28T10:00'],
    ['many weeks', workdays, '2018-10-08T00:00Z', 4 * 5 * 9, '2018-11-02T10:00'],
  ])('%s', (_, calendar, from, hours, expected) => {
    expect(iso(countedDeadline(at(from), hours * HOUR, calendar, zone))).toBe(expected);
  });

  test('a calendar that never counts has no deadline', () => {
    expect(countedDeadline(0, HOUR, never, zone)).toBeNull();
  });

  test('nothing to wait for is now', () => {
    expect(countedDeadline(5, 0, workdays, zone)).toBe(5);
  });

  test('as much counted time as asked for lies before it, and it is the first such moment', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 * 24 }), fc.integer({ min: 1, max: 60 * 40 }), (offset, minutes) => {
        const from = at('2018-01-01T00:00Z') + offset * HOUR;
        const due = countedDeadline(from, minutes * MINUTE, workdays, zone) ?? 0;
        expect(countedBetween(from, due, workdays, zone)).toBe(minutes * MINUTE);
        expect(countedBetween(from, due - 1, workdays, zone)).toBe(minutes * MINUTE - 1);
      }),
      { numRuns: 50 },
    );
  });
});

const rules: ClockRules = { respondMs: 15 * MINUTE, repairMs: 4 * HOUR, warnAt: 0.8, calendar: null };
const calendars = new Map([[workdays.id, workdays]]);

describe('deadlinesOf', () => {
  test('response and repair, each with its warning', () => {
    expect(deadlinesOf(rules, calendars, 0)).toEqual({
      respond: { warnAt: 12 * MINUTE, dueAt: 15 * MINUTE },
      repair: { warnAt: 192 * MINUTE, dueAt: 4 * HOUR },
    });
  });

  test('the warning is of counted time as well', () => {
    const inHours = { ...rules, respondMs: null, calendar: { id: 'workdays', timeZone: zone } };
    const { respond, repair } = deadlinesOf(inHours, calendars, at('2018-09-28T09:00Z'));
    expect(respond).toBeNull();
    expect([iso(repair?.warnAt ?? null), iso(repair?.dueAt ?? null)]).toEqual(['2018-10-02T03:12', '2018-10-02T04:00']);
  });

  test('no clock runs by a calendar that never counts; one that is not known counts always', () => {
    const by = (id: string) => deadlinesOf({ ...rules, calendar: { id, timeZone: zone } }, new Map([['never', never]]), 0);
    expect(by('never')).toEqual({ respond: null, repair: null });
    expect(by('gone').respond).toEqual({ warnAt: 12 * MINUTE, dueAt: 15 * MINUTE });
  });
});

describe('clockOf', () => {
  const deadline = { warnAt: 800, dueAt: 1000 };
  test.each([
    ['running', null, 799, 'running', 201],
    ['warned from the moment of the warning', null, 800, 'warned', 200],
    ['warned until the time is up', null, 1000, 'warned', 0],
    ['late', null, 1001, 'late', -1],
    ['met, however long ago', 1000, 5000, 'met', 0],
    ['late stays late when it was met afterwards', 1500, 5000, 'late', -500],
  ])('%s', (_, metAt, now, state, leftMs) => {
    expect(clockOf(deadline, metAt, now)).toEqual({ dueAt: 1000, state, metAt, leftMs });
  });
});
