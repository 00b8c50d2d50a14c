import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENTITY_SCHEMAS } from '../entities.ts';
import { describeFault, type Fault } from './fault.ts';
import { type LoadedConfiguration, loadConfiguration } from './load.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const load = (...texts: (string | Uint8Array)[]): LoadedConfiguration =>
  loadConfiguration(texts.map((text, i) => ({ name: `${'abc'[i]}.yaml`, bytes: typeof text === 'string' ? encode(text) : text })));

/** Two lines, so that what is appended begins at line 3. */
const HEAD = 'node: {id: gd, name: 广东, division: cn.gd}\nzones: [{id: z, anchors: [192.0.2.254, "2001:db8::fe"]}]\n';
const device = (rest: string) => `${HEAD}devices:\n  - {id: r1, name: R1, ${rest}}\n`;
const addresses = 'addresses: {ipv4: 192.0.2.1}';
const second = (rest: string) => `${device(addresses)}  - {id: r2, name: R2, ${rest}}\n`;
const section = (name: string, item: string) => `${device(addresses)}${name}:\n  - ${item}\n`;

interface Case {
  readonly name: string;
  readonly yaml: string | Uint8Array | readonly string[];
  /** `file:line path` of the one fault. */
  readonly at: string;
  readonly code: string;
  readonly says: RegExp;
  readonly warning?: true;
}

const YAML_CASES: Case[] = [
  {
    name: 'missing bracket',
    yaml: `${HEAD}devices: [`,
    at: 'a.yaml:3 ',
    code: 'yaml',
    says: /well-formed YAML|indentation|character is missing/,
  },
  { name: 'tab', yaml: `${HEAD}devices:\n\t- {id: a}\n`, at: 'a.yaml:4 ', code: 'yaml', says: /tab/ },
  {
    name: 'bad indentation',
    yaml: `${HEAD}devices:\n  - id: a\n     name: b\n`,
    at: 'a.yaml:4 ',
    code: 'yaml',
    says: /mapping|indentation|key/,
  },
  { name: 'unknown alias', yaml: `${HEAD}devices: *nothing\n`, at: 'a.yaml:3 ', code: 'yaml', says: /anchor that is not there/ },
  { name: 'two documents', yaml: `${HEAD}---\ndevices: []\n`, at: 'a.yaml:3 ', code: 'yaml', says: /several documents/ },
  { name: 'unknown tag', yaml: `${HEAD}x-y: !env NAME\n`, at: 'a.yaml:3 x-y', code: 'unknown-key', says: /not known/ },
  {
    name: 'alias of itself',
    yaml: `${HEAD}devices: &a [*a]\n`,
    at: 'a.yaml:3 devices[0]',
    code: 'alias-of-itself',
    says: /inside the value/,
  },
  {
    name: 'duplicate key',
    yaml: `${HEAD}devices: []\ndevices: []\n`,
    at: 'a.yaml:4 devices',
    code: 'duplicate-key',
    says: /first is at line 3, column 1/,
  },
  { name: 'prototype key', yaml: `${HEAD}__proto__: {}\n`, at: 'a.yaml:3 __proto__', code: 'bad-key', says: /plain text/ },
  { name: 'empty file', yaml: '', at: 'a.yaml:1 ', code: 'empty-file', says: /empty/ },
  { name: 'only comments', yaml: '# nothing\n', at: 'a.yaml:1 ', code: 'empty-file', says: /empty/ },
  { name: 'GBK', yaml: new Uint8Array([0x6e, 0x3a, 0x20, 0xb9, 0xe3]), at: 'a.yaml:1 ', code: 'not-utf-8', says: /UTF-8/ },
  { name: 'a list at the top', yaml: [HEAD, '- 1\n'], at: 'b.yaml:1 ', code: 'wrong-type', says: /sections/ },
  {
    name: 'nested too deep',
    yaml: `${HEAD}devices: ${'['.repeat(100)}${']'.repeat(100)}\n`,
    at: 'a.yaml:3 devices',
    code: 'too-deep',
    says: /64 levels/,
  },
];

