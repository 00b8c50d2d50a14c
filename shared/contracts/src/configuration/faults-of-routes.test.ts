import { describe, expect, it } from 'vitest';
import { type Case, expectFault, HEAD, load } from './test-helpers.ts';

/** A backbone router that is asked by SNMP, an access line of another division and party; eight lines. */
const HERE = `${HEAD}divisions: [{id: cn.gd.gz, name: 广州}, {id: cn.gd.sz, name: 深圳}]
parties: [{id: p, name: P, tier: city}, {id: q, name: Q, tier: city}]
devices: [{id: r1, name: R1, addresses: {ipv4: 192.0.2.1}}]
accessLines: [{id: a1, name: A1, unit: U, division: cn.gd.gz, party: p, addresses: {ipv4: 192.0.2.2}}]
channels: [{id: w, kind: webhook, url: "https://x.cn/", secret: {env: S}}]
contacts: [{id: me, name: M, targets: [{channel: w}]}, {id: you, name: Y, targets: [{channel: w}]}]
`;
const routes = (...items: string[]) => `${HERE}routes:\n${items.map((item) => `  - {${item}, contacts: [me]}\n`).join('')}`;
const REST = 'id: rest, default: true';
const first = { at: 'a.yaml:10 routes[0]', warning: true as const };
const second = { at: 'a.yaml:11 routes[1]', warning: true as const };
const nothing = { code: 'route-matches-nothing', says: /falls to the other routes and the default one/ };

describe('a route with a fault', () => {
  it.each<Case>([
    { name: 'of a division without objects', yaml: routes('id: sz, match: {divisions: [cn.gd.sz]}', REST), ...first, ...nothing },
    { name: 'of a party without objects', yaml: routes('id: q, match: {parties: [q]}', REST), ...first, ...nothing },
    { name: 'of a class nobody has', yaml: routes('id: x, match: {classes: [internet-exit]}', REST), ...first, ...nothing },
    {
      name: 'of a severity the class never reaches',
      yaml: routes('id: x, match: {classes: [user-access], severities: [critical]}', REST),
      ...first,
      code: nothing.code,
      says: /backbone and internet-exit critical, user-access major/,
    },
    { name: 'of conditions that are not there', yaml: routes('id: x, match: {kinds: [condition]}', REST), ...first, ...nothing },
    { name: 'of early warnings that are not there', yaml: routes('id: x, match: {kinds: [early-warning]}', REST), ...first, ...nothing },
    {
      name: 'behind a final one',
      yaml: routes('id: all, final: true', 'id: gz, match: {divisions: [cn.gd.gz]}'),
      ...second,
      code: 'route-shadowed',
      says: /ends at "all", which is final/,
    },
    {
      name: 'behind two final ones',
      yaml: routes('id: one, final: true, match: {classes: [backbone]}', 'id: two, final: true, match: {parties: [p]}', 'id: all'),
      at: 'a.yaml:12 routes[2]',
      warning: true,
      code: 'route-shadowed',
      says: /ends at "one", "two"/,
    },
    {
      name: 'none that is the default one',
      yaml: routes('id: gz, match: {divisions: [cn.gd.gz]}'),
      at: 'a.yaml:9 routes',
      warning: true,
      code: 'no-default-route',
      says: /such as outage, critical, class backbone, division cn\.gd\n(.|\n)*default: true/,
    },
    {
      name: 'only at some times',
      yaml: `${routes('id: day, match: {calendar: day}')}calendars: [{id: day, name: D, week: {everyday: ["08:00-20:00"]}}]\n`,
      at: 'a.yaml:9 routes',
      warning: true,
      code: 'no-default-route',
      says: /at all times/,
    },
    {
      name: 'a final default one',
      yaml: routes(`${REST}, final: true`),
      at: 'a.yaml:10 routes[0].final',
      warning: true,
      code: 'final-default',
      says: /nothing comes after it/,
    },
    { name: 'of nobody', yaml: `${HERE}routes:\n  - {id: x}\n`, at: 'a.yaml:10 routes[0]', code: 'tells-nobody', says: /"rotas"/ },
    { name: 'told without a pause', yaml: routes('id: x, repeat: 0m'), at: 'a.yaml:10 routes[0].repeat', code: 'bad-duration', says: /1h/ },
    {
      name: 'of an unknown escalation',
      yaml: routes('id: x, escalation: up'),
      at: 'a.yaml:10 routes[0].escalation',
      code: 'unknown-reference',
      says: /no escalation "up"/,
    },
    {
      name: 'outside of all time',
      yaml: routes('id: x, match: {calendar: {id: always, when: outside}}'),
      at: 'a.yaml:10 routes[0].match.calendar',
      code: 'never',
      says: /is never/,
    },
    {
      name: 'grouped by what there is not',
      yaml: routes('id: x, group: {by: [city]}'),
      at: 'a.yaml:10 routes[0].group.by[0]',
      code: 'bad-value',
      says: /one of division, class, party, severity, kind/,
    },
    {
      name: 'of a kind there is not',
      yaml: routes('id: x, match: {kinds: [fire]}'),
      at: 'a.yaml:10 routes[0].match.kinds[0]',
      code: 'bad-value',
      says: /one of outage, early-warning, condition, flapping/,
    },
  ])('$name', expectFault);
});

