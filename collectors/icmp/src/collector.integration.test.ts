import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIRMED, type IcmpShardPlan, type ObservationBatch, VERDICT } from '@beacontower/contracts';
import {
  createKeys,
  createRedis,
  decodeEntry,
  decodeSamples,
  RoundQueues,
  requestLook,
  unpackInt32,
  unpackUint16,
  unpackUint32,
  writePlans,
} from '@beacontower/queue';
import { type Component, createLogger, createRegistry, type Registry, SystemClock } from '@beacontower/runtime';
import { programsPresent, startRedis, type TestServer, waitFor } from '@beacontower/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createIcmpCollector } from './collector.ts';
import { ICMP_COLLECTOR_DEFAULTS, type IcmpCollectorConfig } from './config.ts';

const SPACE = `bt-icmp-${process.pid}`;
const SHARD = '0.main.icmp.10000';
const ANCHOR = '10.99.255.1';
const SINK = '02:00:00:00:00:02';
const keys = createKeys('test');
const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' });
/** Whether root: only root may make a namespace. */
const able = programsPresent('redis-server', 'fping', 'ip') && process.getuid?.() === 0;

/**
 * A namespace in which addresses on `lo` answer and packets to all others leave by one end of a veth pair and are dropped at the
 * other without a word, as behind a cut on a wide-area line. fping is run in it by a small wrapper; `ip netns exec` becomes fping and keeps the pid.
 */
