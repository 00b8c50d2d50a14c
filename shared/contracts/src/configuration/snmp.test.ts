import { DEFAULT_SNMP_POLICY } from '@beacontower/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ENTITY_SCHEMAS } from '../entities.ts';
import { resolveSnmpPolicy, snmpRoundFits, snmpRoundLength } from './snmp-policy.ts';
import { HEAD, load } from './test-helpers.ts';

const CREDENTIALS = `credentials:
  - {id: access, version: 2c, community: {env: SNMP_COMMUNITY}}
  - id: backbone
    version: 3
    user: beacontower
    auth: {protocol: sha256, key: {file: /etc/beacontower/auth.key}}
    privacy: {protocol: aes256r, key: {env: SNMP_PRIVACY_KEY}}
`;
const loadObjects = (yaml: string) => {
  const loaded = load(`${HEAD}${CREDENTIALS}${yaml}`);
  expect(loaded.faults.filter((fault) => fault.code !== 'weak-credential')).toEqual([]);
  const objects = loaded.configuration?.entities.flatMap((entity) => (entity.entity === 'object' ? [entity.body] : [])) ?? [];
  for (const body of objects) expect(ENTITY_SCHEMAS.object.parse(body)).toEqual(body);
  return { objects, loaded, checks: (id: string) => objects.find((object) => object.id === `gd:${id}`)?.checks ?? [] };
};

describe('devices', () => {
  it('fills in what is not said, beside the checks by ICMP', () => {
    const { checks } = loadObjects('devices:\n  - {id: a, name: A, addresses: {ipv4: 192.0.2.1, ipv6: "2001:db8::1"}, snmp: backbone}\n');
    expect(checks('a').map((check) => check.id)).toEqual(['gd:a/icmp4', 'gd:a/icmp6', 'gd:a/snmp']);
    expect(checks('a')[2]).toEqual({
      id: 'gd:a/snmp',
      objectId: 'gd:a',
      kind: 'snmp',
      family: 4,
      address: '192.0.2.1',
      port: 161,
      zone: 'z',
      credential: 'backbone',
      policy: DEFAULT_SNMP_POLICY,
      interfaces: { watch: [], ignore: [] },
    });
  });

  it('takes own settings before those of defaults, each by itself', () => {
    const { checks } =
      loadObjects(`defaults: {snmp: {credential: backbone, interval: 120s, retries: 1, family: ipv6, interfaces: {watch: ["GE*"], ignore: [Null0]}}}
devices:
  - {id: a, name: A, addresses: {ipv4: 192.0.2.1, ipv6: "2001:db8::1"}, snmp: true}
  - {id: b, name: B, addresses: {ipv4: 192.0.2.2}, snmp: {credential: access, port: 1161, retries: 3, interfaces: {watch: ["alias:uplink*"]}}}
  - {id: c, name: C, addresses: {ipv4: 192.0.2.3, ipv6: "2001:db8::3"}, snmp: {family: ipv4}}
  - {id: d, name: D, addresses: {ipv4: 192.0.2.4}}
`);
    expect(checks('a')[2]).toMatchObject({
      family: 6,
      address: '2001:db8::1',
      credential: 'backbone',
      policy: { intervalMs: 120_000, retries: 1 },
      interfaces: { watch: ['GE*'], ignore: ['Null0'] },
    });
    expect(checks('b')[1]).toMatchObject({
      family: 4,
      credential: 'access',
      port: 1161,
      policy: { intervalMs: 120_000, retries: 3 },
      interfaces: { watch: ['alias:uplink*'], ignore: ['Null0'] },
    });
    expect(checks('c')[2]).toMatchObject({ family: 4, address: '192.0.2.3' });
    expect(checks('d').map((check) => check.kind)).toEqual(['icmp']);
  });

  it('asks at a management address, also where nothing is pinged', () => {
    const { checks } = loadObjects(`devices:
  - {id: a, name: A, addresses: {ipv4: 192.0.2.1}, snmp: {credential: backbone, address: "2001:DB8::0:9"}}
  - {id: b, name: B, snmp: {credential: backbone, address: 192.0.2.9}}
`);
    expect(checks('a')[1]).toMatchObject({ family: 6, address: '2001:db8::9' });
    expect(checks('b')).toMatchObject([{ kind: 'snmp', family: 4, address: '192.0.2.9', zone: 'z' }]);
  });
});

