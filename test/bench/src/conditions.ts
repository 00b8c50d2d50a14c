import { ConditionBody, type DesiredEntity, type ObjectBody } from '@beacontower/contracts';
import { applyInventory, type Database, readCheckKeys, saveConditionOffsets } from '@beacontower/database';
import { DEFAULT_SNMP_POLICY, partitionOf } from '@beacontower/domain';
import { appendSamples, createKeys, createRedis } from '@beacontower/queue';
import { createLogger, createRegistry, SystemClock } from '@beacontower/runtime';
import { createConditions } from '@beacontower/service-conditions';
import { batchOf, startDatabase, startRedis, waitFor } from '@beacontower/testing';
import type { Measurement } from './measurement.ts';

const DEVICES = 100;
const PORTS = 100;
const INTERFACES = DEVICES * PORTS;
const ROUNDS = 30;
const PARTITIONS = 16;
const MINUTE = 60_000;
/** A minute of 1 Gbit/s. */
const FULL = 7_500_000_000;
const keys = createKeys('bench');

type Redis = ReturnType<typeof createRedis>;

const everywhere = { divisions: null, classes: null, parties: null, attributes: null, objects: null };
const CONDITIONS: readonly ConditionBody[] = (['utilisation', 'errors', 'discards'] as const).map((metric) => ({
  ...{ id: metric, name: metric, nameEn: null, severity: 'major', where: { ...everywhere, kinds: ['interface'] } },
  test: { on: 'samples', metric, side: 'above', raise: 0.8, clear: 0.7 },
  ...{ forMs: 0, clearForMs: 0, calendar: null, runbook: null },
}));

/**
 * 10,000 interfaces under three conditions, judged from the streams by the real role: CPU of its process for one round of all, and
 * the time until every one of them has its incident when all go over their limit at once.
 */
export async function measure(): Promise<readonly Measurement[]> {
  const [postgres, server] = await Promise.all([startDatabase(), startRedis()]);
  const redis = createRedis(server.url, () => undefined);
  try {
    const { database } = postgres;
    const checks = await fill(database);
    await run(database, redis, (registry) => subjectsOf(registry, INTERFACES * CONDITIONS.length));
    const from = Date.now() - (ROUNDS + 2) * MINUTE;
    for (let round = 0; round < ROUNDS; round++) await poll(redis, checks, from, round, round * 0.3);
    const start = await run(database, redis, (registry) => subjectsOf(registry, INTERFACES * CONDITIONS.length));
    await rewind(database);
    const judging = await run(database, redis, (registry) => judged(registry, (ROUNDS - 1) * INTERFACES * CONDITIONS.length));
    const storm = await run(database, redis, async (registry) => {
      await subjectsOf(registry, INTERFACES * CONDITIONS.length);
      await poll(redis, checks, from, ROUNDS, ROUNDS * 0.3 + 0.6);
      const startedAt = performance.now();
      await incidents(database, 'open', INTERFACES);
      const opened = performance.now() - startedAt;
      await poll(redis, checks, from, ROUNDS + 1, ROUNDS * 0.3 + 0.7);
      const back = performance.now();
      await incidents(database, 'resolved', INTERFACES);
      return [opened, performance.now() - back] as const;
    });
    const figure = (name: string, value: number, unit: string) => ({ name, value, unit, peer: null, peerValue: null });
    return [
      figure('conditions.cpuMsPerRound10000', (judging.cpuMs - start.cpuMs) / (ROUNDS - 1), 'ms'),
      figure('conditions.startCpu10000', start.cpuMs, 'ms'),
      figure('conditions.open10000', storm.result[0] / 1_000, 's'),
      figure('conditions.resolve10000', storm.result[1] / 1_000, 's'),
    ];
  } finally {
    redis.disconnect();
    await Promise.all([postgres.stop(), server.stop()]);
  }
}

