import { Wall } from '@beacontower/contracts';
import { appendLog, type Database, dispatchLog } from '@beacontower/database';
import { fillCountry, judge, PROVINCES } from './console-data.ts';
import { startConsoleGround } from './console-ground.ts';
import { line, type Measurement, percentile } from './measurement.ts';

/** A wall must be answered in less than this, seconds. */
export const WALL_LIMIT_S = 1;
const OBJECTS = 100_000;
const RUNS = 20;

/** A wall over a hundred thousand objects: made anew after each of some changes, and by many who ask at once. */
export async function measure(): Promise<readonly Measurement[]> {
  const ground = await startConsoleGround((database) => fillCountry(database, OBJECTS));
  try {
    const get = async () => {
      const answer = await fetch(`${ground.url}/api/v1/wall`, { headers: { authorization: `Bearer ${ground.token}` } });
      if (!answer.ok) throw new Error(`the wall: ${answer.status} ${await answer.text()}`);
      return answer.text();
    };
    const first = await secondsOf(get);
    check(Wall.parse(JSON.parse(await get())));
    const made: number[] = [];
    const cpu = ground.cpu();
    for (let run = 0; run < RUNS; run++) {
      await change(ground.database, run);
      made.push(await secondsOf(get));
    }
    const used = (ground.cpu() - cpu) / RUNS;
    await change(ground.database, RUNS);
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

function check({ tiles, counts, circuits }: Wall): void {
  const total = counts.up + counts.degraded + counts.down + counts.unknown;
  if (tiles.length !== PROVINCES || total !== OBJECTS || counts.unknown !== 0 || circuits.length !== 2 * PROVINCES)
    throw new Error(`the wall shows ${tiles.length} tiles, ${total} objects (${counts.unknown} unknown), ${circuits.length} circuits`);
}

/** An object changes: what was kept is not good any more. */
async function change(db: Database, n: number): Promise<void> {
  const [object, at] = [`bench:line-${1_000 + n}`, Date.now()];
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

function figure(name: string, value: number, unit: string): Measurement {
  return { name: `wall.${OBJECTS}.${name}`, value, unit, peer: null, peerValue: null };
}
