/** States of objects as the conditions need them: light rows, since a storm is a hundred thousand of them. */
import type { State } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { ofOtherNode } from '../record/observed-nodes.ts';

/** A state that an object entered. Times are epoch ms. */
export interface ObservedState {
  readonly object: string;
  readonly state: State;
  readonly at: number;
  readonly earliest: number;
  /** Its place in the log; null when it was not read there. */
  readonly sequence: number | null;
}

/** The present states of these objects, by id; one of which nothing was ever said is left out. */
export async function readObservedStates(db: Queryable, objects: readonly string[]): Promise<Map<string, ObservedState>> {
  const result = await db.query<{ object: string; state: State; at: number; earliest: number }>(
    `SELECT c.subject AS object, c.state, c.since AS at, t.earliest FROM current_states c JOIN transitions t ON t.id = c.transition
     WHERE c.subject_kind = 'object' AND c.subject = ANY ($1)`,
    [objects],
  );
  return new Map(result.rows.map((row) => [row.object, { ...row, sequence: null }]));
}

/** What the log tells of objects after a place in it. `last` is how far that goes; `read` counts entries of every kind. */
export interface StateChanges {
  readonly changes: readonly ObservedState[];
  readonly last: number;
  readonly read: number;
}

export async function readStateChanges(db: Queryable, after: number, limit: number): Promise<StateChanges> {
  const result = await db.query<{ sequence: number; object: string | null; state: State; at: number; earliest: number }>(
    `SELECT sequence, CASE WHEN kind = 'state' AND body ->> 'check' IS NULL THEN body ->> 'object' END AS object, body ->> 'to' AS state,
       (body ->> 'at')::bigint AS at, (body ->> 'earliest')::bigint AS earliest
     FROM log WHERE sequence > $1 ORDER BY sequence LIMIT $2`,
    [after, limit],
  );
  const changes = result.rows.flatMap(({ object, ...row }) => (object === null ? [] : [{ object, ...row }]));
  return { changes, last: result.rows.at(-1)?.sequence ?? after, read: result.rows.length };
}

/** Nobody goes on from where a reader of the log stood. */
export async function forgetReader(tx: Queryable, name: string): Promise<void> {
  await tx.query('DELETE FROM log_readers WHERE name = $1', [name]);
}

/** Whether rows of the log have no place in it yet: what they tell may change what is due. Of other nodes' objects there always are some. */
export async function hasUnreadLog(db: Queryable): Promise<boolean> {
  const waiting = await db.query(`SELECT 1 FROM log WHERE sequence IS NULL AND NOT ${ofOtherNode('subject')} LIMIT 1`);
  return waiting.rowCount !== 0;
}

/** Those of the objects whose trouble is, or is about to be, explained by another's: symptoms of an incident under way, and undecided ones. */
export async function readExplained(db: Queryable, objects: readonly string[]): Promise<Set<string>> {
  if (objects.length === 0) return new Set();
  const result = await db.query<{ object: string }>(
    `SELECT m.object_id AS object FROM incident_members m JOIN incidents n ON n.id = m.incident_id
     WHERE m.object_id = ANY ($1) AND m.role = 'symptom' AND m.left_at IS NULL AND n.kind = 'outage'
     UNION SELECT object_id FROM correlation_pending WHERE object_id = ANY ($1)`,
    [objects],
  );
  return new Set(result.rows.map(({ object }) => object));
}
