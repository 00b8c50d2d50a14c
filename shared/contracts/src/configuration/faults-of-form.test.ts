import { describe, it } from 'vitest';
import { addresses, type Case, device, expectFault, HEAD, second, section } from './test-helpers.ts';

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

describe('each fault of form says where it is, what was found and what was expected', () => {
  it.each([...YAML_CASES, ...SHAPE_CASES, ...ADDRESS_CASES, ...POLICY_CASES])('$name', expectFault);
});
