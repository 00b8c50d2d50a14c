import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { length } from '../intervals.ts';
import type { Calendar } from './calendar.ts';
import { calendarHash, countedSpans } from './counted.ts';

const HOUR = 3_600_000;
const office = [{ from: 540, to: 1080 }];

function calendar(over: Partial<Calendar> = {}): Calendar {
  return { id: 'office', week: [office, office, office, office, office, [], []], dates: [], knownUntil: null, ...over };
}

const everyDay = (from: number, to: number): Calendar => calendar({ week: Array.from({ length: 7 }, () => [{ from, to }]) });

const at = (text: string): number => Date.parse(text);
const told = (spans: readonly { from: number; to: number }[]) =>
  spans.map(({ from, to }) => `${new Date(from).toISOString().slice(0, 16)}/${new Date(to).toISOString().slice(0, 16)}`);

describe('countedSpans', () => {
  test('office hours of a week in Beijing: weekdays alone', () => {
    const spans = countedSpans(calendar(), 'Asia/Shanghai', at('2018-07-01T16:00Z'), at('2018-07-08T16:00Z'));
    expect(spans).toHaveLength(5);
    expect(told(spans)[0]).toBe('2018-07-02T01:00/2018-07-02T10:00');
    expect(length(spans)).toBe(45 * HOUR);
  });

  test('a public holiday counts nothing, and the Saturday worked in its place does (National Day 2018)', () => {
    const dates = [
      { date: '2018-09-29', spans: office, name: '国庆节调休上班' },
      ...['01', '02', '03', '04', '05'].map((day) => ({ date: `2018-10-${day}`, spans: [], name: '国庆节' })),
    ];
    const from = at('2018-09-28T16:00Z');
    expect(told(countedSpans(calendar({ dates }), 'Asia/Shanghai', from, from + 8 * 24 * HOUR))).toEqual([
      '2018-09-29T01:00/2018-09-29T10:00',
    ]);
  });

  test.each([
    ['always', null, '2018-03-25T00:00Z', '2018-03-25T06:00Z', ['2018-03-25T00:00/2018-03-25T06:00']],
    // 02:00 to 03:00 does not exist in Berlin on 25 March 2018.
    [
      'begins in the missing hour: from the step on',
      everyDay(150, 300),
      '2018-03-24T23:00Z',
      '2018-03-25T22:00Z',
      ['2018-03-25T01:00/2018-03-25T03:00'],
    ],
    [
      'ends in the missing hour: until the step',
      everyDay(60, 150),
      '2018-03-24T23:00Z',
      '2018-03-25T22:00Z',
      ['2018-03-25T00:00/2018-03-25T01:00'],
    ],
    ['lies in the missing hour: nothing', everyDay(120, 180), '2018-03-24T23:00Z', '2018-03-25T22:00Z', []],
    // 02:00 to 03:00 comes twice on 28 October 2018.
    [
      'in the hour that comes twice: both times',
      everyDay(135, 150),
      '2018-10-27T22:00Z',
      '2018-10-28T23:00Z',
      ['2018-10-28T00:15/2018-10-28T00:30', '2018-10-28T01:15/2018-10-28T01:30'],
    ],
    ['a day of 23 hours', everyDay(0, 1440), '2018-03-24T23:00Z', '2018-03-25T22:00Z', ['2018-03-24T23:00/2018-03-25T22:00']],
    ['a day of 25 hours', everyDay(0, 1440), '2018-10-27T22:00Z', '2018-10-28T23:00Z', ['2018-10-27T22:00/2018-10-28T23:00']],
    ['nothing of no time', everyDay(0, 1440), '2018-10-27T22:00Z', '2018-10-27T22:00Z', []],
    ['nothing of a period that runs backwards', everyDay(0, 1440), '2018-10-27T22:00Z', '2018-10-26T22:00Z', []],
    ['a span without length counts nothing', everyDay(600, 600), '2018-10-27T22:00Z', '2018-10-28T22:00Z', []],
  ] as const)('Berlin: %s', (_, calendarOfDay, from, to, expected) => {
    expect(told(countedSpans(calendarOfDay, 'Europe/Berlin', at(from), at(to)))).toEqual(expected);
  });

  test('over midnight is two spans, joined at midnight', () => {
    const night = calendar({
      week: Array.from({ length: 7 }, () => [
        { from: 0, to: 360 },
        { from: 1320, to: 1440 },
      ]),
    });
    expect(told(countedSpans(night, 'UTC', at('2018-07-01T12:00Z'), at('2018-07-02T12:00Z')))).toEqual([
      '2018-07-01T22:00/2018-07-02T06:00',
    ]);
  });

  test('spans may overlap, and are cut to the period', () => {
    const twice = calendar({
      week: Array.from({ length: 7 }, () => [
        { from: 540, to: 720 },
        { from: 600, to: 1080 },
      ]),
    });
    expect(told(countedSpans(twice, 'UTC', at('2018-07-01T10:00Z'), at('2018-07-01T17:00Z')))).toEqual([
      '2018-07-01T10:00/2018-07-01T17:00',
    ]);
  });

  test('a span that runs backwards and a zone nobody knows are refused with what was expected', () => {
    const period = [at('2018-07-01T00:00Z'), at('2018-07-02T00:00Z')] as const;
    expect(() => countedSpans(everyDay(1320, 360), 'UTC', ...period)).toThrow(/calendar office, .*expected 0 <= from <= to <= 1440/);
    expect(() => countedSpans(null, 'Mars/Base', ...period)).toThrow(
      new RangeError('unknown time zone "Mars/Base": expected a name such as Asia/Shanghai'),
    );
  });

  const zones = fc.constantFrom(
    'Asia/Shanghai',
    'Europe/Berlin',
    'America/St_Johns',
    'Pacific/Apia',
    'Australia/Lord_Howe',
    'America/Sao_Paulo',
    'UTC',
  );
  const span = fc
    .tuple(fc.integer({ min: 0, max: 1440 }), fc.integer({ min: 0, max: 1440 }))
    .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
  const weeks = fc.array(fc.array(span, { maxLength: 3 }), { minLength: 7, maxLength: 7 });
  const moments = fc.integer({ min: at('1987-01-01T00:00Z'), max: at('2030-01-01T00:00Z') });

  test('a moment counts exactly when the local clock shows a counted time, in any zone and through every step', () => {
    fc.assert(
      fc.property(zones, weeks, moments, (timeZone, week, moment) => {
        const format = new Intl.DateTimeFormat('en-GB', {
          timeZone,
          weekday: 'short',
          hour: '2-digit',
          minute: '2-digit',
          hourCycle: 'h23',
        });
        const parts = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
        const weekday = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts.weekday ?? '');
        const minute = Number(parts.hour) * 60 + Number(parts.minute);
        const expected = (week[weekday] ?? []).some(({ from, to }) => from <= minute && minute < to);
        expect(countedSpans(calendar({ week }), timeZone, moment, moment + 1)).toHaveLength(expected ? 1 : 0);
      }),
      { numRuns: 300 },
    );
  });

  test('parts of a period count what the whole does', () => {
    fc.assert(
      fc.property(
        zones,
        weeks,
        moments,
        fc.nat(40 * 24 * HOUR),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (timeZone, week, from, span, cut) => {
          const middle = from + Math.floor(span * cut);
          const [a, b, whole] = [
            [from, middle],
            [middle, from + span],
            [from, from + span],
          ].map(([start = 0, end = 0]) => length(countedSpans(calendar({ week }), timeZone, start, end)));
          expect((a ?? 0) + (b ?? 0)).toBe(whole);
        },
      ),
      { numRuns: 100 },
    );
  });
});

test('a hash of counted spans is an int32 and another for other spans', () => {
  const hashes = [
    [],
    [{ from: 0, to: 1 }],
    [{ from: 0, to: 2 }],
    [{ from: 1, to: 2 }],
    [
      { from: 0, to: 1 },
      { from: 1, to: 2 },
    ],
  ].map(calendarHash);
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(hashes.every((hash) => Number.isInteger(hash) && Math.abs(hash) <= 2 ** 31)).toBe(true);
  expect(calendarHash([{ from: 0, to: 1 }])).toBe(hashes[1]);
});
