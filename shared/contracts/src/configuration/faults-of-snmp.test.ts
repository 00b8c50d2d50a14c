import { describe, expect, it } from 'vitest';
import { addresses, type Case, device, expectFault, HEAD, load, second, section } from './test-helpers.ts';

const V3 =
  '{id: c, version: 3, user: u, auth: {protocol: sha256, key: {env: SNMP_AUTH}}, privacy: {protocol: aes128, key: {file: /run/secrets/privacy}}}';
const credential = (item = V3) => `credentials:\n  - ${item}\n`;
/** One device at line 4; the credential at line 6. */
const asked = (snmp: string, more = addresses) => `${device(`${more}, snmp: ${snmp}`)}${credential()}`;
/** Devices r1 (asked) and r2 (not), the credential, and a circuit at line 9. */
const circuit = (ends: string) =>
  `${HEAD}devices:\n  - {id: r1, name: R1, ${addresses}, snmp: c}\n  - {id: r2, name: R2, addresses: {ipv4: 192.0.2.2}}\n${credential()}circuits:\n  - {id: x, name: X, ends: ${ends}}\n`;

const DEVICE_CASES: Case[] = [
  {
    name: 'unknown credential by its bare id',
    yaml: asked('other'),
    at: 'a.yaml:4 devices[0].snmp',
    code: 'unknown-reference',
    says: /there is no such credential\n {4}expected: the id of a credential of this configuration/,
  },
  {
    name: 'slip of the hand in a credential',
    yaml: asked('{credential: backbon}').replace('id: c,', 'id: backbone,'),
    at: 'a.yaml:4 devices[0].snmp.credential',
    code: 'unknown-reference',
    says: /did you mean "backbone"\?/,
  },
  {
    name: 'unknown credential of defaults, said once',
    yaml: `${asked('true')}defaults: {snmp: {credential: other}}\n`,
    at: 'a.yaml:7 defaults.snmp.credential',
    code: 'unknown-reference',
    says: /there is no such credential\n {4}expected: the id of a credential of this configuration/,
  },
  {
    name: 'no credential at all',
    yaml: asked('true'),
    at: 'a.yaml:4 devices[0].snmp',
    code: 'snmp-without-credential',
    says: /"credential" in "defaults\.snmp"/,
  },
  {
    name: 'a device without an address',
    yaml: asked('c', 'role: core'),
    at: 'a.yaml:4 devices[0].snmp',
    code: 'snmp-without-address',
    says: /has no address at which its SNMP agent could be asked/,
  },
  {
    name: 'a family the device does not have',
    yaml: asked('{credential: c, family: ipv6}'),
    at: 'a.yaml:4 devices[0].snmp',
    code: 'snmp-family',
    says: /no address of the family/,
  },
  {
    name: 'an address of another family than the one named',
    yaml: asked('{credential: c, family: ipv4, address: "2001:db8::9"}'),
    at: 'a.yaml:4 devices[0].snmp',
    code: 'snmp-family',
    says: /family/,
  },
  {
    name: 'a management address that is none',
    yaml: asked('{credential: c, address: 192.0.2.0/24}'),
    at: 'a.yaml:4 devices[0].snmp.address',
    code: 'address-prefix',
    says: /prefix/,
  },
  {
    name: 'a number in place of a credential',
    yaml: asked('7'),
    at: 'a.yaml:4 devices[0].snmp',
    code: 'wrong-type',
    says: /expected: true, the id of a credential, or a mapping/,
  },
  {
    name: 'a community where the credential should be named',
    yaml: asked('{comunity: {env: C}}'),
    at: 'a.yaml:4 devices[0].snmp.comunity',
    code: 'unknown-key',
    says: /one of address, credential, /,
  },
  {
    name: 'unknown key of interfaces',
    yaml: asked('{credential: c, interfaces: {wach: ["*"]}}'),
    at: 'a.yaml:4 devices[0].snmp.interfaces.wach',
    code: 'unknown-key',
    says: /did you mean "watch"\?/,
  },
  {
    name: 'snmp on what is no device',
    yaml: section('services', `{id: s, name: S, addresses: {ipv4: 192.0.2.9}, snmp: true}`),
    at: 'a.yaml:6 services[0].snmp',
    code: 'unknown-key',
    says: /"snmp" is not known/,
  },
  {
    name: 'interval without a unit',
    yaml: asked('{credential: c, interval: 60}'),
    at: 'a.yaml:4 devices[0].snmp.interval',
    code: 'bad-duration',
    says: /no unit/,
  },
  {
    name: 'interval too short',
    yaml: asked('{credential: c, interval: 1s}'),
    at: 'a.yaml:4 devices[0].snmp.interval',
    code: 'interval-out-of-range',
    says: /from 2s to 1h/,
  },
  {
    name: 'a round that does not fit',
    yaml: asked('{credential: c, timeout: 12s}'),
    at: 'a.yaml:4 devices[0].snmp.timeout',
    code: 'round-too-long',
    says: /takes up to 57000 ms: 3 requests, the first waiting 12000 ms.*\n.*at most 54000 ms/,
  },
  {
    name: 'a round of defaults that does not fit, said once',
    yaml: `${asked('{timeout: 1s}')}defaults: {snmp: {credential: c, retries: 8}}\n`,
    at: 'a.yaml:7 defaults.snmp.retries',
    code: 'round-too-long',
    says: /9 requests/,
  },
  {
    name: 'port out of range',
    yaml: asked('{credential: c, port: 65536}'),
    at: 'a.yaml:4 devices[0].snmp.port',
    code: 'too-big',
    says: /at most 65535/,
  },
  ...['""', '"alias:"', '"^Gi.*$"', "'Gi\\d+'", '"/Gi/"', '"a\\nb"'].map(
    (pattern): Case => ({
      name: `${pattern} as a pattern`,
      yaml: asked(`{credential: c, interfaces: {ignore: [Null0, ${pattern}]}}`),
      at: 'a.yaml:4 devices[0].snmp.interfaces.ignore[1]',
      code: 'bad-pattern',
      says: /"\*" stands for any characters/,
    }),
  ),
];

