/**
 * Echo requests a CPU second, end to end: a private Redis and PostgreSQL, scheduler with collector and pipeline as child
 * processes, over loopback targets. The CPU of every process counts, those of Redis, PostgreSQL and fping included.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DesiredEntity } from '@beacontower/contracts';
import { applyInventory, createDatabase, migrate } from '@beacontower/database';
import { DEFAULT_ICMP_POLICY, type IcmpPolicy } from '@beacontower/domain';
import { startPostgres, startRedis, waitFor } from '@beacontower/testing';
import { cpuSeconds, statFields, TICKS_A_SECOND } from './src/cpu.ts';
import type { Measurement } from './src/measurement.ts';

const PARTITIONS = 8;

export interface IcmpLoad {
  readonly targets: number;
  readonly policy: IcmpPolicy;
  readonly seconds: number;
  readonly pacingMs: number;
}

/** What one load showed. */
export interface IcmpFigures {
  readonly probesPerSecond: number;
  readonly probesPerCpuSecond: number;
  /** CPU seconds a second, by who used them. */
  readonly cpu: Readonly<Record<string, number>>;
  readonly replies: number;
  readonly probes: number;
  readonly rounds: number;
  readonly notTaken: number;
}

const HEAVY: IcmpPolicy = { ...DEFAULT_ICMP_POLICY, intervalMs: 5_000, probes: 5, periodMs: 150 };

/** The figures of this benchmark, for `scripts/bench`. Takes about three minutes. */
export async function run(seconds = 60): Promise<Measurement[]> {
  const usual = await measureIcmp({ targets: 10_000, policy: DEFAULT_ICMP_POLICY, seconds, pacingMs: 0.01 });
  const heavy = await measureIcmp({ targets: 10_000, policy: HEAVY, seconds, pacingMs: 0.01 });
  const alone = await measureFpingAlone(addressesOf(1_250), DEFAULT_ICMP_POLICY, 0.01);
  const unit = 'echo requests per CPU second';
  return [
    { name: 'icmp.probesPerCpuSecond', value: usual.probesPerCpuSecond, unit, peer: 'fping alone', peerValue: alone },
    { name: 'icmp.probesPerCpuSecond.heavy', value: heavy.probesPerCpuSecond, unit, peer: 'fping alone', peerValue: alone },
    { name: 'icmp.roundsNotTaken', value: usual.notTaken + heavy.notTaken, unit: 'rounds', peer: null, peerValue: null },
    {
      name: 'icmp.replies',
      value: (usual.replies + heavy.replies) / (usual.probes + heavy.probes),
      unit: 'of those sent',
      peer: null,
      peerValue: null,
    },
  ];
}

/** Boots the parts, waits until every shard has had its round, then counts for `seconds`. */
export async function measureIcmp(load: IcmpLoad): Promise<IcmpFigures> {
  const [redis, postgres] = await Promise.all([startRedis({ durable: true }), startPostgres()]);
  const children: ChildProcess[] = [];
  try {
    await migrate(postgres.url);
    const database = createDatabase({ url: postgres.url, applicationName: 'bench', maxConnections: 2 });
    const desired = { entities: inventoryOf(load), origin: 'file' as const, partitions: PARTITIONS };
    await applyInventory(database, desired, { now: Date.now(), by: 'bench' });
    await database.close();
    const environment = { BEACONTOWER_DATABASE_URL: postgres.url, BEACONTOWER_REDIS_URL: redis.url, BEACONTOWER_LOG_LEVEL: 'warn' };
    const start = (role: string) => {
      const child = fork(fileURLToPath(new URL('./icmp-child.ts', import.meta.url)), [role, String(load.pacingMs), String(PARTITIONS)], {
        env: { ...process.env, ...environment, BEACONTOWER_INSTANCE: `bench/${role}` },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        execArgv: ['--import', 'tsx', '--conditions=@beacontower/source'],
      });
      children.push(child);
      return child;
    };
    const judge = start('judge');
    const collect = start('collect');
    const settled = async () => (await countersOf(collect)).rounds >= 3 * PARTITIONS;
    await waitFor(settled, { timeoutMs: 4 * load.policy.intervalMs + 30_000, intervalMs: 500, what: 'three rounds of every shard' });
    return await count(load.seconds, collect, {
      collect: [collect.pid ?? 0],
      judge: [judge.pid ?? 0],
      redis: [redis.pid],
      postgres: [postgres.pid],
    });
  } finally {
    await Promise.all(children.map(end));
    await Promise.all([redis.stop(), postgres.stop()]);
  }
}

