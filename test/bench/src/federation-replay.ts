import { appendUplinkLines, readUplinkChain } from '@beacontower/database';
import { chainOn, type Said } from '@beacontower/service-federation';
import { waitFor } from '@beacontower/testing';
import { type BenchProvince, startBenchProvince } from './federation-below.ts';
import { change } from './federation-change.ts';
import { type FederationGround, startFederationGround } from './federation-ground.ts';
import { line, type Measurement } from './measurement.ts';

/** What the issue asks for: a province's million transitions are at the centre in less than this, seconds; the states of this moment much sooner. */
export const GOALS = { replayS: 60, presentS: 10 } as const;
const NODE = 'gd';
const OBJECTS = 10_000;
const TRANSITIONS = Number(process.env.FEDERATION_TRANSITIONS ?? 1_000_000);
const CHUNK = 20_000;
const DAY_MS = 86_400_000;
/** As long as the line was cut. */
const CUT_MS = 30 * DAY_MS;

/** A province was cut off for thirty days and changed a million times: from the moment it can report again until the centre has all of it. */
export async function measure(): Promise<readonly Measurement[]> {
  const ground = await startFederationGround();
  let province: BenchProvince | undefined;
  try {
    province = await startBenchProvince(NODE, OBJECTS, await ground.enrol(NODE, `cn.${NODE}`));
    await province.report();
    await told(province);
    await province.pause();
    await fall(province);
    return await replay(ground, province);
  } finally {
    await province?.stop();
    await ground.stop();
  }
}

async function replay(ground: FederationGround, province: BenchProvince): Promise<Measurement[]> {
  const built = (await readUplinkChain(province.database))?.built ?? 0;
  const [begun, startedAt, cpu] = [performance.now(), Date.now(), ground.cpu()];
  await province.report();
  const reported = performance.now();
  let present = Number.NaN;
  const done = async () => {
    const { rows } = await ground.database.query<{ sequence: number; present: number | null }>(
      'SELECT sequence, present_at AS present FROM federation_nodes WHERE node = $1',
      [NODE],
    );
    if (Number.isNaN(present) && (rows[0]?.present ?? 0) >= startedAt) present = (performance.now() - reported) / 1_000;
    const sequence = rows[0]?.sequence ?? 0;
    if (process.env.FEDERATION_TRACE) process.stderr.write(`${((performance.now() - reported) / 1_000).toFixed(1)} s: ${sequence}\n`);
    return sequence >= built;
  };
  await waitFor(done, { timeoutMs: 600_000, intervalMs: 250, what: 'the million to be at the centre' });
  const seconds = (performance.now() - reported) / 1_000;
  const used = ground.cpu();
  const known = await countOf(ground, 'transitions WHERE superseded_at IS NULL');
  const figures = [
    figure('start', (reported - begun) / 1_000, 's until it reports'),
    figure('seconds', seconds, `s (limit ${GOALS.replayS})`),
    figure('rate', TRANSITIONS / seconds, 'transitions/s'),
    figure('present', present, `s until the states of this moment were there (limit ${GOALS.presentS})`),
    figure('cpu.process', used.process - cpu.process, 's of the centre'),
    figure('cpu.postgres', used.postgres - cpu.postgres, 's of its PostgreSQL'),
    figure('transitions', known, 'at the centre'),
  ];
  const faults = [
    ...(known === TRANSITIONS ? [] : [`there are ${known} transitions at the centre, not ${TRANSITIONS}`]),
    ...(seconds < GOALS.replayS ? [] : [`it took longer than ${GOALS.replayS} s`]),
    ...(present < GOALS.presentS ? [] : [`the states of this moment came after more than ${GOALS.presentS} s`]),
  ];
  if (faults.length > 0) throw new Error(`${figures.map(line).join('\n')}\n${faults.join('\n')}`);
  return figures;
}

async function countOf({ database }: FederationGround, what: string): Promise<number> {
  const { rows } = await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${what}`);
  return rows[0]?.n ?? 0;
}

/** Waits until all that was there before is told: what is told later would be taken for what is known anew. */
async function told({ database }: BenchProvince): Promise<void> {
  const live = async () => {
    const chain = await readUplinkChain(database);
    return chain !== null && chain.building.stage === 'live' && chain.acknowledged >= chain.built;
  };
  await waitFor(live, { timeoutMs: 300_000, intervalMs: 500, what: 'the first synchronisation to be over' });
}

/** The lines of the days in which nobody could be told: every object goes down and up again, in turn. */
async function fall({ database, objects }: BenchProvince): Promise<void> {
  const begin = Date.now() - CUT_MS;
  const step = CUT_MS / TRANSITIONS;
  for (let from = 0; from < TRANSITIONS; from += CHUNK) {
    const said = Array.from({ length: Math.min(CHUNK, TRANSITIONS - from) }, (_, n): Said => {
      const at = Math.floor(begin + (from + n) * step);
      const turn = Math.floor((from + n) / objects.length);
      const payload = change(objects[(from + n) % objects.length] ?? '', turn, at);
      return { kind: 'transition', eventAt: at, recordedAt: at, payload };
    });
    await database.transaction(async (tx) => {
      const chain = await readUplinkChain(tx);
      if (chain === null) throw new Error('it reports to nobody');
      const lines = chainOn({ sequence: chain.built, hash: chain.builtHash ?? '' }, said);
      await appendUplinkLines(tx, lines, chain, Date.now());
    });
  }
}

function figure(name: string, value: number, unit: string): Measurement {
  return { name: `federationReplay.${name}`, value, unit, peer: null, peerValue: null };
}
