import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Calendar } from '../calendars/calendar.ts';
import { dutyGaps, dutySpans, nextDutyChange, onDuty } from './duty.ts';
import type { Rota, RotaLayer, RotaOverride } from './rota.ts';
import { localMoment } from './turns.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = (text: string): number => Date.parse(text);

const office = [{ from: 540, to: 1080 }];
const workdays: Calendar = {
  id: 'workdays',
  week: [office, office, office, office, office, [], []],
  dates: [
    { date: '2018-10-01', spans: [], name: '国庆节' },
    { date: '2018-10-06', spans: office, name: '国庆节调休上班' },
  ],
  knownUntil: '2018-12-31',
};
const calendars = new Map([[workdays.id, workdays]]);

function layer(over: Partial<RotaLayer> = {}): RotaLayer {
  return { id: 'weekly', contacts: ['wang', 'li', 'zhao'], days: 7, from: '2018-01-01', at: 540, calendar: null, ...over };
}
function rota(over: Partial<Rota> = {}): Rota {
  return { id: 'network', timeZone: 'Asia/Shanghai', layers: [layer()], overrides: [], otherwise: null, ...over };
}
const told = (spans: readonly { from: number; contact: string | null; because: string }[]) =>
  spans.map(({ from, contact, because }) => `${new Date(from).toISOString().slice(0, 16)} ${contact} ${because}`);

describe('turns', () => {
  test('change hands every seven days at nine, local time', () => {
    const spans = dutySpans(rota(), [], calendars, at('2018-01-01T00:00Z'), at('2018-01-24T00:00Z'));
    expect(told(spans)).toEqual([
      '2018-01-01T00:00 null nobody',
      '2018-01-01T01:00 wang layer',
      '2018-01-08T01:00 li layer',
      '2018-01-15T01:00 zhao layer',
      '2018-01-22T01:00 wang layer',
    ]);
  });

  test.each([
    ['the first moment of a turn is the next person’s', '2018-01-08T01:00:00.000Z', 'li'],
    ['the last one is still his', '2018-01-08T00:59:59.999Z', 'wang'],
    ['104 weeks on the order still holds', '2019-12-30T01:00Z', 'zhao'],
  ])('%s', (_, moment, expected) => {
    expect(onDuty(rota(), [], calendars, at(moment)).contact).toBe(expected);
  });

  test.each([
    // Clocks in Berlin go from 02:00 to 03:00 on 25 March 2018, and from 03:00 back to 02:00 on 28 October.
    ['a hand-over in the hour that is skipped is at the step', '2018-03-25', 150, '2018-03-25T01:00:00.000Z'],
    ['one in the hour that comes twice is at its first coming', '2018-10-28', 150, '2018-10-28T00:30:00.000Z'],
    ['the day after is at the usual time', '2018-10-29', 150, '2018-10-29T01:30:00.000Z'],
  ])('%s', (_, day, minute, expected) => {
    expect(new Date(localMoment(day, minute, 'Europe/Berlin')).toISOString()).toBe(expected);
  });

  test('no turn is lost or doubled while the clocks change', () => {
    const daily = rota({ timeZone: 'Europe/Berlin', layers: [layer({ days: 1, at: 150, contacts: ['a', 'b'] })] });
    const spans = dutySpans(daily, [], calendars, at('2018-03-23T12:00Z'), at('2018-03-28T12:00Z'));
    expect(spans.map(({ contact }) => contact)).toEqual(['b', 'a', 'b', 'a', 'b', 'a']);
  });

  test('a time zone that nobody knows is refused', () => {
    expect(() => onDuty(rota({ timeZone: 'Asia/Beijing_' }), [], calendars, 0)).toThrow(/unknown time zone/);
  });
});

