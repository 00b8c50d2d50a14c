import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordTransitions } from '@beacontower/database';
import { startRedis, waitFor } from '@beacontower/testing';
import { endChild, forkBench } from './console-ground.ts';
import { type BenchProvince, startBenchProvince } from './federation-below.ts';
import { change } from './federation-change.ts';
import { type FederationGround, startFederationGround } from './federation-ground.ts';
import { type LiveStates, openLiveStates } from './federation-live.ts';
import { line, type Measurement, percentile } from './measurement.ts';

/** What the issue asks for: from a change in a province to the centre's live stream, ms, p99. */
export const GOALS = { p99Ms: 2_000 } as const;
const NODE = 'gd';
const OBJECTS = 1_000;
/** Changes of one object each, one after the other. */
const CHANGES = 600;
const EVERY_MS = 100;
/** The first ones find connections that are still to be made. */
const WARM = 20;

/** One province by the product's own roles; a client of the centre's API looks on. */
export async function measure(): Promise<readonly Measurement[]> {
  const ground = await startFederationGround();
  const redis = await startRedis();
  const token = randomBytes(16).toString('hex');
  const api = forkBench('console-api.ts', [token], { BEACONTOWER_DATABASE_URL: ground.postgres.url, BEACONTOWER_REDIS_URL: redis.url });
  let province: BenchProvince | undefined;
  let live: LiveStates | undefined;
  try {
    const [url] = (await once(api, 'message')) as [string];
    province = await startBenchProvince(NODE, OBJECTS, await ground.enrol(NODE, `cn.${NODE}`));
    await province.report();
    await known(ground);
    live = await openLiveStates(url, token);
    return await watch(province, live);
  } finally {
    live?.close();
    await province?.stop();
    await endChild(api);
    await redis.stop();
    await ground.stop();
  }
}

async function known({ database }: FederationGround): Promise<void> {
  const count = async () =>
    (await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM inventory WHERE remote = '${NODE}'`)).rows[0]?.n;
  await waitFor(async () => (await count()) === OBJECTS, { timeoutMs: 60_000, intervalMs: 200, what: 'the objects to be at the centre' });
}

async function watch(province: BenchProvince, live: LiveStates): Promise<Measurement[]> {
  for (let n = 0; n < WARM; n++) await happen(province, n);
  await waitFor(() => live.latencies.size === WARM, { timeoutMs: 30_000, what: 'the first changes to be in the live stream' });
  live.latencies.clear();
  for (let n = WARM; n < WARM + CHANGES; n++) {
    await happen(province, n);
    await sleep(EVERY_MS);
  }
  await waitFor(() => live.latencies.size === CHANGES, { timeoutMs: 30_000, what: 'all changes to be in the live stream' });
  const latencies = [...live.latencies.values()];
  const figures = [
    figure('p50', percentile(latencies, 0.5), 'ms from before the commit to the client'),
    figure('p99', percentile(latencies, 0.99), `ms (limit ${GOALS.p99Ms})`),
    figure('max', percentile(latencies, 1), 'ms'),
    figure('changes', latencies.length, `of ${CHANGES}`),
  ];
  if (percentile(latencies, 0.99) < GOALS.p99Ms) return figures;
  throw new Error(`${figures.map(line).join('\n')}\na change takes longer than ${GOALS.p99Ms} ms to the centre's live stream`);
}

/** An object of the province is up, as its pipeline would record it. */
async function happen({ database, objects }: BenchProvince, n: number): Promise<void> {
  const { object, check, resolutionMs, from, to, at, earliest, latest, reason, decidedAt } = change(objects[n] ?? '', 0, Date.now());
  const transition = { from, to, edge: { at, earliest, latest }, reason, decidedAt };
  await database.transaction((tx) =>
    recordTransitions(tx, [{ objectId: object, check, transition, resolutionMs, epoch: 1, told: true }], at),
  );
}

function figure(name: string, value: number, unit: string): Measurement {
  return { name: `federationLatency.${name}`, value, unit, peer: null, peerValue: null };
}
