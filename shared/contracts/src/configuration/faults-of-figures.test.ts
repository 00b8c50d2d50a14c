import { describe, expect, it } from 'vitest';
import { describeFault } from './fault.ts';
import { addresses, type Case, device, expectFault, HEAD, load, MAIL, second, section } from './test-helpers.ts';

const objective = (rest: string) => section('objectives', `{id: o, name: O, target: 99.9%, ${rest}}`);
const calendar = (rest: string) => section('calendars', `{id: c, name: C, ${rest}}`);
const office = 'week: {weekdays: ["08:30-12:00", "13:30-17:30"]}';
const warning = (rest: string) => objective(`class: backbone, warnings: [{${rest}}]`);

const OBJECTIVE_CASES: Case[] = [
  {
    name: 'no selection',
    yaml: objective('period: month'),
    at: 'a.yaml:6 objectives[0]',
    code: 'objective-members',
    says: /at least one of "class", "objects" and "where/,
  },
  {
    name: 'empty where',
    yaml: objective('where: {}'),
    at: 'a.yaml:6 objectives[0].where',
    code: 'objective-members',
    says: /at least one of/,
  },
  {
    name: 'empty attributes',
    yaml: objective('where: {attributes: {}}'),
    at: 'a.yaml:6 objectives[0].where',
    code: 'objective-members',
    says: /at least one of/,
  },
  {
    name: 'nothing belongs to it',
    yaml: objective('class: internet-exit'),
    at: 'a.yaml:6 objectives[0]',
    code: 'objective-without-members',
    says: /no object of this configuration meets all criteria/,
    warning: true,
  },
  {
    name: 'nothing has the attribute',
    yaml: objective('where: {kinds: [device], attributes: {vendor: Huawei}}'),
    at: 'a.yaml:6 objectives[0]',
    code: 'objective-without-members',
    says: /has no figure/,
    warning: true,
  },
  {
    name: 'named and ruled out',
    yaml: `${second('addresses: {ipv4: 192.0.2.2}, class: other')}objectives:\n  - {id: o, name: O, target: 99.9%, class: backbone, objects: [r1, r2]}\n`,
    at: 'a.yaml:7 objectives[0].objects[1]',
    code: 'objective-member-ruled-out',
    says: /"gd:r2" is named, but another criterion rules it out/,
    warning: true,
  },
  {
    name: 'member twice',
    yaml: objective('objects: [r1, "gd:r1"]'),
    at: 'a.yaml:6 objectives[0].objects[1]',
    code: 'member-twice',
    says: /twice/,
    warning: true,
  },
  {
    name: 'unknown party',
    yaml: objective('where: {parties: [telecom]}'),
    at: 'a.yaml:6 objectives[0].where.parties[0]',
    code: 'unknown-reference',
    says: /no party "telecom"/,
  },
  {
    name: 'unknown kind',
    yaml: objective('where: {kinds: [router]}'),
    at: 'a.yaml:6 objectives[0].where.kinds[0]',
    code: 'bad-value',
    says: /one of device, circuit/,
  },
  {
    name: 'unknown criterion',
    yaml: objective('where: {kind: [device]}'),
    at: 'a.yaml:6 objectives[0].where.kind',
    code: 'unknown-key',
    says: /did you mean "kinds"/,
  },
  {
    name: 'unknown calendar',
    yaml: `${calendar(office)}objectives: [{id: o, name: O, class: backbone, target: 99%, calendar: d}]\n`,
    at: 'a.yaml:7 objectives[0].calendar',
    code: 'unknown-reference',
    says: /no calendar "d"\n.*did you mean "c"/,
  },
  {
    name: 'period',
    yaml: objective('class: backbone, period: fortnight'),
    at: 'a.yaml:6 objectives[0].period',
    code: 'wrong-type',
    says: /half-year, year, or \{rolling: 30d\}/,
  },
  {
    name: 'rolling without a unit',
    yaml: objective('class: backbone, period: {rolling: 30}'),
    at: 'a.yaml:6 objectives[0].period.rolling',
    code: 'bad-rolling',
    says: /whole days such as "30d"/,
  },
  {
    name: 'rolling for ever',
    yaml: objective('class: backbone, period: {rolling: 2000d}'),
    at: 'a.yaml:6 objectives[0].period.rolling',
    code: 'bad-rolling',
    says: /from 1d to 1100d/,
  },
  {
    name: 'rolling and closed',
    yaml: objective('class: backbone, period: {rolling: 30d}, close: by-hand'),
    at: 'a.yaml:6 objectives[0].close',
    code: 'rolling-close',
    says: /is not closed/,
  },
  {
    name: 'close',
    yaml: objective('class: backbone, close: never'),
    at: 'a.yaml:6 objectives[0].close',
    code: 'wrong-type',
    says: /by-hand, or \{after: 5d\}/,
  },
  {
    name: 'close without a unit',
    yaml: objective('class: backbone, close: {after: 5}'),
    at: 'a.yaml:6 objectives[0].close.after',
    code: 'bad-duration',
    says: /no unit\n.*"5d"/,
  },
  {
    name: 'basis',
    yaml: objective('class: backbone, basis: ours'),
    at: 'a.yaml:6 objectives[0].basis',
    code: 'bad-value',
    says: /experienced, responsible/,
  },
];

