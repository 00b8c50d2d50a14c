import type { DesiredEntity, DeviceSeen, ObjectBody } from '@beacontower/contracts';
import {
  applyInventory,
  type Database,
  dispatchLog,
  readCheckKeys,
  readCurrentEntities,
  readInventoryVersion,
  readLog,
  readObjects,
} from '@beacontower/database';
import { DEFAULT_SNMP_POLICY, tableDigest } from '@beacontower/domain';
import { createKeys, createRedis, packValue, readEntries } from '@beacontower/queue';
import { createLogger, createRegistry, type Registry } from '@beacontower/runtime';
import { FakeClock, programsPresent, startDatabase, startRedis, type TestDatabase, type TestServer, waitFor } from '@beacontower/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDiscovery } from './app.ts';
import type { DiscoveryConfig } from './config.ts';

const keys = createKeys('test');
const START = 1_800_000_000_000;
const SYSTEM = { descr: 'Router', objectId: '1.3.6.1', name: 'r', location: '', contact: '' };

function device(id: string, interfaces: { watch?: string[]; ignore?: string[] } = {}): ObjectBody {
  const objectId = `n:${id}`;
  const check = { id: `${objectId}/snmp`, objectId, kind: 'snmp' as const, family: 4 as const, address: '192.0.2.1', port: 161 };
  return {
    id: objectId,
    kind: 'device',
    name: id,
    division: 'cn',
    class: 'backbone',
    party: null,
    servingRule: 'any',
    dependency: { parents: [], rule: { require: 'any' } },
    checks: [{ ...check, zone: 'z', credential: 'c', policy: DEFAULT_SNMP_POLICY, interfaces: { watch: [], ignore: [], ...interfaces } }],
    weight: 1,
    runbook: null,
    attributes: {},
  };
}

function circuit(id: string, far: string, ifName: string): ObjectBody {
  const objectId = `n:${id}`;
  return { ...device(id), kind: 'circuit', checks: [{ id: `${objectId}/end1`, objectId, kind: 'interface', device: `n:${far}`, ifName }] };
}

