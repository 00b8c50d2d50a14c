/** The transitions accounts are made of, of many objects at once. */
import type { Transition } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { type TransitionRow, transitionOf } from '../record/transitions.ts';
import { readBetween, readOutageEnds } from './whole-outages.ts';

// Edges wider than this are found by an index of their own (migration 0004), so that the others can be found by their estimate.
const NARROW_MS = 3_600_000;

const COLUMNS = 't.id, t.subject, t.from_state, t.to_state, t.at, t.earliest, t.latest, t.reason, t.decided_at';
const IN_FORCE = 't.subject = s.subject AND t.superseded_at IS NULL';

type Row = TransitionRow & { id: number };

/**
 * The transitions of objects in force that matter to `[from, to)`, in order: all whose bounds meet it, the last before it and the first
 * after its beginning (which say what was so then), and both ends of every outage that reaches into it, since an outage is charged whole.
 * Objects without any are absent.
 */
export async function readActivity(
  db: Queryable,
  objects: readonly string[],
  from: number,
  to: number,
): Promise<Map<string, readonly Transition[]>> {
  const rows = new Map<string, Row[]>();
  for (const row of await readMeeting(db, objects, from, to)) push(rows, row);
  const read = [...rows].map(([subject, transitions]) => ({ subject, transitions }));
  const between = await readBetween<Row>(db, COLUMNS, read, { from, to });
  for (const { subject } of between) rows.delete(subject);
  for (const row of between) push(rows, row);
  for (const row of await readEnds(db, rows)) push(rows, row);
  return new Map([...rows].map(([id, list]) => [id, list.sort((a, b) => a.at - b.at || a.id - b.id).map(transitionOf)]));
}

function push(rows: Map<string, Row[]>, row: Row): void {
  const list = rows.get(row.subject);
  if (list === undefined) rows.set(row.subject, [row]);
  else list.push(row);
}

async function readMeeting(db: Queryable, objects: readonly string[], from: number, to: number): Promise<Row[]> {
  const { rows } = await db.query<Row>(
    `SELECT ${COLUMNS} FROM unnest($1::text[]) AS s (subject), LATERAL (
       SELECT * FROM (SELECT * FROM transitions t WHERE ${IN_FORCE} AND t.at < $2 ORDER BY t.at DESC, t.id DESC LIMIT 1) AS before
       UNION
       SELECT * FROM (SELECT * FROM transitions t WHERE ${IN_FORCE} AND t.at >= $2 ORDER BY t.at, t.id LIMIT 1) AS next
       UNION
       SELECT * FROM transitions t WHERE ${IN_FORCE} AND t.at >= $2::bigint - $4 AND t.at < $3::bigint + $4 AND t.latest >= $2 AND t.earliest < $3
       UNION
       SELECT * FROM transitions t WHERE ${IN_FORCE} AND t.latest - t.earliest > 3600000 AND t.latest >= $2 AND t.earliest < $3) AS t`,
    [objects, from, to, NARROW_MS],
  );
  return rows;
}

/** Both ends of the outages that the first and the last that were read lie in. */
function readEnds(db: Queryable, found: ReadonlyMap<string, readonly Row[]>): Promise<Row[]> {
  const read = [...found].flatMap(([subject, list]) => {
    const ordered = [...list].sort((a, b) => a.at - b.at || a.id - b.id);
    const [first, last] = [ordered[0], ordered.at(-1)];
    return first === undefined || last === undefined ? [] : [{ subject, first: changeOf(first), last: changeOf(last) }];
  });
  return readOutageEnds<Row>(db, COLUMNS, read);
}

function changeOf({ at, id, from_state: from, to_state: to }: Row) {
  return { at, id, from, to };
}

/** Objects of which a transition in force has bounds that meet `[from, to)`, or is dated after it. */
export async function readActive(db: Queryable, from: number): Promise<string[]> {
  const { rows } = await db.query<{ subject: string }>(
    `SELECT DISTINCT subject FROM (
       SELECT subject FROM transitions WHERE superseded_at IS NULL AND subject_kind = 'object' AND at >= $1::bigint - $2 AND latest >= $1
       UNION ALL
       SELECT subject FROM transitions
       WHERE superseded_at IS NULL AND subject_kind = 'object' AND latest - earliest > 3600000 AND latest >= $1) AS active`,
    [from, NARROW_MS],
  );
  return rows.map((row) => row.subject);
}
