import { Wall } from '@beacontower/contracts';
import { appendLog, type Database, dispatchLog } from '@beacontower/database';
import { fillCountry, judge, lineId, PROVINCES, SILENT } from './console-data.ts';
import { startConsoleGround } from './console-ground.ts';
import { line, type Measurement, percentile } from './measurement.ts';

/** A wall must be answered in less than this, seconds. */
export const WALL_LIMIT_S = 1;
const OBJECTS = Number(process.env.BENCH_OBJECTS ?? 100_000);
const RUNS = 20;
/** The first of the lines that change: of a node that is heard. */
const CHANGED = 1_003;

/** A wall over a hundred thousand objects: made anew after each of some changes, and by many who ask at once. */
export const measure = (): Promise<readonly Measurement[]> => measureOf(false);

/** The same of the lines of 32 nodes that report here, some of them silent, beside as many of this node's own: what it costs that they are others'. */
export async function measureFederated(): Promise<readonly Measurement[]> {
  const own = await measureOf(false);
  const others = await measureOf(true);
  const ratios = others.map(({ name, value }, place) => ({
    ...{ name: `${name}.ratio`, value: value / (own[place]?.value ?? Number.NaN), unit: 'of what own objects take' },
    ...{ peer: null, peerValue: null },
  }));
  return [...own, ...others, ...ratios];
}

async function measureOf(remote: boolean): Promise<readonly Measurement[]> {
  const figure = (name: string, value: number, unit: string): Measurement => {
    return { name: `wall${remote ? 'Federated' : ''}.${OBJECTS}.${name}`, value, unit, peer: null, peerValue: null };
  };
  const ground = await startConsoleGround((database) => fillCountry(database, OBJECTS, remote));
  try {
    const get = async () => {
      const answer = await fetch(`${ground.url}/api/v1/wall`, { headers: { authorization: `Bearer ${ground.token}` } });
      if (!answer.ok) throw new Error(`the wall: ${answer.status} ${await answer.text()}`);
      return answer.text();
    };
    const first = await secondsOf(get);
    check(Wall.parse(JSON.parse(await get())), remote);
    const made: number[] = [];
    const cpu = ground.cpu();
    for (let run = 0; run < RUNS; run++) {
      await change(ground.database, lineId(remote, CHANGED + run));
      made.push(await secondsOf(get));
    }
    const used = (ground.cpu() - cpu) / RUNS;
    await change(ground.database, lineId(remote, CHANGED + RUNS));
    const together = await secondsOf(() => Promise.all(Array.from({ length: 100 }, get)));
    const figures = [
      figure('first', first, 's'),
      figure('anew.p50', percentile(made, 0.5), `s (limit ${WALL_LIMIT_S})`),
      figure('anew.max', Math.max(...made), 's'),
      figure('anew.cpu', used, 's of the API'),
      figure('hundredAtOnce', together, 's for all'),
    ];
    if (percentile(made, 0.5) < WALL_LIMIT_S) return figures;
    throw new Error(`${figures.map(line).join('\n')}\na wall of ${OBJECTS} objects took longer than ${WALL_LIMIT_S} s`);
  } finally {
    await ground.stop();
  }
}

function check({ tiles, counts, circuits }: Wall, remote: boolean): void {
  const own = Math.ceil((OBJECTS - 3 * PROVINCES) / PROVINCES);
  const [least, most] = remote ? [SILENT * (own - 1), SILENT * own] : [0, 0];
  const total = counts.up + counts.degraded + counts.down + counts.unknown;
  if (
    tiles.length !== PROVINCES ||
    total !== OBJECTS ||
    counts.unknown < least ||
    counts.unknown > most ||
    circuits.length !== 2 * PROVINCES
  )
    throw new Error(`the wall shows ${tiles.length} tiles, ${total} objects (${counts.unknown} unknown), ${circuits.length} circuits`);
}

/** An object changes: what was kept is not good any more. */
async function change(db: Database, object: string): Promise<void> {
  const at = Date.now();
  await judge(db);
  await db.transaction(async (tx) => {
    await tx.query("UPDATE current_states SET state = 'down', since = $2 WHERE subject = $1", [object, at]);
    const edge = { at, earliest: at, latest: at };
    const body = { transition: 1, object, check: null, from: 'up', to: 'down', ...edge, reason: 'no-reply', decidedAt: at } as const;
    await appendLog(tx, [{ kind: 'state', subject: object, body, eventAt: at }], at);
    await dispatchLog(tx, 1);
  });
  // Longer than what was made before is good for.
  await new Promise((resolve) => setTimeout(resolve, 1_100));
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1_000;
}
