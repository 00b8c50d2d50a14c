import { describe, expect, it } from 'vitest';
import { describeFault } from './fault.ts';
import { type Case, expectFault, load, second, section } from './test-helpers.ts';

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

describe('each fault of an objective says where it is, what was found and what was expected', () => {
  it.each(OBJECTIVE_CASES)('$name', expectFault);
  it.each(WARNING_CASES)('warnings: $name', expectFault);

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
