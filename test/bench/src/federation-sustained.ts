import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { lastSequence, readLog, SEQUENCE_CHANNEL } from '@beacontower/database';
import { waitFor } from '@beacontower/testing';
import { endChild, forkBench } from './console-ground.ts';
import { type FederationGround, startFederationGround } from './federation-ground.ts';
import type { SendersAsked, SimulatedProvince } from './federation-senders.ts';
import { line, type Measurement, percentile } from './measurement.ts';

/** What the issue asks for: so many nodes and objects, so many changes a second in all, and how late they may be in the centre's record, ms. */
export const GOALS = { provinces: 32, objects: 10_000, perSecond: 100, lagMs: 2_000 } as const;
const PROVINCES = Number(process.env.FEDERATION_PROVINCES ?? GOALS.provinces);
const OBJECTS = Number(process.env.FEDERATION_OBJECTS ?? GOALS.objects);
const SECONDS = Number(process.env.FEDERATION_SECONDS ?? 120);

/** A country reports: from the moment something happens in a province until it stands in the ordered log of the centre. */
export async function measure(): Promise<readonly Measurement[]> {
  const ground = await startFederationGround();
  const senders = forkBench('federation-senders.ts', []);
  try {
    const provinces: SimulatedProvince[] = [];
    for (let n = 0; n < PROVINCES; n++) {
      const [node, division] = [`p${n}`, `cn.p${n}`];
      provinces.push({ node, division, parent: await ground.enrol(node, division) });
    }
    const begun = performance.now();
    await ask(senders, { join: provinces, objects: OBJECTS });
    const joined = (performance.now() - begun) / 1_000;
    await settled(ground);
    return await watch(ground, senders, joined);
  } finally {
    await endChild(senders);
    await ground.stop();
  }
}

async function watch(ground: FederationGround, senders: ChildProcess, joined: number): Promise<Measurement[]> {
  const lags: number[] = [];
  const stop = await follow(ground, lags);
  const happened = GOALS.perSecond * SECONDS;
  const cpu = ground.cpu();
  const seconds = await ask(senders, { run: { perSecond: GOALS.perSecond, seconds: SECONDS } });
  const used = ground.cpu();
  await waitFor(() => lags.length >= happened, { timeoutMs: 30_000, what: 'all that happened to be at the centre' }).finally(stop);
  const figures = [
    figure('join', joined, `s until ${PROVINCES} nodes with ${OBJECTS} objects each were known`),
    figure('rate', happened / seconds, 'transitions/s'),
    figure('lag.p50', percentile(lags, 0.5), 'ms'),
    figure('lag.p99', percentile(lags, 0.99), `ms (limit ${GOALS.lagMs})`),
    figure('lag.max', percentile(lags, 1), 'ms'),
    figure('cores.process', (used.process - cpu.process) / seconds, 'cores of the centre'),
    figure('cores.postgres', (used.postgres - cpu.postgres) / seconds, 'cores of its PostgreSQL'),
    figure('transitions', lags.length, `of ${happened}`),
  ];
  const faults = [
    ...(lags.length === happened ? [] : [`${lags.length} changes are in the log of the centre, not ${happened}`]),
    ...(percentile(lags, 0.99) < GOALS.lagMs ? [] : [`the centre lags by more than ${GOALS.lagMs} ms`]),
    ...(happened / seconds > 0.95 * GOALS.perSecond ? [] : ['the nodes below could not send as fast as they should']),
  ];
  if (faults.length > 0) throw new Error(`${figures.map(line).join('\n')}\n${faults.join('\n')}`);
  return figures;
}

/** Nothing is left to be put in order. */
async function settled({ database }: FederationGround): Promise<void> {
  const open = async () => (await database.query<{ n: number }>('SELECT count(*)::int AS n FROM log WHERE sequence IS NULL')).rows[0]?.n;
  await waitFor(async () => (await open()) === 0, { timeoutMs: 120_000, intervalMs: 500, what: 'the log of the centre to be in order' });
}

/** Reads the ordered log as every reader in the centre does, and notes how late each change is. */
async function follow({ database }: FederationGround, lags: number[]): Promise<() => Promise<void>> {
  let place = await lastSequence(database);
  let reading: Promise<void> | undefined;
  let again = false;
  const read = async () => {
    do {
      again = false;
      const entries = await readLog(database, place, 2_000);
      const now = Date.now();
      for (const entry of entries) if (entry.kind === 'state') lags.push(now - entry.body.decidedAt);
      place = entries.at(-1)?.sequence ?? place;
      again ||= entries.length > 0;
    } while (again);
  };
  const unlisten = await database.listen(SEQUENCE_CHANNEL, () => {
    again = true;
    reading ??= read().finally(() => {
      reading = undefined;
    });
  });
  return async () => {
    await unlisten();
    await reading;
  };
}

async function ask(child: ChildProcess, asked: SendersAsked): Promise<number> {
  child.send(asked);
  const [answer] = (await once(child, 'message')) as [{ readonly done: number } | { readonly failed: string }];
  if ('failed' in answer) throw new Error(answer.failed);
  return answer.done;
}

function figure(name: string, value: number, unit: string): Measurement {
  return { name: `federationSustained.${name}`, value, unit, peer: null, peerValue: null };
}