const CIRCUIT_CASES: Case[] = [
  {
    name: 'interface of a device that is not asked',
    yaml: circuit('[{object: r1, interface: Gi1}, {object: r2, interface: Gi2}]'),
    at: 'a.yaml:9 circuits[0].ends[1].interface',
    code: 'interface-without-snmp',
    says: /nobody looks at the interfaces of "r2"/,
  },
  {
    name: 'interface of a place',
    yaml: circuit('[{object: r1, interface: Gi1}, {place: P, interface: Gi2}]'),
    at: 'a.yaml:9 circuits[0].ends[1].interface',
    code: 'unknown-key',
    says: /expected: one of object, place/,
  },
  {
    name: 'interface named twice',
    yaml: circuit('[{object: r1, interface: Gi1}, {object: r1, interface: Gi1}]'),
    at: 'a.yaml:9 circuits[0].ends[1].interface',
    code: 'interface-twice',
    says: /the first is at a\.yaml:9:/,
    warning: true,
  },
];

const CREDENTIAL_CASES: Case[] = [
  ...['1', '"1"', '2c'].map(
    (version): Case => ({
      name: `version ${version}`,
      yaml: section('credentials', `{id: c, version: ${version}, community: {env: C}}`),
      at: 'a.yaml:6 credentials[0].version',
      code: 'weak-credential',
      says: /clear text/,
      warning: true,
    }),
  ),
  {
    name: 'version 3 without auth',
    yaml: section('credentials', '{id: c, version: 3, user: u}'),
    at: 'a.yaml:6 credentials[0].version',
    code: 'weak-credential',
    says: /without auth anybody/,
    warning: true,
  },
  {
    name: 'MD5',
    yaml: section('credentials', V3.replace('sha256', 'md5')),
    at: 'a.yaml:6 credentials[0].auth.protocol',
    code: 'weak-credential',
    says: /MD5/,
    warning: true,
  },
  {
    name: 'DES',
    yaml: section('credentials', V3.replace('aes128', 'des')),
    at: 'a.yaml:6 credentials[0].privacy.protocol',
    code: 'weak-credential',
    says: /DES/,
    warning: true,
  },
  {
    name: 'privacy without auth',
    yaml: section('credentials', '{id: c, version: 3, user: u, privacy: {protocol: aes128, key: {env: K}}}'),
    at: 'a.yaml:6 credentials[0].privacy',
    code: 'privacy-without-auth',
    says: /RFC 3414/,
  },
  {
    name: 'unknown version',
    yaml: section('credentials', '{id: c, version: 2, community: {env: C}}'),
    at: 'a.yaml:6 credentials[0].version',
    code: 'bad-value',
    says: /one of 1, 2c, 3/,
  },
  {
    name: 'no version',
    yaml: section('credentials', '{id: c, community: {env: C}}'),
    at: 'a.yaml:6 credentials[0].version',
    code: 'missing-key',
    says: /"version" is missing\n {4}expected: one of 1, 2c, 3/,
  },
  {
    name: 'no key',
    yaml: section('credentials', '{id: c, version: 3, user: u, auth: {protocol: sha256}}'),
    at: 'a.yaml:6 credentials[0].auth.key',
    code: 'missing-key',
    says: /"key" is missing\n {4}expected: \{env: NAME\} or \{file: PATH\}/,
  },
  {
    name: 'unknown protocol',
    yaml: section('credentials', V3.replace('sha256', 'sha')),
    at: 'a.yaml:6 credentials[0].auth.protocol',
    code: 'bad-value',
    says: /found: "sha"; expected: one of md5, sha1, sha224/,
  },
  {
    name: 'no user',
    yaml: section('credentials', V3.replace('user: u, ', '')),
    at: 'a.yaml:6 credentials[0].user',
    code: 'missing-key',
    says: /"user" is missing/,
  },
  {
    name: 'an id twice',
    yaml: `${section('credentials', V3)}  - ${V3}\n`,
    at: 'a.yaml:7 credentials[1].id',
    code: 'duplicate-id',
    says: /the id "c" is used twice/,
  },
];