const SHAPE_CASES: Case[] = [
  { name: 'no node', yaml: 'parties: []\n', at: 'a.yaml:1 ', code: 'no-node', says: /node: \{id, name, division\}/ },
  { name: 'unknown section', yaml: `${HEAD}devcies: []\n`, at: 'a.yaml:3 devcies', code: 'unknown-key', says: /did you mean "devices"/ },
  {
    name: 'unknown key',
    yaml: device(`${addresses}, parnets: []`),
    at: 'a.yaml:4 devices[0].parnets',
    code: 'unknown-key',
    says: /did you mean "parents"/,
  },
  {
    name: 'unknown nested key',
    yaml: device('addresses: {ipv4: 192.0.2.1, ip6: x}'),
    at: 'a.yaml:4 devices[0].addresses.ip6',
    code: 'unknown-key',
    says: /did you mean "ipv6"/,
  },
  {
    name: 'missing key',
    yaml: `${HEAD}devices:\n  - {id: r1, ${addresses}}\n`,
    at: 'a.yaml:4 devices[0].name',
    code: 'missing-key',
    says: /"name" is missing/,
  },
  {
    name: 'number for text',
    yaml: section('accessLines', '{id: u, name: U, unit: 007, addresses: {ipv4: 192.0.2.9}}'),
    at: 'a.yaml:6 accessLines[0].unit',
    code: 'wrong-type',
    says: /found: 7; expected: text \(put numbers in quotes\)/,
  },
  { name: 'text for a list', yaml: `${HEAD}devices: r1\n`, at: 'a.yaml:3 devices', code: 'wrong-type', says: /not a list/ },
  {
    name: 'bad id',
    yaml: `${HEAD}devices:\n  - {id: "r:1", name: R, ${addresses}}\n`,
    at: 'a.yaml:4 devices[0].id',
    code: 'bad-id',
    says: /found: "r:1"; expected: letters, digits/,
  },
  {
    name: 'bad division',
    yaml: device(`${addresses}, division: CN.GD`),
    at: 'a.yaml:4 devices[0].division',
    code: 'bad-id',
    says: /cn\.gd\.guangzhou/,
  },
  {
    name: 'unknown class',
    yaml: device(`${addresses}, class: access`),
    at: 'a.yaml:4 devices[0].class',
    code: 'bad-value',
    says: /one of backbone, user-access, internet-exit, other/,
  },
  {
    name: 'bad parents',
    yaml: second('addresses: {ipv4: 192.0.2.2}, parents: {some: [r1]}'),
    at: 'a.yaml:5 devices[1].parents',
    code: 'wrong-type',
    says: /\{any: \[ids\]\}/,
  },
  { name: 'runbook', yaml: device(`${addresses}, runbook: wiki`), at: 'a.yaml:4 devices[0].runbook', code: 'bad-url', says: /web address/ },
  {
    name: 'negative weight',
    yaml: device(`${addresses}, weight: -1`),
    at: 'a.yaml:4 devices[0].weight',
    code: 'too-small',
    says: /at least 0/,
  },
  {
    name: 'blank name',
    yaml: `${HEAD}devices:\n  - {id: r1, name: " ", ${addresses}}\n`,
    at: 'a.yaml:4 devices[0].name',
    code: 'blank',
    says: /blank/,
  },
  {
    name: 'time zone',
    yaml: HEAD.replace('cn.gd}', 'cn.gd, timeZone: Asia/Shangai}'),
    at: 'a.yaml:1 node.timeZone',
    code: 'unknown-time-zone',
    says: /did you mean "Asia\/Shanghai"/,
  },
];

