import type { StateBody } from '@beacontower/contracts';
import { REASONS, type Reason, STATES, type State, type Transition } from '@beacontower/domain';
import { forgetAccounts } from '../accounting/forget.ts';
import { appendLog, type NewLogEntry } from '../log.ts';
import { plainArray } from '../plain-array.ts';
import type { Queryable } from '../pool.ts';

/** A transition to be recorded: of an object (`check` null) or of one of its checks (the check's id). */
export interface NewTransition {
  readonly objectId: string;
  readonly check: string | null;
  readonly transition: Transition;
  readonly resolutionMs: number;
  /** The lease epoch under which it was found. */
  readonly epoch: number;
  /** Whether the ordered log tells it. */
  readonly told: boolean;
}

/**
 * Records transitions in the caller's transaction: the rows, the projection of current states, the log rows for those that
 * are told, and the daily accounts they make untrue. The order given is the order of the rows' ids.
 */
export async function recordTransitions(tx: Queryable, transitions: readonly NewTransition[], recordedAt: number): Promise<void> {
  if (transitions.length === 0) return;
  const ids = await insertTransitions(tx, transitions, recordedAt);
  await upsertCurrentStates(tx, transitions, ids);
  await forgetAccounts(
    tx,
    transitions
      .filter((item) => item.check === null)
      .map(({ objectId, transition }) => ({
        objectId,
        from: transition.edge.earliest,
        to: null,
        exact: transition.from !== 'down',
      })),
  );
  await appendLog(
    tx,
    transitions.flatMap((item, index) => entriesOf(item, ids[index] as number)),
    recordedAt,
  );
}

// That an edge is open changes no state, but how sure one is of the object's past: who keeps a copy has to know.
function entriesOf(item: NewTransition, id: number): NewLogEntry[] {
  if (item.told) return [stateEntry(item, id)];
  if (item.check !== null || item.transition.reason !== 'edges-overlap') return [];
  const { at, earliest, latest } = item.transition.edge;
  const body = { object: item.objectId, from: at, to: Math.max(at, latest) + 1, superseded: 0, written: 1 };
  return [{ kind: 'revised', subject: item.objectId, body, eventAt: earliest }];
}

/** Writes the rows and nothing else; returns their ids in the order given. */
export async function insertTransitions(tx: Queryable, items: readonly NewTransition[], recordedAt: number): Promise<number[]> {
  const result = await tx.query<{ id: number }>(
    `INSERT INTO transitions (subject_kind, subject, object_id, from_state, to_state, at, earliest, latest, reason, resolution_ms, decided_at, epoch, recorded_at)
     SELECT subject_kind, subject, object_id, from_state, to_state, at, earliest, latest, reason, resolution_ms, decided_at, epoch, $13
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::text[], $10::int[], $11::bigint[], $12::bigint[])
       WITH ORDINALITY AS t (subject_kind, subject, object_id, from_state, to_state, at, earliest, latest, reason, resolution_ms, decided_at, epoch, position)
     ORDER BY position
     RETURNING id`,
    [
      plainArray(items.map((item) => (item.check === null ? 'object' : 'check'))),
      items.map((item) => item.check ?? item.objectId),
      items.map((item) => item.objectId),
      plainArray(items.map((item) => item.transition.from)),
      plainArray(items.map((item) => item.transition.to)),
      plainArray(items.map((item) => item.transition.edge.at)),
      plainArray(items.map((item) => item.transition.edge.earliest)),
      plainArray(items.map((item) => item.transition.edge.latest)),
      plainArray(items.map((item) => item.transition.reason)),
      plainArray(items.map((item) => item.resolutionMs)),
      plainArray(items.map((item) => item.transition.decidedAt)),
      plainArray(items.map((item) => item.epoch)),
      recordedAt,
    ],
  );
  return result.rows.map((row) => row.id).sort((a, b) => a - b);
}