const WARNING_CASES: Case[] = [
  {
    name: 'warnings in words',
    yaml: objective('class: backbone, warnings: often'),
    at: 'a.yaml:6 objectives[0].warnings',
    code: 'wrong-type',
    says: /default, none, or a list/,
  },
  {
    name: 'key missing',
    yaml: warning('severity: critical, long: 1h, short: 5m'),
    at: 'a.yaml:6 objectives[0].warnings[0].rate',
    code: 'missing-key',
    says: /"rate" is missing\n.*a number/,
  },
  {
    name: 'rate',
    yaml: warning('severity: critical, long: 1h, short: 5m, rate: 0'),
    at: 'a.yaml:6 objectives[0].warnings[0].rate',
    code: 'too-small',
    says: /more than 0/,
  },
  {
    name: 'short not shorter',
    yaml: warning('severity: critical, long: 1h, short: 60m, rate: 14.4'),
    at: 'a.yaml:6 objectives[0].warnings[0].short',
    code: 'warning-windows',
    says: /not shorter than the long one/,
  },
  {
    name: 'short too short',
    yaml: warning('severity: critical, long: 1h, short: 30s, rate: 14.4'),
    at: 'a.yaml:6 objectives[0].warnings[0].short',
    code: 'warning-windows',
    says: /1m or more/,
  },
  {
    name: 'long too long',
    yaml: objective('class: backbone, period: week, warnings: [{severity: major, long: 8d, short: 1h, rate: 2}]'),
    at: 'a.yaml:6 objectives[0].warnings[0].long',
    code: 'warning-windows',
    says: /longer than the period/,
  },
  {
    name: 'never reached',
    yaml: warning('severity: critical, long: 1h, short: 5m, rate: 1001'),
    at: 'a.yaml:6 objectives[0].warnings[0].rate',
    code: 'warning-unreachable',
    says: /at most 1000 for this target/,
    warning: true,
  },
  {
    name: 'warning twice',
    yaml: warning('severity: major, long: 1h, short: 5m, rate: 10}, {severity: major, long: 60m, short: 5m, rate: 12'),
    at: 'a.yaml:6 objectives[0].warnings[1].severity',
    code: 'warning-twice',
    says: /given twice/,
  },
];

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

