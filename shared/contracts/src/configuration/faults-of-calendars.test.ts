import { describe, it } from 'vitest';
import { type Case, expectFault, section } from './test-helpers.ts';

const calendar = (rest: string) => section('calendars', `{id: c, name: C, ${rest}}`);
const office = 'week: {weekdays: ["08:30-12:00", "13:30-17:30"]}';

const CALENDAR_CASES: Case[] = [
  {
    name: 'hour 25',
    yaml: calendar('week: {monday: ["08:30-25:00"]}'),
    at: 'a.yaml:6 calendars[0].week.monday[0]',
    code: 'bad-span',
    says: /no such time of day\n.*"08:30-25:00".*00:00 to 24:00/,
  },
  {
    name: 'minute 60',
    yaml: calendar('week: {monday: ["08:60-12:00"]}'),
    at: 'a.yaml:6 calendars[0].week.monday[0]',
    code: 'bad-span',
    says: /no such time of day/,
  },
  {
    name: 'words',
    yaml: calendar('week: {monday: ["morning"]}'),
    at: 'a.yaml:6 calendars[0].week.monday[0]',
    code: 'bad-span',
    says: /not a span of time/,
  },
  {
    name: 'empty span',
    yaml: calendar('week: {monday: ["08:30-08:30"]}'),
    at: 'a.yaml:6 calendars[0].week.monday[0]',
    code: 'bad-span',
    says: /empty/,
  },
  {
    name: 'over midnight',
    yaml: calendar('week: {everyday: ["22:00-06:00"]}'),
    at: 'a.yaml:6 calendars[0].week.everyday[0]',
    code: 'span-over-midnight',
    says: /ends at 24:00, and on the next day one from 00:00/,
  },
  {
    name: 'overlap',
    yaml: calendar('week: {monday: ["08:30-12:00", "11:00-17:30"]}'),
    at: 'a.yaml:6 calendars[0].week.monday[1]',
    code: 'overlapping-spans',
    says: /08:30-12:00 and 11:00-17:30 overlap/,
  },
  {
    name: 'overlap on a date',
    yaml: calendar(`${office}, dates: [{date: 2026-03-05, spans: ["08:00-20:00", "19:00-21:00"]}]`),
    at: 'a.yaml:6 calendars[0].dates[0].spans[1]',
    code: 'overlapping-spans',
    says: /overlap/,
  },
  {
    name: 'unknown day',
    yaml: calendar('week: {mon: ["08:30-12:00"]}'),
    at: 'a.yaml:6 calendars[0].week.mon',
    code: 'unknown-key',
    says: /key "mon" is not known/,
  },
  { name: 'no days', yaml: calendar('week: {}'), at: 'a.yaml:6 calendars[0].week', code: 'calendar-without-days', says: /names no day/ },
  { name: 'no week', yaml: calendar('workdays: monday'), at: 'a.yaml:6 calendars[0].week', code: 'missing-key', says: /"week" is missing/ },
  {
    name: 'nothing counts',
    yaml: calendar('week: {everyday: []}'),
    at: 'a.yaml:6 calendars[0].week',
    code: 'calendar-counts-nothing',
    says: /counts no time at all/,
  },
  {
    name: 'no such date',
    yaml: calendar(`${office}, dates: [{date: 2026-02-29, spans: off}]`),
    at: 'a.yaml:6 calendars[0].dates[0].date',
    code: 'bad-date',
    says: /no such date\n.*"2026-02-29"/,
  },
  {
    name: 'not a date',
    yaml: calendar(`${office}, dates: [{date: 1 May, spans: off}]`),
    at: 'a.yaml:6 calendars[0].dates[0].date',
    code: 'bad-date',
    says: /not a date/,
  },
  {
    name: 'range backwards',
    yaml: calendar(`${office}, dates: [{date: 2026-03-11..2026-03-04, spans: off}]`),
    at: 'a.yaml:6 calendars[0].dates[0].date',
    code: 'bad-date',
    says: /last date is before the first/,
  },
  {
    name: 'range too long',
    yaml: calendar(`${office}, dates: [{date: 2026-01-01..2027-12-31, spans: off}]`),
    at: 'a.yaml:6 calendars[0].dates[0].date',
    code: 'bad-date',
    says: /at most 400 days/,
  },
  {
    name: 'date twice',
    yaml: calendar(`${office}, dates: [{date: 2026-03-04..2026-03-11, spans: off}, {date: 2026-03-05, as: sunday}]`),
    at: 'a.yaml:6 calendars[0].dates[1].date',
    code: 'date-twice',
    says: /2026-03-05 is given twice/,
  },
  {
    name: 'spans and as',
    yaml: calendar(`${office}, dates: [{date: 2026-03-04, spans: off, as: monday}]`),
    at: 'a.yaml:6 calendars[0].dates[0]',
    code: 'spans-or-as',
    says: /either "spans"/,
  },
  {
    name: 'neither spans nor as',
    yaml: calendar(`${office}, dates: [{date: 2026-03-04}]`),
    at: 'a.yaml:6 calendars[0].dates[0]',
    code: 'spans-or-as',
    says: /either "spans"/,
  },
  {
    name: 'workdays without spans',
    yaml: calendar(`${office}, workdays: sunday`),
    at: 'a.yaml:6 calendars[0].workdays',
    code: 'workday-without-spans',
    says: /has no spans/,
  },
  {
    name: 'unknown list',
    yaml: calendar(`${office}, holidays: cn`),
    at: 'a.yaml:6 calendars[0].holidays',
    code: 'unknown-reference',
    says: /no list of holidays "cn"/,
  },
  {
    name: 'reserved id',
    yaml: section('calendars', `{id: always, name: A, ${office}}`),
    at: 'a.yaml:6 calendars[0].id',
    code: 'reserved-id',
    says: /all time counts/,
  },
  {
    name: 'holiday twice',
    yaml: section(
      'holidays',
      '{id: h, name: H, knownUntil: 2026-12-31, notices: [{source: S, off: {A: [2026-10-01..2026-10-03]}, work: {A: [2026-10-03]}}]}',
    ),
    at: 'a.yaml:6 holidays[0].notices[0].work.A[0]',
    code: 'date-twice',
    says: /2026-10-03/,
  },
  {
    name: 'holiday beyond',
    yaml: section('holidays', '{id: h, name: H, knownUntil: 2026-09-30, notices: [{source: S, off: {A: [2026-10-01]}}]}'),
    at: 'a.yaml:6 holidays[0].knownUntil',
    code: 'beyond-known',
    says: /2026-10-01 or later/,
  },
];

describe('each fault of a calendar says where it is, what was found and what was expected', () => {
  it.each(CALENDAR_CASES)('$name', expectFault);
});
