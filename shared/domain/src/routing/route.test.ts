import { describe, expect, it } from 'vitest';
import type { Calendar } from '../calendars/calendar.ts';
import { chooseRoutes, judgeRoute } from './route.ts';
import { EVENT, route } from './routing.fixture.ts';

const office = [{ from: 540, to: 1080 }];
const CALENDARS = new Map<string, Calendar>([
  [
    'office',
    {
      id: 'office',
      week: [office, office, office, office, office, [], []],
      dates: [{ date: '2018-10-01', spans: [], name: '国庆节' }],
      knownUntil: null,
    },
  ],
]);
const working = { id: 'office', when: 'inside', timeZone: 'Asia/Shanghai' } as const;
const noon = Date.parse('2018-07-02T04:00Z');
const night = Date.parse('2018-07-02T16:00Z');
const holiday = Date.parse('2018-10-01T04:00Z');

describe('judgeRoute', () => {
  it.each([
    ['nothing asked', {}, noon, 'matches'],
    ['its severity', { severities: ['critical', 'major'] }, noon, 'matches'],
    ['another severity', { severities: ['major'] }, noon, 'other-severity'],
    ['another class', { classes: ['user-access'] }, noon, 'other-class'],
    ['a division that covers it', { divisions: ['cn.gd'] }, noon, 'matches'],
    ['a division that only begins alike', { divisions: ['cn.g'] }, noon, 'other-division'],
    ['its party', { parties: ['gd'] }, noon, 'matches'],
    ['another party', { parties: ['gx'] }, noon, 'other-party'],
    ['another kind', { kinds: ['early-warning'] }, noon, 'other-kind'],
    ['its kind', { kinds: ['outage', 'flapping'] }, noon, 'matches'],
    ['two criteria of which one does not hold', { severities: ['critical'], classes: ['other'] }, noon, 'other-class'],
    ['inside office hours', { calendar: working }, noon, 'matches'],
    ['inside office hours, at night', { calendar: working }, night, 'outside-calendar'],
    ['inside office hours, on a public holiday', { calendar: working }, holiday, 'outside-calendar'],
    ['outside office hours, at noon', { calendar: { ...working, when: 'outside' } }, noon, 'inside-calendar'],
    ['outside office hours, on a public holiday', { calendar: { ...working, when: 'outside' } }, holiday, 'matches'],
    ['a calendar nobody knows', { calendar: { ...working, id: 'gone' } }, night, 'matches'],
  ] as const)('%s', (_name, match, at, verdict) => {
    expect(judgeRoute(route('r', { match }), EVENT, CALENDARS, at)).toBe(verdict);
  });

  it('does not match a party criterion with an object nobody answers for', () => {
    expect(judgeRoute(route('r', { match: { parties: ['gd'] } }), { ...EVENT, party: null }, CALENDARS, noon)).toBe('other-party');
  });
});

describe('chooseRoutes', () => {
  const choose = (routes: Parameters<typeof chooseRoutes>[1]) => chooseRoutes(EVENT, routes, CALENDARS, noon);

  it('asks in order of position, ends at the first final one that matches, and keeps the default one for need', () => {
    const rest = route('rest', { isDefault: true });
    const a = route('a');
    const other = route('other', { final: true, match: { severities: ['minor'] } });
    const last = route('last', { final: true });
    const late = route('late');
    const { verdicts, matching, fallback } = choose([late, last, other, a, rest]);
    expect(verdicts.map(({ route: id, verdict }) => `${id} ${verdict}`)).toEqual([
      'rest default-not-needed',
      'a matches',
      'other other-severity',
      'last matches',
      'late after-final',
    ]);
    expect(matching.map(({ id }) => id)).toEqual(['a', 'last']);
    expect(fallback?.id).toBe('rest');
  });
});