const composite = (rest: string) => section('services', `{id: s, name: S, ${rest}}`);
const COMPOSITE_CASES: Case[] = [
  {
    name: 'unknown member',
    yaml: composite('combines: {any: [r1, r9x]}'),
    at: 'a.yaml:6 services[0].combines.any[1]',
    code: 'unknown-reference',
    says: /no object "r9x"/,
  },
  {
    name: 'short form',
    yaml: composite('combines: [r1]'),
    at: 'a.yaml:6 services[0].combines',
    code: 'wrong-type',
    says: /\{any: \[ids\]\}, \{all: \[ids\]\}/,
  },
  {
    name: 'no members',
    yaml: composite('combines: {any: []}'),
    at: 'a.yaml:6 services[0].combines.any',
    code: 'too-small',
    says: /at least 1/,
  },
  {
    name: 'at least too many',
    yaml: composite('combines: {atLeast: 2, of: [r1]}'),
    at: 'a.yaml:6 services[0].combines.atLeast',
    code: 'at-least-too-many',
    says: /more members.*\(1\)/,
  },
  {
    name: 'at least none',
    yaml: composite('combines: {atLeast: 0, of: [r1]}'),
    at: 'a.yaml:6 services[0].combines.atLeast',
    code: 'too-small',
    says: /at least 1|too small/,
  },
  {
    name: 'member twice',
    yaml: composite('combines: {all: [r1, r1]}'),
    at: 'a.yaml:6 services[0].combines.all[1]',
    code: 'member-twice',
    says: /twice/,
    warning: true,
  },
  {
    name: 'addresses',
    yaml: composite('combines: {any: [r1]}, addresses: {ipv4: 192.0.2.9}'),
    at: 'a.yaml:6 services[0].addresses',
    code: 'composite-with-checks',
    says: /not looked at itself/,
  },
  {
    name: 'policy',
    yaml: composite('combines: {any: [r1]}, policy: {interval: 1s}'),
    at: 'a.yaml:6 services[0].policy',
    code: 'composite-with-checks',
    says: /not looked at itself/,
  },
  {
    name: 'a device is none',
    yaml: device(`${addresses}, combines: {any: [r1]}`),
    at: 'a.yaml:4 devices[0].combines',
    code: 'unknown-key',
    says: /not known/,
  },
  {
    name: 'of itself',
    yaml: composite('combines: {any: [r1, s]}'),
    at: 'a.yaml:6 services[0].combines',
    code: 'dependency-cycle',
    says: /s → s/,
  },
  {
    name: 'of each other',
    yaml: `${device(addresses)}sites:\n  - {id: a, name: A, combines: {any: [b]}}\n  - {id: b, name: B, combines: {all: [a, r1]}}\n`,
    at: 'a.yaml:6 sites[0].combines',
    code: 'dependency-cycle',
    says: /composites and parents go round in a circle: a → b → a/,
  },
  {
    name: 'through a parent',
    yaml: `${HEAD}devices:\n  - {id: r1, name: R1, ${addresses}, parents: s}\nservices:\n  - {id: s, name: S, combines: {any: [r1]}}\n`,
    at: 'a.yaml:4 devices[0].parents',
    code: 'dependency-cycle',
    says: /r1 → s → r1/,
  },
];

const schedule = (rest: string, contacts = '') =>
  `${section('channels', `{${MAIL}}`)}  - {id: w, kind: webhook, url: "https://x.cn/", secret: {env: S}}\n${contacts}reportSchedules:\n  - {id: h, name: H, period: half-year, ${rest}}\n`;
