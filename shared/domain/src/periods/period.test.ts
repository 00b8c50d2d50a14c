import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PERIOD_KINDS, parsePeriod, periodContaining, previousPeriod, rollingPeriod } from './period.ts';

const iso = (at: number): string => new Date(at).toISOString().slice(0, 16);
const ZONES = ['Asia/Shanghai', 'Europe/Berlin', 'America/Sao_Paulo', 'Pacific/Apia', 'America/St_Johns', 'UTC'] as const;

describe('parsePeriod', () => {
  test.each([
    ['2018-07-01', 'day', '2018-06-30T16:00', '2018-07-01T16:00', '2018-06-30'],
    ['2018-W27', 'week', '2018-07-01T16:00', '2018-07-08T16:00', '2018-W26'],
    ['2020-W53', 'week', '2020-12-27T16:00', '2021-01-03T16:00', '2020-W52'],
    ['2018-W01', 'week', '2017-12-31T16:00', '2018-01-07T16:00', '2017-W52'],
    ['2018-07', 'month', '2018-06-30T16:00', '2018-07-31T16:00', '2018-06'],
    ['2018-Q3', 'quarter', '2018-06-30T16:00', '2018-09-30T16:00', '2018-Q2'],
    ['2018-H1', 'half-year', '2017-12-31T16:00', '2018-06-30T16:00', '2017-H2'],
    ['2018', 'year', '2017-12-31T16:00', '2018-12-31T16:00', '2017'],
  ] as const)('%s is a %s of Beijing', (label, kind, from, to, before) => {
    const period = parsePeriod(label, 'Asia/Shanghai');
    expect(period && { ...period, from: iso(period.from), to: iso(period.to) }).toEqual({ kind, label, from, to });
    expect(period && previousPeriod(period, 'Asia/Shanghai').label).toBe(before);
  });

  test.each([
    '',
    '2018-13',
    '2018-00',
    '2018-02-30',
    '2018-2-3',
    '2019-W53',
    '2018-W00',
    '2018-Q5',
    '2018-H3',
    '18',
    'last month',
    '2018-07-01T00:00',
    '0050',
    '9999',
  ])('%j names no period', (label) => {
    expect(parsePeriod(label, 'Asia/Shanghai')).toBeNull();
  });

  test('a zone nobody knows is refused, whatever the label', () => {
    for (const label of ['2018', 'nothing']) expect(() => parsePeriod(label, 'Asia/Peking')).toThrow(/unknown time zone "Asia\/Peking"/);
  });
});

describe('days with a step', () => {
  test.each([
    ['Europe/Berlin', '2018-03-25', 23],
    ['Europe/Berlin', '2018-10-28', 25],
    ['Australia/Lord_Howe', '2018-10-07', 23.5],
    // Midnight is skipped: the day begins at 01:00.
    ['America/Sao_Paulo', '2018-11-04', 23],
    // The day that Samoa left out when it crossed the date line.
    ['Pacific/Apia', '2011-12-30', 0],
    // 00:01 became 23:01 of the day before; the day began at its first midnight.
    ['America/St_Johns', '2006-10-29', 25],
  ])('in %s %s has %d hours', (timeZone, label, hours) => {
    const day = parsePeriod(label, timeZone);
    expect(((day?.to ?? 0) - (day?.from ?? 0)) / 3_600_000).toBe(hours);
  });
});

test('periods of every kind and zone contain their moment, follow each other without a gap, and come back from their label', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...PERIOD_KINDS),
      fc.constantFrom(...ZONES),
      fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2035, 0) }),
      (kind, timeZone, at) => {
        const period = periodContaining(kind, at, timeZone);
        expect(period.from <= at && at < period.to).toBe(true);
        expect(periodContaining(kind, period.from, timeZone)).toEqual(period);
        expect(previousPeriod(period, timeZone).to).toBe(period.from);
        expect(parsePeriod(period.label, timeZone)).toEqual(period);
      },
    ),
    { numRuns: 300 },
  );
});

describe('rollingPeriod', () => {
  test('ends with the last whole local day', () => {
    const { from, to } = rollingPeriod(30, Date.parse('2018-07-15T03:00Z'), 'Asia/Shanghai');
    expect([iso(from), iso(to)]).toEqual(['2018-06-14T16:00', '2018-07-14T16:00']);
  });

  test.each([0, -1, 1.5, Number.NaN])('%d days are refused', (days) => {
    expect(() => rollingPeriod(days, 0, 'UTC')).toThrow(/expected a whole number from 1/);
  });
});
