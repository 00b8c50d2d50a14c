/** Which messages go before which: those to one target about one incident, in the order in which they were decided. */
import { goesFirst } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';

/** Of what has not ended; withheld ones hold up nobody. */
export const UNFINISHED = `('waiting', 'grouped', 'pending', 'sending', 'retrying')`;

/** Rows `a` and `b` tell the same contact at the same target of the same incident (whatever ways they are diverted to). */
export function sameTelling(a: string, b: string): string {
  return `${a}.incident_id = ${b}.incident_id AND ${a}.contact = ${b}.contact AND ${a}.target_channel = ${b}.target_channel
    AND ${a}.target_address IS NOT DISTINCT FROM ${b}.target_address AND ${a}.id <> ${b}.id`;
}

const rank = (row: string) => `CASE ${row}.step WHEN 'opened' THEN 0 WHEN 'resolved' THEN 2 ELSE 1 END`;

/** Row `a` goes before row `b`: what opened it first, its end last, whatever clocks said; between them in the order of their times. */
export function earlier(a: string, b: string): string {
  return `(${rank(a)}, ${a}.created_at) < (${rank(b)}, ${b}.created_at)`;
}

/** A message and one it waits for, by id; the second may be a delivery that still waits for its group. */
interface Wait {
  readonly message: string;
  readonly before: string;
  readonly [column: string]: unknown;
}

/** Messages looked at to find out whether some wait for each other. */
const MOST_STEPS = 20;

/** Whether a message, which others should precede, is the one that must go first because they wait for each other. */
export async function breaksCircle(db: Queryable, message: string): Promise<boolean> {
  const waits = new Map<string, string[]>();
  let asked = [message];
  for (let step = 0; step < MOST_STEPS && asked.length > 0; step += 1) {
    const found = await readWaits(db, asked);
    for (const id of asked) waits.set(id, []);
    for (const { message: waiting, before } of found) waits.get(waiting)?.push(before);
    asked = [...new Set(found.map(({ before }) => before))].filter((id) => !waits.has(id));
  }
  return goesFirst(message, waits);
}

async function readWaits(db: Queryable, messages: readonly string[]): Promise<Wait[]> {
  const result = await db.query<Wait>(
    `SELECT DISTINCT coalesce(r.carrier, r.id) AS message, coalesce(e.carrier, e.id) AS before
     FROM deliveries r JOIN deliveries e ON ${sameTelling('e', 'r')} AND ${earlier('e', 'r')}
     WHERE (r.id = ANY ($1::uuid[]) OR r.carrier = ANY ($1::uuid[])) AND r.state IN ${UNFINISHED} AND e.state IN ${UNFINISHED}
       AND coalesce(e.carrier, e.id) <> coalesce(r.carrier, r.id)`,
    [messages],
  );
  return result.rows;
}
