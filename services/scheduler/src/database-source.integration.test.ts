import type { DesiredEntity, ObjectBody } from '@beacontower/contracts';
import { applyInventory, type Database, readCheckKeys } from '@beacontower/database';
import { DEFAULT_ICMP_POLICY, DEFAULT_SNMP_POLICY } from '@beacontower/domain';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabaseSource } from './database-source.ts';

let postgres: TestDatabase;
let database: Database;

beforeAll(async () => {
  postgres = await startDatabase();
  ({ database } = postgres);
});
afterAll(async () => {
  await postgres.stop();
});

const object = (id: string, kind: ObjectBody['kind'], parents: string[], checks: ObjectBody['checks']): DesiredEntity => ({
  entity: 'object',
  id,
  body: {
    id,
    kind,
    name: id,
    division: 'cn',
    class: 'other',
    party: null,
    servingRule: 'any',
    dependency: { parents, rule: { require: 'any' } },
    checks,
    weight: 1,
    runbook: null,
    attributes: {},
  },
});
const status = (id: string, objectId: string, device: string, ifName: string) => ({
  id,
  objectId,
  kind: 'interface' as const,
  device,
  ifName,
});

const FROM_FILE: DesiredEntity[] = [
  { entity: 'node', id: 'n', body: { id: 'n', name: 'N', division: 'cn', timeZone: 'UTC', language: 'en' } },
  { entity: 'zone', id: 'z', body: { id: 'z', name: 'Z', anchors: ['127.0.0.1'] } },
  { entity: 'credential', id: 'c', body: { id: 'c', version: '3', sealed: 'v1.sealed', summary: 'v3' } },
  object('n:core', 'device', [], []),
  object(
    'n:d',
    'device',
    ['n:core'],
    [
      { id: 'n:d/icmp4', objectId: 'n:d', kind: 'icmp', family: 4, address: '127.0.0.2', zone: 'z', policy: DEFAULT_ICMP_POLICY },
      {
        id: 'n:d/snmp',
        objectId: 'n:d',
        kind: 'snmp',
        family: 4,
        address: '127.0.0.3',
        port: 1161,
        zone: 'z',
        credential: 'c',
        policy: DEFAULT_SNMP_POLICY,
        interfaces: { watch: [], ignore: [] },
      },
    ],
  ),
  object('n:x', 'circuit', [], [status('n:x/end1', 'n:x', 'n:d', 'Gi1')]),
];
const discovered = (name: string, digest: string): DesiredEntity[] => [
  object('n:d/Gi1', 'interface', ['n:d'], [status('n:d/Gi1/status', 'n:d/Gi1', 'n:d', name)]),
  {
    entity: 'seen-device',
    id: 'n:d',
    body: { id: 'n:d', system: { descr: '', objectId: '', name: '', location: '', contact: '' }, digest, interfaces: [] },
  },
];

describe('the inventory in PostgreSQL', () => {
  it('is nothing before the first apply', async () => {
    expect(await createDatabaseSource(database).load()).toMatchObject({ version: 0, checks: [], agents: [], interfaces: [] });
  });

  it('gives checks by the kind of round that takes them, and interfaces under their current names', async () => {
    await applyInventory(database, { entities: FROM_FILE, origin: 'file' }, { now: 1, by: 'test' });
    const source = createDatabaseSource(database);
    expect((await source.load()).agents).toMatchObject([{ objectId: 'n:d', digest: null, depth: 1 }]);

    await applyInventory(database, { entities: discovered('Gi1', 'first'), origin: 'discovery' }, { now: 2, by: 'test' });
    await applyInventory(database, { entities: discovered('GigabitEthernet1', 'second'), origin: 'discovery' }, { now: 3, by: 'test' });
    const loaded = await source.load();
    const keys = await readCheckKeys(database);
    const key = (id: string) => keys.get(id);
    expect(loaded.version).toBe(await source.version());
    expect(loaded.checks).toMatchObject([{ key: key('n:d/icmp4'), objectId: 'n:d', address: '127.0.0.2', depth: 1 }]);
    expect(loaded.agents).toEqual([
      {
        key: key('n:d/snmp'),
        objectId: 'n:d',
        zone: 'z',
        address: '127.0.0.3',
        port: 1161,
        credential: 'c',
        policy: DEFAULT_SNMP_POLICY,
        depth: 1,
        digest: 'second',
      },
    ]);
    expect(loaded.interfaces).toEqual([
      { key: key('n:d/Gi1/status'), objectId: 'n:d/Gi1', device: 'n:d', ifName: 'GigabitEthernet1' },
      { key: key('n:x/end1'), objectId: 'n:x', device: 'n:d', ifName: 'Gi1' },
    ]);
    expect(loaded.credentials.get('c')).toMatchObject({ version: '3', sealed: 'v1.sealed' });
  });
});