describe('devices that are asked', () => it.each(DEVICE_CASES)('$name', expectFault));
describe('ends of circuits', () => it.each(CIRCUIT_CASES)('$name', expectFault));
describe('credentials', () => it.each(CREDENTIAL_CASES)('$name', expectFault));

describe('secrets of credentials', () => {
  const SECRET = 'hunter2-never-shown';
  it.each([
    ['a literal community', `{id: c, version: 2c, community: ${SECRET}}`, 'literal-secret'],
    ['a community under another key', `{id: c, version: 2c, community: {value: ${SECRET}}}`, 'bad-secret'],
    ['a literal key', `{id: c, version: 3, user: u, auth: {protocol: sha256, key: ${SECRET}}}`, 'literal-secret'],
    ['a key in place of all of auth', `{id: c, version: 3, user: u, auth: ${SECRET}}`, 'wrong-type'],
    ['a list of keys', `{id: c, version: 3, user: u, auth: {protocol: sha256, key: [${SECRET}]}}`, 'literal-secret'],
    ['another key beside', `{id: c, version: 2c, community: {env: C}, password: ${SECRET}}`, 'unknown-key'],
    ['a user that is a mapping', `{id: c, version: 3, user: {name: ${SECRET}}}`, 'wrong-type'],
    ['as the whole credential', SECRET, 'wrong-type'],
    ['in broken YAML', `{id: c, version: 2c, community: "${SECRET}`, 'yaml'],
  ])('%s is refused and not repeated', (_, item, code) => {
    const loaded = load(section('credentials', item));
    expect(loaded.configuration).toBeNull();
    expect(loaded.faults.map((fault) => fault.code)).toContain(code);
    expect(JSON.stringify(loaded.faults)).not.toContain(SECRET);
  });

  it('a community where the credential is to be named is not repeated', () => {
    for (const snmp of [SECRET, `{credential: ${SECRET}}`]) {
      const { faults } = load(asked(snmp));
      expect(faults.map((fault) => fault.code)).toEqual(['unknown-reference']);
      expect(JSON.stringify(faults)).not.toContain(SECRET);
    }
  });

  it('does not complain of what names a credential or a device at fault', () => {
    const { faults } = load(
      `${device(`${addresses}, snmp: c`)}credentials: [{id: c, version: 4}]\n`,
      'devices: [{id: r9, name: R, addresses: {ipv4: 192.0.2.9}, snmp: 7}]\ncircuits: [{id: x, name: X, ends: [{object: r9, interface: Gi1}, {place: P}]}]\n',
    );
    expect(faults.map((fault) => fault.code)).toEqual(['bad-value', 'wrong-type']);
  });

  it('two devices that are asked at one address are warned of as before', () => {
    const { faults } = load(`${second(`${addresses}, snmp: c`)}${credential()}`);
    expect(faults.map((fault) => fault.code)).toEqual(['duplicate-address']);
  });
});
