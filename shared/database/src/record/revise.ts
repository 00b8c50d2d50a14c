import type { Transition } from '@beacontower/domain';
import { forgetAccounts } from '../accounting/forget.ts';
import { appendLog, type NewLogEntry } from '../log.ts';
import type { Queryable } from '../pool.ts';
import { type Difference, differenceOf, type InForce } from './revision.ts';
import { insertTransitions, type NewTransition, stateEntry, type TransitionRow, transitionOf } from './transitions.ts';

/** What is known from now on of one object (`check` null) or one of its checks (the check's id) over `[from, to)`. */
export interface Revision {
  readonly objectId: string;
  readonly check: string | null;
  /** Transitions in force whose edge (`at`) lies in `[from, to)` are held against `transitions`; epoch ms, `to` null: for ever. */
  readonly from: number;
  readonly to: number | null;
  /** In the order of their edges, every `at` in `[from, to)`. */
  readonly transitions: readonly Transition[];
  readonly resolutionMs: number;
  /** The lease epoch under which it was found; 0 when it was not found under one (an import, a person). */
  readonly epoch: number;
  /** Nobody is to be alarmed, whatever it leads to (a history that is taken in). */
  readonly silent?: true;
  /** `current_states` stays as it is: what is shown there meanwhile is newer than what is taken in. */
  readonly keepsPresent?: true;
}

/** What became of a revision: how many transitions were superseded and written; both 0 when all was known already. */
export interface Revised {
  readonly superseded: number;
  readonly written: number;
}

const NOTHING: Revised = { superseded: 0, written: 0 };

/**
 * Revises the record in the caller's transaction. What is in force and differs is superseded (never edited or deleted), what is new
 * is written, accounts of the time concerned are forgotten, and `current_states` stays the projection of the last in force. The same
 * revision a second time does nothing.
 *
 * The ordered log tells one `revised` entry for each revision of an object that changed anything, and a `state` entry for every new
 * transition that leads to the present state: what was over before something that stays in force is history and raises no alarm.
 *
 * Throws a RangeError when transitions are out of order or outside `[from, to)`.
 */
export async function reviseTransitions(tx: Queryable, revisions: readonly Revision[], now: number): Promise<Revised[]> {
  const results: Revised[] = [];
  for (const revision of revisions) results.push(await reviseOne(tx, revision, now));
  return results;
}

async function reviseOne(tx: Queryable, revision: Revision, now: number): Promise<Revised> {
  assertInOrder(revision);
  const subject = revision.check ?? revision.objectId;
  // Two that revise one subject at once would each keep what the other supersedes.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 4))', [subject]);
  const inForce = await readInForce(tx, subject, revision.from);
  const concerned = inForce.filter(({ transition }) => isWithin(revision, transition));
  const difference = differenceOf(concerned, revision.transitions);
  if (difference.superseded.length === 0 && difference.written.length === 0) return NOTHING;
  const gone = new Set(difference.superseded);
  const kept = inForce.filter((row) => !gone.has(row));
  const items = itemsOf(revision, difference, kept, inForce.at(-1));
  await supersede(tx, [...difference.superseded, ...items.flatMap(({ anew }) => anew ?? [])], now);
  const ids = await insertTransitions(tx, items, now);
  if (revision.keepsPresent !== true) await projectCurrent(tx, subject, revision);
  const entries = items.flatMap((item, index): NewLogEntry[] => (item.told ? [stateEntry(item, ids[index] as number)] : []));
  const result = { superseded: difference.superseded.length, written: difference.written.length };
  if (revision.check === null) {
    const span = spanOf(difference, kept);
    await forgetAccounts(tx, [{ objectId: revision.objectId, ...span }]);
    const body = { object: revision.objectId, ...span, ...result };
    entries.push({ kind: 'revised', subject: revision.objectId, body, eventAt: span.from });
  }
  await appendLog(tx, entries, now);
  return result;
}