const ADDRESS_CASES: Case[] = [
  ['ipv6 in ipv4', 'ipv4: "2001:db8::1"', 'address-family', /IPv6 address stands where IPv4/],
  ['ipv4 in ipv6', 'ipv6: 192.0.2.1', 'address-family', /IPv4 address stands where IPv6/],
  ['mapped', 'ipv6: "::ffff:192.0.2.1"', 'address-family', /form of IPv6/],
  ['prefix', 'ipv4: 192.0.2.0/24', 'address-prefix', /prefix/],
  ['scope', 'ipv6: "fe80::1%eth0"', 'address-scope', /scope/],
  ['link-local', 'ipv6: "fe80::1"', 'address-unfit', /link-local/],
  ['multicast 4', 'ipv4: 224.0.0.1', 'address-multicast', /multicast/],
  ['multicast 6', 'ipv6: "ff02::1"', 'address-multicast', /multicast/],
  ['unspecified', 'ipv6: "::"', 'address-unfit', /no host/],
  ['broadcast', 'ipv4: 255.255.255.255', 'address-unfit', /broadcast/],
  ['zero net', 'ipv4: 0.1.2.3', 'address-unfit', /0\.0\.0\.0\/8/],
  ['leading zero', 'ipv4: 192.0.2.010', 'not-an-address', /not an address/],
  ['too large', 'ipv4: 192.0.2.256', 'not-an-address', /not an address/],
  ['name', 'ipv6: router.example.cn', 'not-an-address', /not an address/],
].map(([name, value, code, says]) => ({
  name: `address: ${name}`,
  yaml: device(`addresses: {${value}}`),
  at: `a.yaml:4 devices[0].addresses.${String(value).slice(0, 4)}`,
  code: String(code),
  says: says as RegExp,
}));

const POLICY_CASES: Case[] = [
  ['no unit', 'interval: 10', 'interval', 'bad-duration', /no unit/],
  ['not a duration', 'period: soon', 'period', 'bad-duration', /such as "10s"/],
  ['too fast', 'interval: 500ms', 'interval', 'interval-out-of-range', /1s to 1h/],
  ['too slow', 'interval: 2h', 'interval', 'interval-out-of-range', /1s to 1h/],
  ['unknownAfter', 'unknownAfter: 1', 'unknownAfter', 'too-small', /at least 2/],
  ['probes', 'probes: 21', 'probes', 'too-big', /at most 20/],
  ['half a probe', 'probes: 1.5', 'probes', 'wrong-type', /whole number/],
  ['share', 'degradedLoss: 120%', 'degradedLoss', 'bad-share', /100%/],
  ['round too long', 'timeout: 9s', 'timeout', 'round-too-long', /19200 ms.*\n.*at most 9000 ms, nine tenths/],
  ['confirmations too many', 'confirm: 5, timeout: 2s', 'timeout', 'round-too-long', /× 6 passes/],
].map(([name, value, key, code, says]) => ({
  name: `policy: ${name}`,
  yaml: device(`${addresses}, policy: {${value}}`),
  at: `a.yaml:4 devices[0].policy.${key}`,
  code: String(code),
  says: says as RegExp,
}));