const WATCHED = '{credential: c, interfaces: {watch: ["GE*"]}}';
const CREDENTIAL = 'credentials: [{id: c, version: 3, user: u, auth: {protocol: sha256, key: {env: K}}}]\n';

describe('no fault', () => {
  const condition = (rest: string) => `conditions: [{id: slow, name: S, severity: minor, test: {metric: rtt, above: 90ms}${rest}}]\n`;
  it.each([
    ['a route of nodes that are not heard, which no configuration names', routes('id: x, match: {kinds: [link]}', REST)],
    ['a route of conditions that are', `${routes('id: x, match: {kinds: [condition], severities: [minor]}', REST)}${condition('')}`],
    ['the class of a condition', `${routes('id: x, match: {classes: [user-access], severities: [minor]}', REST)}${condition('')}`],
    [
      'early warnings of an objective',
      `${routes('id: x, match: {kinds: [early-warning], severities: [critical]}', REST)}objectives: [{id: o, name: O, class: backbone, target: 0.999, warnings: default}]\n`,
    ],
    ['flapping', routes('id: x, match: {kinds: [flapping]}', REST)],
    ['degraded', routes('id: x, match: {severities: [warning], parties: [p]}', REST)],
    [
      'final at some times only',
      `${routes('id: day, final: true, match: {calendar: day}', 'id: all')}calendars: [{id: day, name: D, week: {everyday: ["08:00-20:00"]}}]\n`,
    ],
    ['final for some', routes('id: one, final: true, match: {classes: [backbone]}', 'id: all')],
    ['a division above those of the objects', routes('id: x, match: {divisions: [cn.gd]}')],
    [
      'watched interfaces',
      `${routes('id: x, match: {classes: [other]}', REST).replace('192.0.2.1}}]', `192.0.2.1}, snmp: ${WATCHED}}]`)}${CREDENTIAL}`,
    ],
    ['an escalation alone', `${HERE}routes:\n  - {id: x, escalation: up}\nescalations: [{id: up, steps: [{after: 5m, contacts: [me]}]}]\n`],
    [
      'nothing watched yet',
      `${HEAD}${HERE.split('\n').slice(6).join('\n')}routes:\n  - {id: x, match: {classes: [backbone]}, contacts: [me]}\n`,
    ],
  ])('%s', (_, yaml) => {
    expect(load(yaml).faults).toEqual([]);
  });

  it('is looked for while another route is at fault, so that nothing is said that does not hold', () => {
    const { faults } = load(routes('id: a, match: {divisions: [cn.gd.xx]}', 'id: b, match: {parties: [q]}'));
    expect(faults.map(({ code }) => code)).toEqual(['unknown-reference']);
  });
});

it('holds five hundred routes against ten thousand objects in seconds', () => {
  const devices = Array.from(
    { length: 10_000 },
    (_, i) => `  - {id: d${i}, name: D, division: cn.gd.c${i % 1000}, addresses: {ipv6: "2001:db8::${(i + 1).toString(16)}"}}`,
  );
  const divisions = Array.from({ length: 1000 }, (_, i) => `  - {id: cn.gd.c${i}, name: C}`);
  const many = Array.from({ length: 500 }, (_, i) => `  - {id: r${i}, match: {divisions: [cn.gd.c${i}]}, contacts: [me]}`);
  const yaml = [
    `${HEAD}divisions:`,
    ...divisions,
    'devices:',
    ...devices,
    'channels: [{id: w, kind: webhook, url: "https://x.cn/", secret: {env: S}}]',
    'contacts: [{id: me, name: M, targets: [{channel: w}]}]',
    'routes:',
    ...many,
    '',
  ].join('\n');
  const before = process.cpuUsage();
  expect(load(yaml).faults.map(({ code }) => code)).toEqual(['no-default-route']);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(10_000);
}, 60_000);