function assertInOrder(revision: Revision): void {
  let before = revision.from;
  for (const { edge } of revision.transitions) {
    if (edge.at < before || (revision.to !== null && edge.at >= revision.to))
      throw new RangeError(`a revision of ${revision.check ?? revision.objectId} is out of order or outside its span at ${edge.at}`);
    before = edge.at;
  }
}

function isWithin({ from, to }: Revision, { edge }: Transition): boolean {
  return edge.at >= from && (to === null || edge.at < to);
}

interface Item extends NewTransition {
  /** The row this one is written in the place of though it says the same. */
  readonly anew?: InForce;
}

/**
 * The rows to be written. When the last in force goes and one before it stays, that one is the present again: it is written anew, since
 * readers of the log go by the greatest id they have seen of an object.
 */
function itemsOf(revision: Revision, difference: Difference, kept: readonly InForce[], lastBefore: InForce | undefined): Item[] {
  const head = { objectId: revision.objectId, check: revision.check, resolutionMs: revision.resolutionMs, epoch: revision.epoch };
  const last = kept.at(-1);
  const stays = last?.transition.edge.at ?? Number.NEGATIVE_INFINITY;
  const items = difference.written.map((transition): Item => {
    return { ...head, transition, told: isTold(revision, transition) && transition.edge.at >= stays };
  });
  const isPresentAgain = last !== undefined && last !== lastBefore && !items.some(({ transition }) => transition.edge.at >= stays);
  if (!isPresentAgain) return items;
  return [...items, { ...head, transition: last.transition, told: revision.silent !== true, anew: last }];
}

/** That an edge is open (a pair through "unknown" without length) changes no state: there is nothing to tell. */
function isTold(revision: Revision, transition: Transition): boolean {
  return revision.silent !== true && transition.reason !== 'edges-overlap';
}

/** The time whose account may be another now: from the first edge concerned to the next one that stays, null when there is none. */
function spanOf({ superseded, written }: Difference, kept: readonly InForce[]): { from: number; to: number | null } {
  const edges = [...superseded.map((row) => row.transition), ...written].map(({ edge }) => edge);
  const lastAt = Math.max(...edges.map((edge) => edge.at));
  const lastEnd = Math.max(...edges.map((edge) => edge.latest));
  const next = kept.find(({ transition }) => transition.edge.at > lastAt);
  return {
    from: Math.min(...edges.map((edge) => edge.earliest)),
    to: next === undefined ? null : Math.max(next.transition.edge.latest, lastEnd),
  };
}

/** Those from the moment on, and the last before it. */
async function readInForce(tx: Queryable, subject: string, from: number): Promise<InForce[]> {
  const result = await tx.query<TransitionRow & { id: number }>(
    `SELECT id, subject, from_state, to_state, at, earliest, latest, reason, decided_at FROM transitions
     WHERE subject = $1 AND superseded_at IS NULL AND at >= coalesce(
       (SELECT max(at) FROM transitions WHERE subject = $1 AND superseded_at IS NULL AND at < $2), $2)
     ORDER BY at, id`,
    [subject, from],
  );
  return result.rows.map((row) => ({ id: row.id, transition: transitionOf(row) }));
}

async function supersede(tx: Queryable, rows: readonly InForce[], now: number): Promise<void> {
  if (rows.length === 0) return;
  await tx.query('UPDATE transitions SET superseded_at = $2 WHERE id = ANY ($1)', [rows.map((row) => row.id), now]);
}

async function projectCurrent(tx: Queryable, subject: string, { check, objectId }: Revision): Promise<void> {
  const result = await tx.query(
    `INSERT INTO current_states (subject, subject_kind, object_id, state, since, reason, transition)
     SELECT subject, $2, $3, to_state, at, reason, id FROM transitions
     WHERE subject = $1 AND superseded_at IS NULL ORDER BY at DESC, id DESC LIMIT 1
     ON CONFLICT (subject) DO UPDATE SET state = excluded.state, since = excluded.since, reason = excluded.reason, transition = excluded.transition`,
    [subject, check === null ? 'object' : 'check', objectId],
  );
  if (result.rowCount === 0) await tx.query('DELETE FROM current_states WHERE subject = $1', [subject]);
}