const REFERENCE_CASES: Case[] = [
  {
    name: 'parent',
    yaml: second('addresses: {ipv4: 192.0.2.2}, parents: [R1x]'),
    at: 'a.yaml:5 devices[1].parents[0]',
    code: 'unknown-reference',
    says: /no object "R1x"\n.*did you mean "r1"/,
  },
  {
    name: 'parent of another node',
    yaml: second('addresses: {ipv4: 192.0.2.2}, parents: {all: ["xj:r1"]}'),
    at: 'a.yaml:5 devices[1].parents.all[0]',
    code: 'unknown-reference',
    says: /"xj:r1"/,
  },
  {
    name: 'party',
    yaml: device(`${addresses}, party: telecom`),
    at: 'a.yaml:4 devices[0].party',
    code: 'unknown-reference',
    says: /no party "telecom"/,
  },
  {
    name: 'division',
    yaml: device(`${addresses}, division: cn.gx`),
    at: 'a.yaml:4 devices[0].division',
    code: 'unknown-reference',
    says: /did you mean "cn.gd"/,
  },
  {
    name: 'zone',
    yaml: device(`${addresses}, zone: y`),
    at: 'a.yaml:4 devices[0].zone',
    code: 'unknown-reference',
    says: /did you mean "z"/,
  },
  {
    name: 'contact',
    yaml: section('routes', '{id: all, contacts: [me]}'),
    at: 'a.yaml:6 routes[0].contacts[0]',
    code: 'unknown-reference',
    says: /no contact "me"/,
  },
  {
    name: 'channel',
    yaml: section('contacts', '{id: me, name: Me, targets: [{channel: mail}]}'),
    at: 'a.yaml:6 contacts[0].targets[0].channel',
    code: 'unknown-reference',
    says: /no channel "mail"/,
  },
  {
    name: 'route party',
    yaml: `${section('contacts', '{id: me, name: M, targets: [{channel: w}]}')}channels: [{id: w, kind: webhook, url: "https://x.cn/", secret: {env: S}}]\nroutes:\n  - {id: r, match: {parties: [p]}, contacts: [me]}\n`,
    at: 'a.yaml:9 routes[0].match.parties[0]',
    code: 'unknown-reference',
    says: /no party "p"/,
  },
  {
    name: 'end of a circuit',
    yaml: section('circuits', '{id: c, name: C, addresses: {ipv4: 192.0.2.3}, ends: [{object: r1}, {object: r9}]}'),
    at: 'a.yaml:6 circuits[0].ends[1].object',
    code: 'unknown-reference',
    says: /no object "r9"/,
  },
  {
    name: 'objective member',
    yaml: section('objectives', '{id: o, name: O, objects: [r9], target: 99.9%}'),
    at: 'a.yaml:6 objectives[0].objects[0]',
    code: 'unknown-reference',
    says: /no object "r9"/,
  },
  {
    name: 'at least too many',
    yaml: second('addresses: {ipv4: 192.0.2.2}, parents: {atLeast: 2, of: [r1]}'),
    at: 'a.yaml:5 devices[1].parents.atLeast',
    code: 'at-least-too-many',
    says: /at most 1/,
  },
  {
    name: 'no zone',
    yaml: device(addresses).replace(/zones.*\n/, '\n'),
    at: 'a.yaml:4 devices[0].addresses',
    code: 'no-zone',
    says: /no zone is defined/,
  },
  {
    name: 'cycle',
    yaml: `${HEAD}devices:\n${['a', 'b', 'c'].map((id, i) => `  - {id: ${id}, name: N, addresses: {ipv4: 192.0.2.${i + 1}}, parents: [${'bca'[i]}]}\n`).join('')}`,
    at: 'a.yaml:4 devices[0].parents',
    code: 'dependency-cycle',
    says: /a → b → c → a/,
  },
  {
    name: 'its own parent',
    yaml: device(`${addresses}, parents: r1`),
    at: 'a.yaml:4 devices[0].parents',
    code: 'dependency-cycle',
    says: /r1 → r1/,
  },
  {
    name: 'duplicate id',
    yaml: section('circuits', '{id: r1, name: C, addresses: {ipv4: 192.0.2.3}}'),
    at: 'a.yaml:6 circuits[0].id',
    code: 'duplicate-id',
    says: /a\.yaml:4:10 \(devices\[0\]\.id\)/,
  },
  {
    name: 'duplicate id across files',
    yaml: [device(addresses), 'sites:\n  - id: r1\n    name: S\n'],
    at: 'b.yaml:2 sites[0].id',
    code: 'duplicate-id',
    says: /a\.yaml:4:10/,
  },
  {
    name: 'two nodes',
    yaml: [HEAD, 'node: {id: x, name: X, division: cn}\n'],
    at: 'b.yaml:1 node',
    code: 'duplicate-section',
    says: /a\.yaml:1:1/,
  },
  {
    name: 'duplicate address',
    yaml: second(addresses),
    at: 'a.yaml:5 devices[1].addresses.ipv4',
    code: 'duplicate-address',
    says: /"r1" and "r2"(.|\n)*a\.yaml:4:/,
    warning: true,
  },
  {
    name: 'parent twice',
    yaml: second('addresses: {ipv4: 192.0.2.2}, parents: [r1, "gd:r1"]'),
    at: 'a.yaml:5 devices[1].parents[1]',
    code: 'parent-twice',
    says: /twice/,
    warning: true,
  },
  { name: 'no address', yaml: device('weight: 2'), at: 'a.yaml:4 devices[0]', code: 'not-watched', says: /never looked at/, warning: true },
];