/** The inventory; the keys of the interfaces' checks by device. */
async function fill(database: Database): Promise<readonly (readonly number[])[]> {
  const head = { division: 'cn', class: 'backbone', party: null, servingRule: 'any', weight: 1, runbook: null, attributes: {} } as const;
  const objects = Array.from({ length: DEVICES }, (_, device): ObjectBody[] => {
    const id = `bench:d${device}`;
    const agent = { objectId: id, kind: 'snmp', family: 4, address: '192.0.2.1', port: 161, zone: 'centre', credential: 'ro' } as const;
    const interfaces = { watch: [], ignore: [] };
    return [
      {
        ...{ ...head, id, kind: 'device', name: id, dependency: { parents: [], rule: { require: 'any' } } },
        checks: [{ ...agent, id: `${id}/snmp`, policy: DEFAULT_SNMP_POLICY, interfaces }],
      },
      ...Array.from({ length: PORTS }, (_, port): ObjectBody => {
        const own = `${id}/p${port}`;
        const dependency = { parents: [id], rule: { require: 'any' as const } };
        const checks = [{ id: `${own}/status`, objectId: own, kind: 'interface' as const, device: id, ifName: `p${port}` }];
        return { ...head, id: own, kind: 'interface', name: own, quiet: true, dependency, checks };
      }),
    ];
  }).flat();
  const node = { id: 'bench', name: 'bench', division: 'cn', timeZone: 'UTC', language: 'en' } as const;
  const entities: DesiredEntity[] = [
    { entity: 'node', id: node.id, body: node },
    ...objects.map((body): DesiredEntity => ({ entity: 'object', id: body.id, body })),
    ...CONDITIONS.map((body): DesiredEntity => ({ entity: 'condition', id: body.id, body: ConditionBody.parse(body) })),
  ];
  await applyInventory(database, { entities, origin: 'file', partitions: PARTITIONS }, { now: Date.now() - 86_400_000, by: 'bench' });
  const keyOf = await readCheckKeys(database);
  return Array.from({ length: DEVICES }, (_, device) =>
    Array.from({ length: PORTS }, (_, port) => keyOf.get(`bench:d${device}/p${port}/status`) ?? 0),
  );
}

/** One round of every device; `part` of a full minute's octets have been counted since the beginning. */
async function poll(redis: Redis, checks: readonly (readonly number[])[], from: number, round: number, part: number): Promise<void> {
  const counters = Array.from({ length: 12 }, () => BigInt(round * 10_000));
  counters[0] = BigInt(Math.round(part * FULL));
  counters[8] = counters[9] = counters[10] = counters[11] = 0n;
  for (const [device, ports] of checks.entries()) {
    const rows = ports.map((check) => ({ check, uptime: 1_000_000 + round * 6_000, counters }));
    await appendSamples(redis, keys.samples(partitionOf(`bench:d${device}`, PARTITIONS)), batchOf(from + round * MINUTE, rows));
  }
}

/** So that the streams are judged from their beginning. */
async function rewind(database: Database): Promise<void> {
  const offsets = Array.from({ length: PARTITIONS }, (_, partition) => [keys.samples(partition), { id: '0', passed: 0 }] as const);
  await saveConditionOffsets(database, new Map(offsets), Date.now());
}

type Registry = ReturnType<typeof createRegistry>;

/** Runs the role until something is so; the CPU of this process meanwhile, ms. */
async function run<T>(database: Database, redis: Redis, until: (registry: Registry) => Promise<T>): Promise<{ result: T; cpuMs: number }> {
  const registry = createRegistry({}, false);
  const logger = createLogger({ name: 'bench', level: 'silent' });
  const role = createConditions(
    { instance: 'bench' },
    { database, redis, connectRedis: () => redis, keys, partitions: PARTITIONS, clock: new SystemClock(), logger, registry },
  );
  const before = process.cpuUsage();
  await role.start();
  try {
    const result = await until(registry);
    const { user, system } = process.cpuUsage(before);
    return { result, cpuMs: (user + system) / 1_000 };
  } finally {
    await role.stop();
  }
}

async function metricOf(registry: Registry, name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
  const metric = (await registry.getMetricsAsJSON()).find((each) => each.name === `beacontower_${name}`);
  const values = (metric as { values?: { value: number; labels: Record<string, unknown> }[] } | undefined)?.values ?? [];
  return values.find((each) => Object.entries(labels).every(([label, value]) => each.labels[label] === value))?.value ?? 0;
}

async function subjectsOf(registry: Registry, count: number): Promise<void> {
  const isSo = async () => (await metricOf(registry, 'conditions_subjects')) === count;
  await waitFor(isSo, { what: 'the subjects', timeoutMs: 120_000 });
}

async function judged(registry: Registry, count: number): Promise<void> {
  const isSo = async () => (await metricOf(registry, 'conditions_values_total', { result: 'judged' })) >= count;
  await waitFor(isSo, { what: 'every value', timeoutMs: 300_000 });
}

async function incidents(database: Database, state: string, count: number): Promise<void> {
  const isSo = async () =>
    (await database.query<{ count: number }>('SELECT count(*) FROM incidents WHERE state = $1', [state])).rows[0]?.count === count;
  await waitFor(isSo, { what: `${count} incidents ${state}`, timeoutMs: 300_000 });
}
