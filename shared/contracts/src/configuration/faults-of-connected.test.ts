import { describe, expect, it } from 'vitest';
import { describeFault } from './fault.ts';
import { loadConfiguration } from './load.ts';
import { type Case, encode, expectFault, MAIL, section } from './test-helpers.ts';

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

describe('each fault of what is connected, and of schedules, says where it is, what was found and what was expected', () => {
  it.each(CONNECTED_CASES)('$name', expectFault);

  it('a code that no list of divisions has is warned of, where the lists are known', () => {
    const file = { name: 'a.yaml', bytes: encode(section('connections', '{id: "440102"}\n  - {id: "440103"}')) };
    const { faults, configuration } = loadConfiguration([file], { divisionCodes: new Set(['440103']) });
    expect(faults.map(({ path, code, severity }) => `${severity} ${path} ${code}`)).toEqual([
      'warning connections[0].id division-not-listed',
    ]);
    expect(faults.map((fault) => describeFault(fault, 'zh')).join()).toMatch(/覆盖率不会计入/);
    expect(configuration).not.toBeNull();
  });
});