const MAIL = 'id: m, kind: email, host: mail.example.cn, from: noc@example.cn';
const TELLING_CASES: Case[] = [
  ...[0, 1, 1.5, '"100%"', '"0%"', 99.97].map((target) => ({
    name: `target ${target}`,
    yaml: section('objectives', `{id: o, name: O, class: backbone, target: ${target}}`),
    at: 'a.yaml:6 objectives[0].target',
    code: 'bad-target',
    says: /outside \(0, 1\)\n.*"99\.97%" or a fraction/,
  })),
  {
    name: 'target in words',
    yaml: section('objectives', '{id: o, name: O, class: backbone, target: high}'),
    at: 'a.yaml:6 objectives[0].target',
    code: 'bad-target',
    says: /not a target/,
  },
  {
    name: 'class and objects',
    yaml: section('objectives', '{id: o, name: O, class: backbone, objects: [r1], target: 0.9}'),
    at: 'a.yaml:6 objectives[0]',
    code: 'objective-members',
    says: /not both/,
  },
  {
    name: 'time zone of an objective',
    yaml: section('objectives', '{id: o, name: O, class: backbone, target: 0.9, timeZone: Mars/Base}'),
    at: 'a.yaml:6 objectives[0].timeZone',
    code: 'unknown-time-zone',
    says: /time zone is not known/,
  },
  {
    name: 'unknown channel kind',
    yaml: section('channels', '{id: w, kind: pager}'),
    at: 'a.yaml:6 channels[0].kind',
    code: 'bad-value',
    says: /one of webhook, email/,
  },
  {
    name: 'mail in clear text',
    yaml: section('channels', `{${MAIL}, tls: none}`),
    at: 'a.yaml:6 channels[0].tls',
    code: 'clear-text-mail',
    says: /clear text/,
  },
  {
    name: 'user without password',
    yaml: section('channels', `{${MAIL}, user: noc}`),
    at: 'a.yaml:6 channels[0].user',
    code: 'user-and-password',
    says: /both or neither/,
  },
  {
    name: 'sender',
    yaml: section('channels', '{id: m, kind: email, host: h, from: noc}'),
    at: 'a.yaml:6 channels[0].from',
    code: 'bad-mail-address',
    says: /e-mail address/,
  },
  {
    name: 'receiver',
    yaml: `${section('channels', `{${MAIL}}`)}contacts:\n  - {id: me, name: M, targets: [{channel: m, address: me}]}\n`,
    at: 'a.yaml:8 contacts[0].targets[0].address',
    code: 'bad-mail-address',
    says: /e-mail address/,
  },
  {
    name: 'receiver missing',
    yaml: `${section('channels', `{${MAIL}}`)}contacts:\n  - {id: me, name: M, targets: [{channel: m}]}\n`,
    at: 'a.yaml:8 contacts[0].targets[0]',
    code: 'bad-mail-address',
    says: /needs an address/,
  },
  {
    name: 'secret missing',
    yaml: section('channels', '{id: w, kind: webhook, url: "https://x.cn/"}'),
    at: 'a.yaml:6 channels[0].secret',
    code: 'missing-key',
    says: /\{env: NAME\} or \{file: PATH\}/,
  },
  {
    name: 'secret nowhere',
    yaml: section('channels', '{id: w, kind: webhook, url: "https://x.cn/", secret: {env: "a b"}}'),
    at: 'a.yaml:6 channels[0].secret',
    code: 'bad-secret',
    says: /\{env: NAME\}/,
  },
];

const place = (fault: Fault) => `${fault.file}:${fault.line} ${fault.path}`;

describe('each fault says where it is, what was found and what was expected', () => {
  it.each([...YAML_CASES, ...SHAPE_CASES, ...ADDRESS_CASES, ...POLICY_CASES, ...REFERENCE_CASES, ...TELLING_CASES])('$name', (example) => {
    const texts = typeof example.yaml === 'string' || example.yaml instanceof Uint8Array ? [example.yaml] : example.yaml;
    const loaded = load(...texts);
    const fault = loaded.faults.find((candidate) => candidate.code === example.code);
    expect(loaded.faults.map((one) => `${one.code} ${place(one)}`)).toContain(
      `${example.code} ${example.at}${fault?.path.slice(example.at.split(' ')[1]?.length) ?? ''}`,
    );
    expect(fault?.severity).toBe(example.warning ? 'warning' : 'error');
    expect(describeFault(fault as Fault, 'en')).toMatch(example.says);
    expect(describeFault(fault as Fault, 'zh')).toMatch(/[\u4e00-\u9fff]/);
    expect(loaded.configuration === null).toBe(!example.warning);
    expect(fault?.column).toBeGreaterThan(0);
    // One mistake makes one complaint.
    if (!['yaml', 'too-deep', 'alias-of-itself'].includes(example.code)) expect(loaded.faults).toHaveLength(1);
  });
});