describe('layers, holidays and overrides', () => {
  const day = layer({ id: 'day', contacts: ['desk'], calendar: { id: 'workdays', when: 'inside' } });

  test('a layer with a calendar is on duty in its hours alone; the one beneath has the rest, holidays too', () => {
    const spans = dutySpans(rota({ layers: [layer(), day] }), [], calendars, at('2018-09-30T16:00Z'), at('2018-10-02T16:00Z'));
    expect(told(spans)).toEqual([
      '2018-09-30T16:00 zhao layer',
      // The first of October begins a new turn at nine, and is a holiday: no desk.
      '2018-10-01T01:00 wang layer',
      '2018-10-02T01:00 desk layer',
      '2018-10-02T10:00 wang layer',
    ]);
  });

  test('a Saturday worked in place of a holiday is a workday', () => {
    expect(onDuty(rota({ layers: [day] }), [], calendars, at('2018-10-06T02:00Z'))).toMatchObject({ contact: 'desk', layer: 'day' });
    expect(onDuty(rota({ layers: [day] }), [], calendars, at('2018-10-13T02:00Z'))).toMatchObject({ contact: null, because: 'nobody' });
  });

  test('outside a calendar: nights, weekends and holidays', () => {
    const night = layer({ id: 'night', contacts: ['guard'], calendar: { id: 'workdays', when: 'outside' } });
    expect(onDuty(rota({ layers: [night] }), [], calendars, at('2018-10-01T02:00Z'))).toMatchObject({
      contact: 'guard',
      until: at('2018-10-02T01:00Z'),
    });
  });

  test('a calendar that is not known silences nobody', () => {
    const lost = layer({ contacts: ['desk'], calendar: { id: 'gone', when: 'outside' } });
    expect(onDuty(rota({ layers: [lost] }), [], calendars, at('2018-10-01T02:00Z')).contact).toBe('desk');
  });

  test('an override wins over every layer for its time, the later over the earlier, those made by hand over the configuration', () => {
    const from = at('2018-01-02T00:00Z');
    const configured: RotaOverride = { contact: 'qian', from, to: from + 6 * HOUR };
    const byHand: RotaOverride[] = [
      { id: 'one', contact: 'sun', from: from + 2 * HOUR, to: from + 4 * HOUR },
      { id: 'two', contact: 'zhou', from: from + 3 * HOUR, to: from + 4 * HOUR },
    ];
    const spans = dutySpans(rota({ overrides: [configured] }), byHand, calendars, from - HOUR, from + 7 * HOUR);
    expect(spans.map(({ from: start, contact, override }) => [(start - from) / HOUR, contact, override])).toEqual([
      [-1, 'wang', null],
      [0, 'qian', null],
      [2, 'sun', 'one'],
      [3, 'zhou', 'two'],
      [4, 'qian', null],
      [6, 'wang', null],
    ]);
  });

  test('nobody on duty is said with when, unless somebody is told otherwise', () => {
    const lonely = rota({ layers: [day] });
    const [from, to] = [at('2018-10-07T16:00Z'), at('2018-10-08T16:00Z')];
    expect(dutyGaps(lonely, [], calendars, from, to)).toEqual([
      { from, to: at('2018-10-08T01:00Z') },
      { from: at('2018-10-08T10:00Z'), to },
    ]);
    expect(dutyGaps({ ...lonely, otherwise: 'chief' }, [], calendars, from, to)).toEqual([]);
    expect(onDuty({ ...lonely, otherwise: 'chief' }, [], calendars, from)).toEqual({
      contact: 'chief',
      because: 'otherwise',
      layer: null,
      override: null,
      until: at('2018-10-08T01:00Z'),
    });
  });

  test('before its first turn a layer has nobody', () => {
    expect(onDuty(rota(), [], calendars, at('2017-12-31T00:00Z'))).toMatchObject({ contact: null, until: at('2018-01-01T01:00Z') });
  });
});