/** The projection of the last transition of each subject. */
export async function upsertCurrentStates(tx: Queryable, items: readonly NewTransition[], ids: readonly number[]): Promise<void> {
  const latest = new Map(items.map((item, index) => [item.check ?? item.objectId, { item, id: ids[index] as number }]));
  const rows = [...latest.entries()];
  await tx.query(
    `INSERT INTO current_states (subject, subject_kind, object_id, state, since, reason, transition)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::bigint[])
     ON CONFLICT (subject) DO UPDATE SET state = excluded.state, since = excluded.since, reason = excluded.reason, transition = excluded.transition`,
    [
      rows.map(([subject]) => subject),
      rows.map(([, { item }]) => (item.check === null ? 'object' : 'check')),
      rows.map(([, { item }]) => item.objectId),
      rows.map(([, { item }]) => item.transition.to),
      rows.map(([, { item }]) => item.transition.edge.at),
      rows.map(([, { item }]) => item.transition.reason),
      rows.map(([, { id }]) => id),
    ],
  );
}

/** How the ordered log tells a transition; `id` is that of its row. */
export function stateEntry(item: NewTransition, id: number): NewLogEntry {
  const { from, to, edge, reason, decidedAt } = item.transition;
  const body: StateBody = { transition: id, object: item.objectId, check: item.check, from, to, ...edge, reason, decidedAt };
  return { kind: item.check === null ? 'state' : 'check', subject: item.check ?? item.objectId, body, eventAt: edge.at };
}

/** Why each of the objects is in trouble now; those that are not are absent. */
export async function readReasons(db: Queryable, objects: readonly string[]): Promise<Map<string, Reason>> {
  const result = await db.query<{ subject: string; reason: string }>(
    "SELECT subject, reason FROM current_states WHERE subject = ANY ($1) AND subject_kind = 'object' AND state IN ('down', 'degraded')",
    [objects],
  );
  return new Map(result.rows.map((row) => [row.subject, known(REASONS, row.reason)]));
}

/** A row of `transitions` as it is read. */
export interface TransitionRow {
  subject: string;
  from_state: string;
  to_state: string;
  at: number;
  earliest: number;
  latest: number;
  reason: string;
  decided_at: number;
}

/**
 * The transitions in force of each subject that matter to `[from, to)`: all whose bounds meet it, and the last before it; where there is
 * none before it, the very first, which says what was so until then: the bounds of a later one may reach further back. Subjects without any are absent from the result.
 */
export async function readTransitions(
  db: Queryable,
  subjects: readonly string[],
  from: number,
  to: number,
): Promise<Map<string, Transition[]>> {
  const result = await db.query<TransitionRow>(
    `SELECT subject, from_state, to_state, at, earliest, latest, reason, decided_at FROM (
       SELECT t.* FROM transitions t WHERE t.subject = ANY ($1) AND t.superseded_at IS NULL AND t.latest >= $2 AND t.earliest < $3
       UNION
       SELECT t.* FROM unnest($1::text[]) AS s (subject), LATERAL (
         SELECT * FROM transitions WHERE transitions.subject = s.subject AND superseded_at IS NULL AND at < $2 ORDER BY at DESC, id DESC LIMIT 1
       ) AS t
       UNION
       SELECT t.* FROM unnest($1::text[]) AS s (subject), LATERAL (
         SELECT * FROM transitions WHERE transitions.subject = s.subject AND superseded_at IS NULL ORDER BY at, id LIMIT 1
       ) AS t WHERE t.at >= $2
     ) AS found ORDER BY subject, at, id`,
    [subjects, from, to],
  );
  const bySubject = new Map<string, Transition[]>();
  for (const row of result.rows) {
    const list = bySubject.get(row.subject);
    if (list) list.push(transitionOf(row));
    else bySubject.set(row.subject, [transitionOf(row)]);
  }
  return bySubject;
}

export function transitionOf(row: TransitionRow): Transition {
  return {
    from: known(STATES, row.from_state),
    to: known(STATES, row.to_state),
    edge: { at: row.at, earliest: row.earliest, latest: row.latest },
    reason: known(REASONS, row.reason),
    decidedAt: row.decided_at,
  };
}

function known<T extends State | Reason>(names: readonly T[], text: string): T {
  const found = names.find((name) => name === text);
  if (found === undefined) throw new RangeError(`"${text}" is not among ${names.join(', ')}`);
  return found;
}