describe.runIf(programsPresent('redis-server'))('the discovery on real stores', () => {
  let postgres: TestDatabase;
  let redisServer: TestServer;
  let database: Database;
  let redis: Redis;
  let clock: FakeClock;
  let registry: Registry;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    [postgres, redisServer] = await Promise.all([startDatabase(), startRedis()]);
    ({ database } = postgres);
    redis = createRedis(redisServer.url, () => undefined);
  });
  afterAll(async () => {
    redis.disconnect();
    await Promise.all([postgres.stop(), redisServer.stop()]);
  });
  beforeEach(async () => {
    clock = new FakeClock(START);
    registry = createRegistry({ process: 'test' }, false);
    await redis.flushall();
    await database.query('TRUNCATE node_identity, inventory, checks, leases, log RESTART IDENTITY');
    await database.query('UPDATE inventory_version SET version = 0, applied_at = 0');
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  async function apply(...objects: ObjectBody[]): Promise<void> {
    const node = { id: 'n', name: 'n', division: 'cn', timeZone: 'UTC', language: 'en' as const };
    const entities: DesiredEntity[] = [
      { entity: 'node', id: 'n', body: node },
      ...objects.map((body) => ({ entity: 'object' as const, id: body.id, body })),
    ];
    const { plan } = await applyInventory(database, { entities, origin: 'file', partitions: 2 }, { now: clock.now(), by: 'test' });
    expect(plan.refused).toEqual([]);
  }

  async function start(config: Partial<DiscoveryConfig> = {}): Promise<() => Promise<void>> {
    const discovery = createDiscovery(
      { instance: 'one', leaseTtlMs: 2_000, lookMs: 10, gatherMs: 0, inventoryLookMs: 0, sweepMs: 0, restMs: 0, ...config },
      { database, redis, keys, clock, logger: createLogger({ name: 'test', level: 'silent' }), registry },
    );
    await discovery.start();
    stops.push(() => discovery.stop());
    return () => discovery.stop();
  }

  function seen(id: string, names: readonly string[], more: { first?: number; alias?: (name: string) => string } = {}): DeviceSeen {
    const { first = 1, alias = () => '' } = more;
    const interfaces = names.map((name, i) => ({ index: first + i, name, alias: alias(name), descr: name, type: 6, speed: 1000 }));
    return {
      type: 'device',
      device: `n:${id}`,
      seenAt: clock.now(),
      collector: 'c',
      system: SYSTEM,
      digest: tableDigest(SYSTEM, interfaces),
      interfaces,
    };
  }
  async function tell(...devices: DeviceSeen[]): Promise<void> {
    for (const each of devices) await redis.xadd(keys.devices, '*', 'e', packValue(each));
  }
  const interfaces = async () => (await readObjects(database)).map(({ object }) => object).filter(({ kind }) => kind === 'interface');
  const names = async () =>
    (await interfaces())
      .map((object) => `${object.attributes.ifName}${object.quiet ? '' : '!'}${object.attributes.vanishedAt ? '-' : ''}`)
      .join(' ');
  const until = (expected: string) => waitFor(async () => (await names()) === expected, { what: `interfaces "${expected}"` });
  const story = async () => {
    await dispatchLog(database, 10_000);
    return (await readLog(database, 0, 10_000)).flatMap((entry) =>
      entry.kind === 'interface'
        ? [`${entry.body.object} ${entry.body.change} ${entry.body.before ?? ''}${entry.body.before === null ? '' : '>'}${entry.body.name}`]
        : [],
    );
  };
  const tablesRead = (count: number) =>
    waitFor(async () => (await registry.getSingleMetric('beacontower_discovery_tables_seen_total')?.get())?.values[0]?.value === count, {
      what: `${count} tables read`,
    });
  const refused = async (reason: string) => {
    const metric = await registry.getSingleMetric('beacontower_discovery_tables_refused_total')?.get();
    return metric?.values.find(({ labels }) => labels.reason === reason)?.value ?? 0;
  };

  test('many devices become interface objects in one version; the partitions are told, the stream is emptied', async () => {
    await apply(device('a', { watch: ['ge0'] }), device('b'), circuit('c', 'b', 'ge1'));
    await tell(seen('a', ['ge0', 'ge1']), seen('b', ['ge0', 'ge1']));
    await start({ gatherMs: 3_000 });
    await tablesRead(2);
    expect(await readInventoryVersion(database)).toBe(1);
    clock.advance(3_000);
    await until('ge0! ge1 ge0 ge1');
    expect(await readInventoryVersion(database)).toBe(2);
    expect([...(await readCheckKeys(database)).keys()]).toContain('n:a/ge0/status');
    expect((await readCurrentEntities(database, 'seen-device')).map(({ id, digest }) => [id, digest])).toEqual([
      ['n:a', seen('a', ['ge0', 'ge1']).digest],
      ['n:b', seen('b', ['ge0', 'ge1']).digest],
    ]);
    expect(await story()).toEqual(['n:a/ge0 appeared ge0', 'n:a/ge1 appeared ge1', 'n:b/ge0 appeared ge0', 'n:b/ge1 appeared ge1']);
    await waitFor(async () => (await redis.xlen(keys.devices)) === 0, { what: 'an empty stream' });
    const told = await readEntries(redis, new Map([0, 1].map((partition) => [keys.observations(partition), '0'])), {
      count: 10,
      blockMs: 1_000,
    });
    expect(told.map(({ entry }) => entry)).toEqual([
      { type: 'inventory', version: 2 },
      { type: 'inventory', version: 2 },
    ]);
  });

  test('the same table again writes nothing', async () => {
    await apply(device('a'));
    await start();
    await tell(seen('a', ['ge0']));
    await until('ge0');
    await tell(seen('a', ['ge0']));
    await waitFor(async () => (await redis.xlen(keys.devices)) === 0, { what: 'an empty stream' });
    expect(await readInventoryVersion(database)).toBe(2);
  });

  test('a restart that numbers anew and moves a card keeps ids; what is gone is marked, returns, and leaves after a week', async () => {
    await apply(device('a'));
    await start();
    const alias = (name: string) => (name.endsWith('/1') ? 'to GZ' : '');
    await tell(seen('a', ['ge0/1', 'ge2'], { alias }));
    await until('ge0/1 ge2');
    await tell(seen('a', ['ge9/1'], { first: 70, alias }));
    await until('ge9/1 ge2-');
    expect((await interfaces()).map(({ id }) => id)).toEqual(['n:a/ge0/1', 'n:a/ge2']);
    expect((await story()).slice(2)).toEqual(['n:a/ge0/1 renamed ge0/1>ge9/1', 'n:a/ge2 vanished ge2']);
    await tell(seen('a', ['ge9/1', 'ge2'], { alias }));
    await until('ge9/1 ge2');
    await tell(seen('a', ['ge9/1'], { alias }));
    await until('ge9/1 ge2-');
    clock.advance(7 * 86_400_000 + 1_000);
    await until('ge9/1');
    expect((await story()).slice(4)).toEqual(['n:a/ge2 returned ge2', 'n:a/ge2 vanished ge2', 'n:a/ge2 retired ge2']);
  });

  test('a changed file is followed: selections, ends of circuits, devices without SNMP, retired ones', async () => {
    await apply(device('a'), device('b'));
    await start();
    await tell(seen('a', ['ge0', 'lo0']), seen('b', ['ge0']));
    await until('ge0 lo0 ge0');
    await apply(device('a', { ignore: ['lo*'], watch: ['ge0'] }), device('b'));
    await until('ge0! ge0');
    await apply(device('a', { ignore: ['lo*'], watch: ['ge0'] }), device('b'), circuit('c', 'a', 'ge0'));
    await until('ge0 ge0');
    await apply(device('a', { ignore: ['lo*'] }), { ...device('b'), checks: [] });
    await until('ge0');
    await apply(device('b'));
    await until('');
    expect(await readCurrentEntities(database, 'seen-device')).toEqual([]);
  });

  test('what nobody can use is counted and dropped', async () => {
    await apply(device('a'));
    await redis.xadd(keys.devices, '*', 'e', 'no msgpack at all');
    await redis.xadd(keys.devices, '*', 'x', '1');
    await tell(seen('stranger', ['ge0']), { ...seen('a', ['ge0']), digest: '\u0000' }, seen('a', ['ge1']));
    await start();
    await until('ge1');
    await waitFor(async () => (await redis.xlen(keys.devices)) === 0, { what: 'an empty stream' });
    expect([await refused('malformed'), await refused('unknown-device')]).toEqual([3, 1]);
  });

  test('a table that flaps makes no more versions than one a rest', async () => {
    await apply(device('a'));
    await start({ restMs: 60_000 });
    await tell(seen('a', ['ge0']));
    await until('ge0');
    for (let i = 0; i < 5; i++) await tell(seen('a', [`ge${i + 1}`]));
    await waitFor(async () => (await refused('too-soon')) === 5, { what: 'five refusals' });
    expect(await readInventoryVersion(database)).toBe(2);
    clock.advance(60_000);
    await tell(seen('a', ['ge0', 'ge1']));
    await until('ge0 ge1');
  });

  test('another process takes over what was not settled, and two never settle at once', async () => {
    await apply(device('a'), device('b'));
    const stop = await start({ gatherMs: 3_600_000 });
    await tell(seen('a', ['ge0']));
    await waitFor(async () => (await registry.getSingleMetric('beacontower_discovery_tables_seen_total')?.get())?.values[0]?.value === 1, {
      what: 'the table read',
    });
    await stop();
    registry = createRegistry({ process: 'other' }, false);
    await start({ instance: 'two' });
    await until('ge0');
    expect(await readInventoryVersion(database)).toBe(2);
  });
});