describe('circuits', () => {
  it('join two interfaces, each a check of its own', () => {
    const { objects, checks } = loadObjects(`devices:
  - {id: a, name: A, addresses: {ipv4: 192.0.2.1}, snmp: backbone}
  - {id: b, name: B, addresses: {ipv4: 192.0.2.2}, snmp: backbone}
circuits:
  - {id: x, name: X, ends: [{object: a, interface: GigabitEthernet0/0/1}, {object: "gd:b", interface: "GigabitEthernet0/0/2"}]}
  - {id: y, name: Y, addresses: {ipv4: 192.0.2.7}, ends: [{object: a, interface: GigabitEthernet0/0/3}, {place: 机房}]}
`);
    expect(checks('x')).toEqual([
      { id: 'gd:x/end1', objectId: 'gd:x', kind: 'interface', device: 'gd:a', ifName: 'GigabitEthernet0/0/1' },
      { id: 'gd:x/end2', objectId: 'gd:x', kind: 'interface', device: 'gd:b', ifName: 'GigabitEthernet0/0/2' },
    ]);
    expect(objects.find((object) => object.id === 'gd:x')?.attributes).toEqual({
      end1: 'gd:a/GigabitEthernet0/0/1',
      end2: 'gd:b/GigabitEthernet0/0/2',
    });
    expect(checks('y').map((check) => check.id)).toEqual(['gd:y/icmp4', 'gd:y/end1']);
    expect(objects.find((object) => object.id === 'gd:y')?.attributes).toEqual({ end1: 'gd:a/GigabitEthernet0/0/3', end2: '机房' });
  });
});

describe('credentials', () => {
  it('are drafts with references and places, and a summary that may be shown', () => {
    const { loaded } = loadObjects('devices: []\n');
    expect(loaded.configuration?.entities.some((entity) => entity.entity === 'credential')).toBe(false);
    expect(loaded.configuration?.credentials).toEqual([
      {
        id: 'access',
        version: '2c',
        summary: 'v2c',
        secret: {
          version: '2c',
          community: {
            reference: { env: 'SNMP_COMMUNITY' },
            place: { file: 'a.yaml', line: 4, column: 42, path: 'credentials[0].community' },
          },
        },
      },
      {
        id: 'backbone',
        version: '3',
        summary: 'v3 authPriv sha256 aes256r',
        secret: {
          version: '3',
          user: 'beacontower',
          context: '',
          auth: { protocol: 'sha256', key: expect.objectContaining({ reference: { file: '/etc/beacontower/auth.key' } }) },
          privacy: { protocol: 'aes256r', key: expect.objectContaining({ reference: { env: 'SNMP_PRIVACY_KEY' } }) },
        },
      },
    ]);
    expect(loaded.secrets.map(({ of, least }) => `${of} ${least}`)).toEqual(['credential 1', 'credential 8', 'credential 8']);
  });
});

describe('policy', () => {
  it('has defaults that fit at every pace', () => {
    for (const interval of [2_000, 4_999, 5_000, 19_999, 20_000, 60_000, 3_600_000])
      expect([interval, snmpRoundFits(resolveSnmpPolicy({ interval }, undefined))]).toEqual([interval, true]);
    expect(resolveSnmpPolicy(undefined, undefined)).toEqual(DEFAULT_SNMP_POLICY);
    expect(snmpRoundLength(DEFAULT_SNMP_POLICY)).toBe(9_500);
  });

  it('takes timing of defaults at their pace only, everything else always', () => {
    const defaults = { timeout: 5_000, retries: 0, downAfter: 3 };
    fc.assert(
      fc.property(fc.integer({ min: 2_000, max: 3_600_000 }), (interval) => {
        const policy = resolveSnmpPolicy({ interval }, defaults);
        expect(policy).toMatchObject({ intervalMs: interval, downAfter: 3 });
        expect(policy.timeoutMs === 5_000).toBe(interval >= 20_000);
        expect(snmpRoundFits(policy)).toBe(true);
      }),
    );
  });
});