describe.runIf(able)('the ICMP collector, with a real fping and Redis', () => {
  let server: TestServer;
  let redis: Redis;
  let queues: RoundQueues;
  let registry: Registry;
  let directory: string;
  let collector: Component | undefined;
  let tick = Date.now();

  const up = (address: string, device = 'lo') =>
    ip('-n', SPACE, 'addr', 'add', address, 'dev', device, ...(address.includes(':') ? ['nodad'] : []));
  const cut = (...addresses: string[]) => {
    for (const address of addresses) ip('-n', SPACE, 'addr', 'del', `${address}/${address.includes(':') ? 128 : 32}`, 'dev', 'lo');
  };
  const wrapper = (name: string, command: string) => {
    const path = join(directory, name);
    writeFileSync(path, `#!/bin/sh\nexec ${command} "$@"\n`);
    chmodSync(path, 0o755);
    return path;
  };

  beforeAll(async () => {
    server = await startRedis();
    redis = createRedis(server.url, () => undefined);
    queues = new RoundQueues({ redisUrl: server.url, keys, onError: () => undefined });
    directory = mkdtempSync(join(tmpdir(), 'bt-icmp-'));
  });
  afterAll(async () => {
    await queues.close();
    redis.disconnect();
    await server.stop();
    rmSync(directory, { recursive: true });
  });
  beforeEach(async () => {
    ip('netns', 'add', SPACE);
    ip('-n', SPACE, 'link', 'set', 'lo', 'up');
    ip('-n', SPACE, 'link', 'add', 'out', 'type', 'veth', 'peer', 'name', 'sink');
    ip('-n', SPACE, 'link', 'set', 'sink', 'address', SINK, 'up');
    ip('-n', SPACE, 'link', 'set', 'out', 'up');
    for (const [own, far] of [
      ['10.98.0.1/24', '10.98.0.2'],
      ['fd98::1/64', 'fd98::2'],
    ]) {
      up(own ?? '', 'out');
      ip('-n', SPACE, 'neigh', 'add', far ?? '', 'lladdr', SINK, 'dev', 'out', 'nud', 'permanent');
      ip('-n', SPACE, 'route', 'add', 'default', 'via', far ?? '', 'dev', 'out');
    }
    up(ANCHOR);
    await redis.flushall();
    registry = createRegistry({}, false);
  });
  afterEach(async () => {
    await collector?.stop();
    collector = undefined;
    ip('netns', 'del', SPACE);
  });

  async function start(config: Partial<IcmpCollectorConfig> = {}): Promise<void> {
    const fping = wrapper('fping', `ip netns exec ${SPACE} fping`);
    collector = createIcmpCollector(
      { ...ICMP_COLLECTOR_DEFAULTS, instance: 'test/collect', fping, ...config },
      {
        redis,
        redisUrl: server.url,
        keys,
        clock: new SystemClock(),
        logger: createLogger({ name: 'test', level: 'silent' }),
        registry,
      },
    );
    await collector.start();
  }
  async function plan(addresses: string[], more: Partial<IcmpShardPlan> = {}): Promise<void> {
    const policy = { probes: 2, periodMs: 100, timeoutMs: 300, confirmPasses: 1, degradedLoss: 0.4 };
    const written: IcmpShardPlan = {
      version: 1,
      shard: SHARD,
      partition: 0,
      zone: 'main',
      kind: 'icmp',
      intervalMs: 10_000,
      phaseMs: 0,
      anchors: [ANCHOR],
      policies: [policy],
      checks: addresses.map((_, i) => i + 1),
      addresses,
      policy: addresses.map(() => 0),
      ...more,
    };
    await writePlans(redis, keys, { written: [written], removed: [], orphans: [] });
  }
  async function round(startBefore = Date.now() + 10_000): Promise<void> {
    await queues.add([{ shard: SHARD, planVersion: 1, tick: tick++, startBefore, checks: null }]);
  }
  async function batches(): Promise<(ObservationBatch & { rows: Record<number, number> })[]> {
    const entries = await redis.xrangeBuffer(keys.observations(0), '-', '+');
    return entries.flatMap(([, fields]) => {
      const entry = decodeEntry(fields[1] ?? Buffer.alloc(0));
      if (entry.type !== 'observations') return [];
      const checks = unpackUint32(entry.checks);
      return [{ ...entry, rows: Object.fromEntries([...checks].map((check, i) => [check, entry.verdicts[i] ?? -1])) }];
    });
  }
  const rowsOf = async () => Object.assign({}, ...(await batches()).map((batch) => batch.rows)) as Record<number, number>;
  async function counted(name: string, label?: string): Promise<number> {
    const metric = (await registry.getMetricsAsJSON()).find((one) => one.name === `beacontower_icmp_${name}_total`);
    const values = (metric?.values ?? []).filter((value) => label === undefined || Object.values(value.labels).includes(label));
    return values.reduce((sum, value) => sum + value.value, 0);
  }
  const roundsDone = (count: number, result?: string) =>
    waitFor(async () => (await counted('rounds', result)) >= count, { what: `${count} rounds ${result ?? ''}` });

  const UP = VERDICT.up | CONFIRMED;
  const DOWN = VERDICT.down | CONFIRMED;

  it('appends unchanged verdicts first and a cut after it was confirmed, with bounds that hold the truth', async () => {
    up('10.99.0.1');
    up('10.99.0.2');
    up('fd99::1');
    await plan(['10.99.0.1', '10.99.0.2', 'fd99::1', ANCHOR]);
    await start();
    await round();
    await roundsDone(1);
    const cutFrom = Date.now();
    cut('10.99.0.2');
    const cutTo = Date.now();
    await round();
    await roundsDone(2);
    const [before, first, second, ...more] = await batches();
    expect(before?.rows).toEqual({ 1: UP, 2: UP, 3: UP, 4: UP });
    expect(first?.rows).toEqual({ 1: UP, 3: UP, 4: UP });
    expect(second?.rows).toEqual({ 2: DOWN });
    expect(more).toEqual([]);
    if (!before || !second) throw new Error('no batches');
    expect(before.startedAt + (unpackInt32(before.last)[1] ?? 0)).toBeLessThanOrEqual(cutTo + before.clockUncertaintyMs);
    expect(second.startedAt + (unpackInt32(second.first)[0] ?? 0)).toBeGreaterThanOrEqual(cutFrom - second.clockUncertaintyMs);
    expect(second.clockUncertaintyMs).toBeLessThan(50);
    // The first lost probe was sent a period and a time-out before its silence was certain; of replies nothing of the kind is said.
    const began = unpackInt32(second.began ?? new Uint8Array(0))[0] ?? Number.NaN;
    expect(began).toBeGreaterThanOrEqual(0);
    expect(began).toBeLessThanOrEqual((unpackInt32(second.first)[0] ?? 0) - 400);
    expect(first).not.toHaveProperty('began');
    const [sample] = await redis.xrangeBuffer(keys.samples(0), '-', '+');
    const samples = decodeSamples(sample?.[1][1] ?? Buffer.alloc(0));
    if (samples.type !== 'icmp') throw new Error('samples of another kind');
    expect([...unpackUint16(samples.received)]).toEqual([2, 2, 2, 2]);
    expect(unpackUint32(samples.rttAvg)[0]).toBeLessThan(100_000);
  });

  it('appends a recovery before the round is over, and lets a target that is still down delay nobody', async () => {
    up('10.99.0.1');
    up('10.99.0.2');
    const slow = { probes: 8, periodMs: 200, timeoutMs: 2_000, confirmPasses: 1, degradedLoss: 0.4 };
    await plan(['10.99.0.1', '10.99.0.2', '10.99.0.3'], { policies: [slow] });
    await redis.hset(keys.verdicts(0), { 2: 'down', 3: 'down' });
    await start();
    await round();
    await roundsDone(1);
    const [recovered, unchanged, dead] = await batches();
    if (!recovered || !unchanged || !dead) throw new Error('there are fewer than three batches');
    expect(recovered.rows).toEqual({ 2: UP });
    expect(recovered.endedAt - recovered.startedAt).toBeLessThan(1_000);
    expect(unchanged.rows).toEqual({ 1: UP });
    // Eight probes 200 ms apart, and no time-out waited for.
    expect(unchanged.endedAt - unchanged.startedAt).toBeLessThan(2_500);
    expect(dead.rows).toEqual({ 3: DOWN });
    expect(dead.endedAt - dead.startedAt).toBeGreaterThan(3_300);
  });

  it('believes nothing when nothing answers, and no loss when no anchor does', async () => {
    up('10.99.0.1');
    cut(ANCHOR);
    await plan(['10.99.0.1', '10.99.0.2']);
    await start();
    await round();
    await roundsDone(1);
    expect(await rowsOf()).toEqual({ 1: UP });
    expect(await counted('observations_withheld')).toBe(1);
    cut('10.99.0.1');
    await round();
    await roundsDone(1, 'blind');
    const last = (await batches()).at(-1);
    expect(last).toMatchObject({ vantage: 'blind', rows: {} });
  });

  it('tells losses apart from what it had no token to confirm, parents first', async () => {
    await plan(['10.99.0.1', '10.99.0.2', '10.99.0.3'], { checks: [7, 5, 6] });
    await start({ confirmationsPerSecond: 1 });
    await round();
    await roundsDone(1);
    expect(await rowsOf()).toEqual({ 7: DOWN, 5: VERDICT.down, 6: VERDICT.down });
  });

  it('takes back a loss when the target answers in the confirming pass', async () => {
    const policy = { probes: 2, periodMs: 100, timeoutMs: 600, confirmPasses: 1, degradedLoss: 0.9 };
    await plan(['10.99.0.1'], { policies: [policy] });
    await start();
    await round();
    await waitFor(async () => (await counted('passes', 'confirm')) === 1, { intervalMs: 2, what: 'the confirming pass' });
    up('10.99.0.1');
    await roundsDone(1);
    expect(await rowsOf()).toEqual({ 1: UP });
    expect(await counted('confirmations', 'recanted')).toBe(1);
  });

  it('does not run a round that comes too late', async () => {
    up('10.99.0.1');
    await plan(['10.99.0.1']);
    await start();
    await round(Date.now() - 1);
    await roundsDone(1, 'late');
    expect(await batches()).toEqual([]);
  });

  it('invents nothing when fping is killed, and goes on with the next round', async () => {
    up('10.99.0.1');
    await plan(['10.99.0.1'], { policies: [{ probes: 10, periodMs: 200, timeoutMs: 300, confirmPasses: 1, degradedLoss: 0.4 }] });
    await start();
    await round();
    process.kill(await waitFor(() => fpings()[0], { intervalMs: 5, what: 'fping' }), 'SIGKILL');
    await roundsDone(1, 'failed');
    expect(await counted('passes_failed', 'killed')).toBe(1);
    expect(await batches()).toEqual([]);
    await round();
    await roundsDone(1, 'taken');
    expect(await rowsOf()).toEqual({ 1: UP });
  });

  it('takes an extra look at the checks asked for, and at no others', async () => {
    up('10.99.0.1');
    up('10.99.0.2');
    await plan(['10.99.0.1', '10.99.0.2']);
    await start();
    const look = { checks: [2, 99], startBefore: Date.now() + 5_000 };
    expect(await requestLook({ redis, keys, queues }, look)).toEqual([99]);
    await waitFor(async () => (await counted('looks')) === 1, { what: 'the look' });
    expect(await counted('rounds')).toBe(0);
    expect(await batches()).toMatchObject([{ tick: null, rows: { 2: UP } }]);
  });

  it('counts a target without a way to it as lost', async () => {
    ip('-n', SPACE, 'route', 'add', 'unreachable', '10.97.0.0/16');
    await plan(['10.97.0.1', 'fd97::1']);
    await start();
    await round();
    await roundsDone(1);
    expect(await rowsOf()).toEqual({ 1: DOWN, 2: DOWN });
  });

  it('stops at once, ends its fping and leaves the targets as not looked at', async () => {
    await plan(['10.99.0.1'], { policies: [{ probes: 20, periodMs: 200, timeoutMs: 2_000, confirmPasses: 1, degradedLoss: 0.4 }] });
    await start();
    await round();
    await waitFor(() => fpings().length > 0, { intervalMs: 5, what: 'fping' });
    const began = performance.now();
    await collector?.stop();
    expect(performance.now() - began).toBeLessThan(3_000);
    await waitFor(() => fpings().length === 0, { timeoutMs: 1_000, what: 'fping to be gone' });
    expect(await batches()).toEqual([]);
  });

  it('says in one line what to do when fping is missing, too old or without rights', async () => {
    await expect(start({ fping: join(directory, 'none') })).rejects.toThrow('fping is not installed: run "apt-get install fping"');
    const old = wrapper('old', 'echo "fping: Version 4.2" #');
    await expect(start({ fping: old })).rejects.toThrow('fping 4.2 is too old: install fping 5.0 or newer');
    // A copy loses the capability that the package gives the program.
    execFileSync('sh', ['-c', 'cp "$(command -v fping)" "$0"', join(directory, 'copy')]);
    chmodSync(directory, 0o755);
    const bounded = wrapper('bounded', `setpriv --reuid=65534 --regid=65534 --clear-groups ${join(directory, 'copy')}`);
    await expect(start({ fping: bounded })).rejects.toThrow(/may not send ICMP.*setcap cap_net_raw/);
  });

  /** Children of this process that are fping. */
  function fpings(): number[] {
    return readdirSync('/proc').flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [, command, parent] = /^\d+ \((.*)\) . (\d+)/.exec(stat) ?? [];
        return command === 'fping' && Number(parent) === process.pid ? [Number(name)] : [];
      } catch {
        return [];
      }
    });
  }
});