async function count(seconds: number, collect: ChildProcess, roots: Record<string, number[]>): Promise<IcmpFigures> {
  const read = () => Object.fromEntries(Object.entries(roots).map(([name, pids]) => [name, cpuSeconds(pids)]));
  const before = { counters: await countersOf(collect), cpu: read(), at: performance.now() };
  await sleep(seconds * 1_000);
  const after = { counters: await countersOf(collect), cpu: read(), at: performance.now() };
  const elapsed = (after.at - before.at) / 1_000;
  const cpu = Object.fromEntries(Object.keys(roots).map((name) => [name, ((after.cpu[name] ?? 0) - (before.cpu[name] ?? 0)) / elapsed]));
  const probes = after.counters.probes - before.counters.probes;
  const used = Object.values(cpu).reduce((sum, value) => sum + value, 0) * elapsed;
  return {
    probesPerSecond: probes / elapsed,
    probesPerCpuSecond: probes / used,
    cpu,
    probes,
    replies: after.counters.replies - before.counters.replies,
    rounds: after.counters.rounds - before.counters.rounds,
    notTaken: after.counters.notTaken - before.counters.notTaken,
  };
}

/** Echo requests a CPU second of fping by itself, on the same targets by the same policy. */
export async function measureFpingAlone(addresses: readonly string[], policy: IcmpPolicy, pacingMs: number): Promise<number> {
  const passes = 5;
  const before = childrenCpuSeconds();
  for (let pass = 0; pass < passes; pass++) {
    await new Promise<void>((resolve, reject) => {
      const { probes, periodMs, timeoutMs } = policy;
      const args = ['-q', '-C', String(probes), '-p', String(periodMs), '-t', String(timeoutMs), '-i', String(pacingMs)];
      const child = spawn('fping', args, { stdio: ['pipe', 'ignore', 'ignore'] });
      child.once('error', reject);
      child.once('close', () => resolve());
      child.stdin.end(`${addresses.join('\n')}\n`);
    });
  }
  return (passes * addresses.length * policy.probes) / (childrenCpuSeconds() - before);
}

function addressesOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `127.${1 + Math.floor(i / 62_500)}.${Math.floor(i / 250) % 250}.${(i % 250) + 1}`);
}

function inventoryOf({ targets, policy }: IcmpLoad): DesiredEntity[] {
  const object = (address: string, index: number): DesiredEntity => ({
    entity: 'object',
    id: `bench:d${index}`,
    body: {
      id: `bench:d${index}`,
      kind: 'device',
      name: `Device ${index}`,
      division: 'cn',
      class: 'other',
      party: null,
      servingRule: 'any',
      dependency: { parents: [], rule: { require: 'any' } },
      checks: [{ id: `bench:d${index}/icmp4`, objectId: `bench:d${index}`, kind: 'icmp', family: 4, address, zone: 'main', policy }],
      weight: 1,
      runbook: null,
      attributes: {},
    },
  });
  return [
    { entity: 'node', id: 'bench', body: { id: 'bench', name: 'Bench', division: 'cn', timeZone: 'Asia/Shanghai', language: 'en' } },
    { entity: 'zone', id: 'main', body: { id: 'main', name: 'Main', anchors: ['127.0.0.1', '::1'] } },
    ...addressesOf(targets).map(object),
  ];
}

interface Counters {
  readonly probes: number;
  readonly replies: number;
  readonly rounds: number;
  readonly notTaken: number;
}
interface MetricJson {
  readonly name: string;
  readonly values: readonly { readonly value: number; readonly labels: { readonly result?: string } }[];
}

function countersOf(child: ChildProcess): Promise<Counters> {
  return new Promise((resolve, reject) => {
    const gone = () => reject(new Error('a child of the benchmark ended'));
    child.once('exit', gone);
    child.once('message', (metrics: MetricJson[]) => {
      child.off('exit', gone);
      const sum = (name: string, keep: (result: string | undefined) => boolean = () => true) =>
        (metrics.find((metric) => metric.name === `beacontower_${name}`)?.values ?? [])
          .filter((value) => keep(value.labels.result))
          .reduce((total, value) => total + value.value, 0);
      resolve({
        probes: sum('icmp_probes_sent_total'),
        replies: sum('icmp_replies_total'),
        rounds: sum('icmp_rounds_total', (result) => result === 'taken'),
        notTaken: sum('icmp_rounds_total', (result) => result !== 'taken') + sum('scheduler_rounds_skipped_total'),
      });
    });
    child.send('metrics');
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await Promise.race([gone, sleep(8_000)]);
  child.kill('SIGKILL');
  await gone;
}

/** CPU seconds of this process's children that have ended. */
function childrenCpuSeconds(): number {
  const fields = statFields('self') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND;
}