describe('nextDutyChange', () => {
  test('is the next moment at which it is somebody else', () => {
    expect(nextDutyChange(rota(), [], calendars, at('2018-01-02T00:00Z'))).toMatchObject({
      at: at('2018-01-08T01:00Z'),
      before: { contact: 'wang' },
      after: { contact: 'li', because: 'layer' },
    });
  });

  test('the same person in another way is no change', () => {
    const overrides = [{ contact: 'wang', from: at('2018-01-02T00:00Z'), to: at('2018-01-03T00:00Z') }];
    expect(nextDutyChange(rota(), overrides, calendars, at('2018-01-01T12:00Z'))?.at).toBe(at('2018-01-08T01:00Z'));
  });

  test('there is none when one person has it all', () => {
    const alone = rota({ layers: [layer({ contacts: ['wang'] })] });
    expect(nextDutyChange(alone, [], calendars, at('2018-01-02T00:00Z'))).toBeNull();
    expect(onDuty(alone, [], calendars, at('2018-01-02T00:00Z'))).toMatchObject({ contact: 'wang', until: null });
  });
});

describe('whatever the rota', () => {
  const layers = fc.array(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      contacts: fc.array(fc.constantFrom('w', 'x', 'y', 'z'), { minLength: 1, maxLength: 4 }),
      days: fc.integer({ min: 1, max: 40 }),
      from: fc.constantFrom('2018-01-01', '2018-02-14', '2018-03-25'),
      at: fc.integer({ min: 0, max: 1439 }),
      calendar: fc.constantFrom(null, { id: 'workdays', when: 'inside' as const }, { id: 'workdays', when: 'outside' as const }),
    }),
    { minLength: 1, maxLength: 3 },
  );
  const overrides = fc.array(
    fc.record({ contact: fc.constantFrom('p', 'q'), from: fc.integer({ min: 0, max: 90 }), length: fc.integer({ min: 1, max: 20 }) }),
    { maxLength: 4 },
  );
  const start = at('2018-01-20T00:00Z');
  const cases = fc.record({
    layers,
    overrides,
    zone: fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'America/New_York'),
    otherwise: fc.constantFrom(null, 'chief'),
  });
  const made = ({ layers: some, overrides: stand, zone, otherwise }: typeof cases extends fc.Arbitrary<infer T> ? T : never) => ({
    rota: rota({ layers: some, timeZone: zone, otherwise }),
    standIns: stand.map(({ contact, from, length }) => ({ contact, from: start + from * DAY, to: start + (from + length) * DAY })),
  });

  test('spans cover the time asked for without gap or overlap, and say of each moment what onDuty says', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 0, max: 99 }), (input, day) => {
        const { rota: some, standIns } = made(input);
        const spans = dutySpans(some, standIns, calendars, start, start + 100 * DAY);
        expect(spans[0]?.from).toBe(start);
        expect(spans.at(-1)?.to).toBe(start + 100 * DAY);
        for (const [index, span] of spans.entries()) if (index > 0) expect(span.from).toBe(spans[index - 1]?.to);
        const moment = start + day * DAY + 12_345_678;
        const holding = spans.find((span) => span.from <= moment && moment < span.to);
        const duty = onDuty(some, standIns, calendars, moment);
        expect([duty.contact, duty.because, duty.layer]).toEqual([holding?.contact, holding?.because, holding?.layer]);
        if (duty.until !== null && duty.until < start + 100 * DAY) expect(duty.until).toBe(holding?.to);
      }),
      { numRuns: 60 },
    );
  });

  test('who is named does not depend on where the time asked for begins', () => {
    fc.assert(
      fc.property(cases, fc.integer({ min: 1, max: 60 }), (input, cut) => {
        const { rota: some, standIns } = made(input);
        const whole = dutySpans(some, standIns, calendars, start, start + 70 * DAY);
        const later = dutySpans(some, standIns, calendars, start + cut * DAY, start + 70 * DAY);
        const same = whole
          .filter((span) => span.to > start + cut * DAY)
          .map((span) => ({ ...span, from: Math.max(span.from, start + cut * DAY) }));
        expect(later).toEqual(same);
      }),
      { numRuns: 40 },
    );
  });
});