describe('secrets', () => {
  const SECRET = 'hunter2-never-shown';
  it.each([
    ['literal secret', `{id: w, kind: webhook, url: "https://x.cn/", secret: ${SECRET}}`, 'literal-secret'],
    ['literal password', `{${MAIL}, user: u, password: ${SECRET}}`, 'literal-secret'],
    ['in the url', `{id: w, kind: webhook, url: "https://u:${SECRET}@x.cn/", secret: {env: S}}`, 'literal-secret'],
    ['under another key', `{id: w, kind: webhook, url: "https://x.cn/", secret: {value: ${SECRET}}}`, 'bad-secret'],
    ['with an unknown key', `{id: w, kind: webhook, url: "https://x.cn/", secret: {env: S}, token: ${SECRET}}`, 'unknown-key'],
    ['as the whole channel', SECRET, 'wrong-type'],
    ['in broken YAML', `{id: w, secret: "${SECRET}`, 'yaml'],
  ])('%s is refused and not repeated', (_, item, code) => {
    const loaded = load(section('channels', item));
    expect(loaded.faults.map((fault) => fault.code)).toContain(code);
    expect(JSON.stringify(loaded.faults)).not.toContain(SECRET);
  });
});

describe('all at once', () => {
  it('says the faults of several files and of one item together', () => {
    const loaded = load(
      HEAD,
      'devices:\n  - {id: a, nmae: A, addresses: {ipv4: x}, parents: [b], party: p}\n',
      'devices:\n  - {id: b, name: B, addresses: {ipv4: 192.0.2.1}, parents: [a]}\n',
    );
    expect(loaded.faults.map((fault) => `${fault.code} ${place(fault)}`)).toEqual([
      'missing-key b.yaml:2 devices[0].name',
      'unknown-key b.yaml:2 devices[0].nmae',
      'not-an-address b.yaml:2 devices[0].addresses.ipv4',
      'dependency-cycle b.yaml:2 devices[0].parents',
      'unknown-reference b.yaml:2 devices[0].party',
    ]);
  });

  it('does not call names unknown that may stand in a file it could not read', () => {
    const loaded = load(device(`${addresses}, party: p`), 'parties: [');
    expect(new Set(loaded.faults.map((fault) => fault.file))).toEqual(new Set(['b.yaml']));
  });

  it('ends a YAML bomb with a fault, quickly', () => {
    const levels = Array.from({ length: 12 }, (_, i) => `  - &l${i + 1} [${Array(10).fill(`*l${i}`).join(', ')}]`);
    const started = performance.now();
    const loaded = load(`${HEAD}facts:\n  - &l0 [x, x, x, x, x, x, x, x, x, x]\n${levels.join('\n')}\n`);
    expect(loaded.faults.map((fault) => fault.code)).toContain('alias-limit');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('what is accepted', () => {
  it('fills in defaults and makes ids global', () => {
    const { configuration, faults } = load(
      `\uFEFF${second('addresses: {ipv6: "2001:DB8:0::1"}, parents: {any: [r1, "gd:r1"]}, policy: {interval: 1s}').replaceAll('\n', '\r\n')}`,
    );
    expect(faults.map((fault) => fault.code)).toEqual(['parent-twice']);
    const object = configuration?.entities.find((entity) => entity.id === 'gd:r2');
    expect(object?.body).toEqual({
      id: 'gd:r2',
      kind: 'device',
      name: 'R2',
      division: 'cn.gd',
      class: 'backbone',
      party: null,
      servingRule: 'any',
      dependency: { parents: ['gd:r1'], rule: { require: 'any' } },
      checks: [
        {
          id: 'gd:r2/icmp6',
          objectId: 'gd:r2',
          kind: 'icmp',
          family: 6,
          address: '2001:db8::1',
          zone: 'z',
          policy: {
            intervalMs: 1000,
            probes: 2,
            periodMs: 100,
            timeoutMs: 350,
            confirmPasses: 1,
            downAfter: 1,
            upAfter: 1,
            unconfirmedDownAfter: 2,
            degradedLoss: 0.3,
            degradedAfter: 3,
            unknownAfter: 2,
          },
        },
      ],
      weight: 1,
      runbook: null,
      attributes: {},
    });
  });

  it('shares values by anchors', () => {
    const { configuration } = load(
      `${HEAD}devices:\n  - {id: a, name: A, addresses: {ipv4: 192.0.2.1}, policy: &p {interval: 60s}}\n  - {id: b, name: B, addresses: {ipv4: 192.0.2.2}, policy: *p}\n`,
    );
    const objects = configuration?.entities.flatMap((entity) => (entity.entity === 'object' ? entity.body.checks : []));
    expect(objects?.map((check) => check.policy.intervalMs)).toEqual([60_000, 60_000]);
  });

  it.each([
    ['99.97%', 0.9997],
    ['"99.91 %"', 0.9991],
    ['0.9997', 0.9997],
  ])('target %s', (written, fraction) => {
    const { configuration } = load(section('objectives', `{id: o, name: O, class: backbone, target: ${written}}`));
    expect(configuration?.entities.find((entity) => entity.entity === 'objective')?.body).toMatchObject({ target: fraction });
  });

  it('keeps the timing of defaults for their own pace only', () => {
    const { faults } = load(
      `${second('addresses: {ipv4: 192.0.2.2}, policy: {interval: 1s}')}defaults: {policy: {probes: 5, timeout: 2s}}\n`,
    );
    expect(faults).toEqual([]);
  });
});

describe('properties', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
  const devices = fc.uniqueArray(
    fc.record({
      id: name,
      name: fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
      weight: fc.option(fc.nat(1000), { nil: undefined }),
      host: fc.nat(65_000),
      interval: fc.constantFrom(undefined, '1s', '10s', '1m'),
    }),
    { selector: (device) => device.id, maxLength: 8 },
  );

  it('normalised entities fit the contract, and a second normalisation changes nothing', () => {
    fc.assert(
      fc.property(devices, (list) => {
        const yaml = JSON.stringify({
          node: { id: 'n', name: 'N', division: 'cn' },
          zones: [{ id: 'z', anchors: ['192.0.2.254'] }],
          devices: list.map(({ host, interval, ...rest }, i) => ({
            ...rest,
            addresses: { ipv6: `2001:0DB8::${host.toString(16).toUpperCase()}` },
            parents: list.slice(0, i).map((parent) => parent.id),
            ...(interval === undefined ? {} : { policy: { interval } }),
          })),
        });
        const first = load(yaml);
        expect(first.faults.filter((fault) => fault.severity === 'error')).toEqual([]);
        for (const { entity, body } of first.configuration?.entities ?? []) expect(ENTITY_SCHEMAS[entity].parse(body)).toEqual(body);
        // Written again in its normalised form, each object means the same.
        const again = load(JSON.stringify({ ...JSON.parse(yaml), devices: asYaml(first) }));
        expect(again.configuration).toEqual(first.configuration);
      }),
      { numRuns: 50 },
    );
  });

  it('never throws, whatever the bytes', () => {
    const bytes = fc.property(fc.uint8Array({ maxLength: 200 }), (value) => {
      expect(load(value).configuration).toBeNull();
    });
    const words = fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (value) => {
      expect(load(`${HEAD}${value}`).faults).toBeInstanceOf(Array);
    });
    const json = fc.property(fc.json(), (value) => {
      expect(load(`{"node": ${value}, "devices": ${value}, "routes": [${value}], "channels": [${value}]}`).configuration).toBeNull();
    });
    fc.assert(bytes);
    fc.assert(words);
    fc.assert(json);
  });
});

function asYaml(loaded: LoadedConfiguration) {
  return loaded.configuration?.entities.flatMap((entity) => {
    if (entity.entity !== 'object') return [];
    const { checks, dependency, attributes: _, kind: __, runbook: ___, party: ____, ...rest } = entity.body;
    const policy = checks[0]?.policy;
    const address = checks[0]?.address;
    return [
      {
        ...rest,
        id: rest.id.slice(2),
        parents: { any: dependency.parents },
        addresses: { ipv6: address },
        policy: { interval: `${policy?.intervalMs}ms` },
      },
    ];
  });
}