const CONNECTED_CASES: Case[] = [
  {
    name: 'code as a number',
    yaml: section('connections', '{id: 440100}'),
    at: 'a.yaml:6 connections[0].id',
    code: 'wrong-type',
    says: /in quotes/,
  },
  {
    name: 'code of five digits',
    yaml: section('connections', '{id: "44010"}'),
    at: 'a.yaml:6 connections[0].id',
    code: 'bad-division-code',
    says: /not a GB\/T 2260 code\n.*six digits/,
  },
  {
    name: 'code of a Corps division with a slash',
    yaml: section('connections', '{id: "BT/01"}'),
    at: 'a.yaml:6 connections[0].id',
    code: 'bad-division-code',
    says: /begins with a letter/,
  },
  {
    name: 'connected twice',
    yaml: section('connections', '{id: "440100"}\n  - {id: "440100"}'),
    at: 'a.yaml:7 connections[1].id',
    code: 'duplicate-id',
    says: /used twice/,
  },
  {
    name: 'until before since',
    yaml: section('connections', '{id: "440100", since: 2018-01-01, until: 2018-01-01}'),
    at: 'a.yaml:6 connections[0].until',
    code: 'until-before-since',
    says: /first day on which it is not connected any more/,
  },
  {
    name: 'since as a year',
    yaml: section('units', '{id: u, name: U, level: county, since: 2018}'),
    at: 'a.yaml:6 units[0].since',
    code: 'bad-date',
    says: /YYYY-MM-DD/,
  },
  {
    name: 'level',
    yaml: section('units', '{id: u, name: U, level: town}'),
    at: 'a.yaml:6 units[0].level',
    code: 'bad-value',
    says: /central, province, city, county/,
  },
  {
    name: 'terminals',
    yaml: section('units', '{id: u, name: U, level: county, terminals: -1}'),
    at: 'a.yaml:6 units[0].terminals',
    code: 'too-small',
    says: /at least 0/,
  },
  {
    name: 'division of an application',
    yaml: section('applications', '{id: a, name: A, level: central, division: cn.gx}'),
    at: 'a.yaml:6 applications[0].division',
    code: 'unknown-reference',
    says: /did you mean "cn.gd"/,
  },
  {
    name: 'tally without numbers',
    yaml: section('tallies', '{id: t, level: county}'),
    at: 'a.yaml:6 tallies[0]',
    code: 'tally-without-numbers',
    says: /at least one of "units"/,
  },
  {
    name: 'tally twice',
    yaml: section(
      'tallies',
      '{id: t, level: county, units: 5, since: 2018-01-01}\n  - {id: u, level: county, units: 6, since: 2018-01-01}',
    ),
    at: 'a.yaml:7 tallies[1]',
    code: 'tally-twice',
    says: /a\.yaml:6:5/,
  },
  {
    name: 'contact of a schedule',
    yaml: schedule('contacts: [me]'),
    at: 'a.yaml:9 reportSchedules[0].contacts[0]',
    code: 'unknown-reference',
    says: /no contact "me"/,
  },
  {
    name: 'contact without mail',
    yaml: schedule('contacts: [me]', 'contacts: [{id: me, name: M, targets: [{channel: w}]}]\n'),
    at: 'a.yaml:10 reportSchedules[0].contacts[0]',
    code: 'no-mail-target',
    says: /no e-mail target/,
  },
  {
    name: 'format',
    yaml: schedule('formats: [doc]'),
    at: 'a.yaml:9 reportSchedules[0].formats[0]',
    code: 'bad-value',
    says: /docx, pdf, xlsx, csv/,
  },
  {
    name: 'an abbreviation, which elsewhere is another time',
    yaml: schedule('timeZone: CST'),
    at: 'a.yaml:9 reportSchedules[0].timeZone',
    code: 'unknown-time-zone',
    says: /did you mean "Asia\/Shanghai"/,
  },
  {
    name: 'Beijing time',
    yaml: schedule('timeZone: Asia/Beijing'),
    at: 'a.yaml:9 reportSchedules[0].timeZone',
    code: 'unknown-time-zone',
    says: /did you mean "Asia\/Shanghai"/,
  },
  {
    name: 'time zone of a schedule',
    yaml: schedule('timeZone: Asia/Shanghi'),
    at: 'a.yaml:9 reportSchedules[0].timeZone',
    code: 'unknown-time-zone',
    says: /did you mean "Asia\/Shanghai"/,
  },
];

describe('each fault in what figures rest on says where it is, what was found and what was expected', () => {
  it.each([...OBJECTIVE_CASES, ...WARNING_CASES])('objective: $name', expectFault);
  it.each(CALENDAR_CASES)('calendar: $name', expectFault);
  it.each(COMPOSITE_CASES)('composite: $name', expectFault);
  it.each(CONNECTED_CASES)('connected: $name', expectFault);

  it('says the faults of several warnings of one objective together, in both languages', () => {
    const { faults } = load(
      objective(
        'class: backbone, warnings: [{severity: critical, long: 5m, short: 1h, rate: -1}, {severity: urgent, long: 1, short: 5m, rate: 2}]',
      ),
    );
    expect(faults.map(({ path, code }) => `${path} ${code}`)).toEqual([
      'objectives[0].warnings[0].rate too-small',
      'objectives[0].warnings[1].severity bad-value',
      'objectives[0].warnings[1].long bad-duration',
    ]);
    for (const fault of faults) expect(describeFault(fault, 'zh')).toMatch(/应为：[\u4e00-\u9fff]/);
  });
});
