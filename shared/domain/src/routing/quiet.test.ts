import { describe, expect, it } from 'vitest';
import type { Calendar } from '../calendars/calendar.ts';
import { quietUntil } from './quiet.ts';

const office = [{ from: 540, to: 1080 }];
const holidays = ['01', '02', '03', '04', '05'].map((day) => ({ date: `2018-10-${day}`, spans: [], name: '国庆节' }));
const CALENDARS = new Map<string, Calendar>([
  ['office', { id: 'office', week: [office, office, office, office, office, [], []], dates: holidays, knownUntil: null }],
]);
const nights = {
  during: [
    { from: 0, to: 420 },
    { from: 1320, to: 1440 },
  ],
  outside: null,
  timeZone: 'Asia/Shanghai',
  except: ['critical' as const],
};
const workdays = { ...nights, during: [], outside: 'office' };

describe('quietUntil', () => {
  it.each([
    ['nothing is said of it', null, 'minor', '2018-07-02T16:00Z', null],
    ['at noon', nights, 'minor', '2018-07-02T04:00Z', null],
    ['before midnight, until the morning after', nights, 'minor', '2018-07-02T15:00Z', '2018-07-02T23:00Z'],
    ['after midnight', nights, 'minor', '2018-07-02T17:00Z', '2018-07-02T23:00Z'],
    ['at its end (half-open)', nights, 'minor', '2018-07-02T23:00Z', null],
    ['a severity that is excepted', nights, 'critical', '2018-07-02T16:00Z', null],
    ['outside office hours, until the morning', workdays, 'minor', '2018-07-02T12:00Z', '2018-07-03T01:00Z'],
    ['on Friday evening, until Monday', workdays, 'minor', '2018-07-06T12:00Z', '2018-07-09T01:00Z'],
    ['on the eve of the National Day, until the Monday after', workdays, 'minor', '2018-09-28T12:00Z', '2018-10-08T01:00Z'],
    ['within office hours', workdays, 'minor', '2018-07-02T04:00Z', null],
    ['a calendar nobody knows', { ...workdays, outside: 'gone' }, 'minor', '2018-07-02T12:00Z', null],
    [
      'both, one after the other',
      { ...nights, outside: 'office', during: [{ from: 540, to: 600 }] },
      'minor',
      '2018-07-02T12:00Z',
      '2018-07-03T02:00Z',
    ],
  ] as const)('%s', (_name, quiet, severity, at, until) => {
    const found = quietUntil(quiet, severity, CALENDARS, Date.parse(at));
    expect(found === null ? null : new Date(found).toISOString().replace(':00.000', '')).toBe(until);
  });

  it('that never end are believed for a month, and looked at anew then', () => {
    const always = { ...nights, during: [{ from: 0, to: 1440 }] };
    const at = Date.parse('2018-07-02T04:00Z');
    expect(quietUntil(always, 'minor', CALENDARS, at)).toBe(at + 32 * 86_400_000);
  });
});
