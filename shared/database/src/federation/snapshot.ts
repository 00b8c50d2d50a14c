/** The states of this moment, as a node below tells them; and how far its record is here. */
import type { ObservedUntil, Snapshot } from '@beacontower/contracts';
import type { Reason, State } from '@beacontower/domain';
import { appendLog, type NewLogEntry } from '../log.ts';
import type { Queryable } from '../pool.ts';
import { releaseHeldBack } from './held-back.ts';
import { type FederatedNode, REFUSAL_LEFT } from './place.ts';

/** A log that is so many lines behind is catching up: meanwhile the snapshot says what is. */
export const BEHIND_LINES = 500;

/** Watermarks that hold once the line is applied. */
export interface PendingObserved {
  readonly log: number;
  readonly observed: readonly { readonly node: string; readonly until: ObservedUntil }[];
}

/** What became of a snapshot. */
export type AppliedSnapshot =
  | {
      readonly outcome: 'applied';
      /** Objects whose present state is another now. */
      readonly changed: number;
      /** Objects that are otherwise in the record here though it is as far: histories differ. */
      readonly differing: number;
      readonly isBehind: boolean;
    }
  /** The log is behind, and this one tells changes alone: those before it are not shown yet. */
  | { readonly outcome: 'whole-needed' };

/** Takes in a snapshot, with the node's row locked; `held` is that row. The caller has checked version, base and scope. */
export async function applySnapshot(tx: Queryable, held: FederatedNode, snapshot: Snapshot, now: number): Promise<AppliedSnapshot> {
  const { node, sequence } = held;
  const isBehind = snapshot.log - sequence > BEHIND_LINES || (held.behindUntil !== null && sequence < held.behindUntil);
  if (isBehind && held.behindUntil === null && snapshot.base !== null) return { outcome: 'whole-needed' };
  const behindUntil = isBehind ? Math.max(snapshot.log, held.behindUntil ?? 0) : null;
  const pending: readonly PendingObserved[] = snapshot.log > sequence ? withPending(held.pending, snapshot) : [];
  if (snapshot.log <= sequence) await observe(tx, snapshot.observed);
  await tx.query(
    `UPDATE federation_nodes SET snapshot_version = $2, present_at = $3, heard_at = $3, offset_ms = $4, behind_until = $5, observed_pending = $6,
       behind_from = CASE WHEN $5::bigint IS NULL THEN NULL ELSE coalesce(behind_from, (SELECT coalesce(max(id), 0) FROM transitions)) END,
       refused = ${REFUSAL_LEFT} WHERE node = $1`,
    [node, snapshot.version, now, snapshot.at - now, behindUntil, JSON.stringify(pending)],
  );
  const unsaid = isBehind && snapshot.base === null ? await readUnsaid(tx, node, snapshot) : [];
  const changed = isBehind ? await showStates(tx, [...snapshot.states, ...unsaid], now) : 0;
  const differing = !isBehind && snapshot.base === null && snapshot.log <= sequence ? await countDiffering(tx, snapshot, sequence) : 0;
  return { outcome: 'applied', changed, differing, isBehind };
}

// A whole one leaves out what is unknown there: what was shown of that before the cut is not what is.
async function readUnsaid(tx: Queryable, node: string, { states, at }: Snapshot): Promise<Snapshot['states']> {
  const { rows } = await tx.query<{ object: string }>(
    `SELECT c.subject AS object FROM inventory i JOIN current_states c ON c.subject = i.id AND c.subject_kind = 'object'
     WHERE i.remote IN (SELECT node FROM federation_nodes WHERE node = $1 OR via = $1) AND i.entity = 'object' AND i.superseded_at IS NULL
       AND i.valid_to IS NULL AND c.state <> 'unknown' AND NOT EXISTS (SELECT FROM unnest($2::text[]) AS said (object) WHERE said.object = i.id)`,
    [node, states.map(([object]) => object)],
  );
  return rows.map(({ object }) => [object, 'unknown', at, 'not-looked-at']);
}

// What is newer here than there was told by a line since; of that nothing can be said.
async function countDiffering(tx: Queryable, { states, log }: Snapshot, sequence: number): Promise<number> {
  const { rows } = await tx.query<{ differing: number }>(
    `SELECT count(*) AS differing FROM unnest($1::text[], $2::text[], $3::bigint[]) AS n (subject, state, since)
       LEFT JOIN current_states c ON c.subject = n.subject
     WHERE c.subject IS NULL OR ((c.state <> n.state OR c.since <> n.since) AND (c.since <= n.since OR $4))`,
    [states.map(([object]) => object), states.map(([, state]) => state), states.map(([, , since]) => since), log === sequence],
  );
  return rows[0]?.differing ?? 0;
}

// The first one is kept: while new ones come in as fast as lines are applied, the newest alone would never be reached.
function withPending(pending: readonly PendingObserved[], { log, observed }: Snapshot): readonly PendingObserved[] {
  const [first] = pending;
  return first === undefined ? [{ log, observed }] : [first, { log, observed }];
}

/** Moves watermarks forward, never back. */
async function observe(tx: Queryable, observed: Snapshot['observed']): Promise<void> {
  await tx.query(
    `UPDATE federation_nodes f SET observed_pinged = greatest(f.observed_pinged, n.pinged), observed_all = greatest(f.observed_all, n.every),
       observed_composed = greatest(f.observed_composed, n.composed)
     FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[]) AS n (node, pinged, every, composed) WHERE f.node = n.node`,
    [
      observed.map(({ node }) => node),
      observed.map(({ until }) => until.pinged),
      observed.map(({ until }) => until.all),
      observed.map(({ until }) => until.composed),
    ],
  );
}

/** What is shown of an object is another now; `before`: what was shown until then. */
interface Shown {
  readonly object: string;
  readonly since: number;
  readonly before: State;
  readonly state: State;
  readonly reason: Reason;
}

async function showStates(tx: Queryable, states: Snapshot['states'], now: number): Promise<number> {
  if (states.length === 0) return 0;
  const { rows } = await tx.query<{ [K in keyof Shown]: Shown[K] }>(
    `WITH told AS (SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[]) AS n (subject, state, since, reason)),
       before AS (SELECT c.subject, c.state FROM current_states c WHERE c.subject = ANY ($1)),
       shown AS (INSERT INTO current_states AS c (subject, subject_kind, object_id, state, since, reason, transition)
         SELECT n.subject, 'object', n.subject, n.state, n.since, n.reason, 0 FROM told n
         WHERE EXISTS (SELECT FROM inventory i WHERE i.entity = 'object' AND i.id = n.subject AND i.superseded_at IS NULL AND i.remote IS NOT NULL)
         ON CONFLICT (subject) DO UPDATE SET state = excluded.state, since = excluded.since, reason = excluded.reason
           WHERE c.state <> excluded.state OR c.since <> excluded.since RETURNING c.subject, c.since, c.state, c.reason)
     SELECT s.subject AS object, s.since, coalesce(b.state, 'unknown') AS before, s.state, s.reason FROM shown s LEFT JOIN before b USING (subject)`,
    [
      states.map(([object]) => object),
      states.map(([, state]) => state),
      states.map(([, , since]) => since),
      states.map(([, , , reason]) => reason),
    ],
  );
  await appendLog(
    tx,
    rows.map((shown) => revisedEntry(shown.object, shown.since, 0, shown)),
    now,
  );
  return rows.length;
}

// Whoever follows the present is told of it by `shown`: there is no transition of it yet.
function revisedEntry(object: string, from: number, written: number, shown: Shown | undefined): NewLogEntry {
  const body = { object, from, to: null, superseded: 0, written };
  const isOther = shown !== undefined && shown.before !== shown.state;
  return {
    kind: 'revised',
    subject: object,
    body: isOther ? { ...body, shown: { from: shown.before, to: shown.state, reason: shown.reason } } : body,
    eventAt: from,
  };
}

/** After lines were applied up to `sequence`: watermarks that hold from there on, and present states that are the record's again. */
export async function settlePlace(tx: Queryable, held: FederatedNode, sequence: number, now: number): Promise<void> {
  const reached = held.pending.filter(({ log }) => log <= sequence);
  for (const { observed } of reached) await observe(tx, [...observed]);
  const caughtUp = held.behindUntil !== null && sequence >= held.behindUntil;
  if (caughtUp) await catchUp(tx, held, now);
  if (reached.length === 0 && !caughtUp) return;
  const left = held.pending.filter(({ log }) => log > sequence);
  if (left.length === 0) await releaseHeldBack(tx, held.node, now);
  await tx.query(
    'UPDATE federation_nodes SET observed_pending = $2, behind_until = $3, behind_from = CASE WHEN $3::bigint IS NULL THEN NULL ELSE behind_from END WHERE node = $1',
    [held.node, JSON.stringify(left), caughtUp ? null : held.behindUntil],
  );
}

/**
 * Once the log has caught up: present states are the record's again, and what was written meanwhile is told, an entry an object. Told with
 * each line, a month of changes would be read by everybody who reads the log, and each of them is over.
 */
async function catchUp(tx: Queryable, { node, behindFrom }: FederatedNode, now: number): Promise<void> {
  const { rows: below } = await tx.query<{ node: string }>('SELECT node FROM federation_nodes WHERE node = $1 OR via = $1', [node]);
  const nodes = below.map((row) => row.node);
  const shown = await projectStates(tx, nodes, behindFrom ?? 0);
  const written = await tx.query<{ object: string; from: number; written: number }>(
    `SELECT object_id AS object, min(at) AS from, count(*) AS written FROM transitions
     WHERE id > $2 AND subject_kind = 'object' AND superseded_at IS NULL AND split_part(object_id, ':', 1) = ANY ($1) GROUP BY object_id`,
    [nodes, behindFrom ?? 0],
  );
  const told = new Map(shown.map((each) => [each.object, { from: each.since, written: 0 }]));
  for (const { object, from, written: count } of written.rows) told.set(object, { from, written: count });
  const after = new Map(shown.map((each) => [each.object, each]));
  const entries = [...told].map(([object, { from, written: count }]) => revisedEntry(object, from, count, after.get(object)));
  await appendLog(tx, entries, now);
}

/** Present states of nodes' objects, and of checks that changed since, as the record has them. Returns the objects that were shown otherwise. */
async function projectStates(tx: Queryable, nodes: readonly string[], since: number): Promise<Shown[]> {
  const { rows } = await tx.query<{ [K in keyof Shown]: Shown[K] } & { readonly kind: string }>(
    `WITH record AS (SELECT t.* FROM (
         SELECT DISTINCT id AS subject FROM inventory WHERE entity = 'object' AND superseded_at IS NULL AND remote = ANY ($1)
         UNION SELECT DISTINCT subject FROM transitions WHERE id > $2 AND subject_kind = 'check' AND split_part(object_id, ':', 1) = ANY ($1)) AS s,
         LATERAL (SELECT * FROM transitions WHERE subject = s.subject AND superseded_at IS NULL ORDER BY at DESC, id DESC LIMIT 1) AS t),
       before AS (SELECT c.subject, c.state FROM current_states c JOIN record USING (subject)),
       shown AS (INSERT INTO current_states AS c (subject, subject_kind, object_id, state, since, reason, transition)
         SELECT t.subject, t.subject_kind, t.object_id, t.to_state, t.at, t.reason, t.id FROM record t
         ON CONFLICT (subject) DO UPDATE SET state = excluded.state, since = excluded.since, reason = excluded.reason, transition = excluded.transition
           WHERE c.transition <> excluded.transition OR c.state <> excluded.state
         RETURNING c.subject, c.subject_kind, c.since, c.state, c.reason)
     SELECT s.subject AS object, s.subject_kind AS kind, s.since, coalesce(b.state, 'unknown') AS before, s.state, s.reason
     FROM shown s LEFT JOIN before b USING (subject)`,
    [nodes, since],
  );
  return rows.filter(({ kind }) => kind === 'object');
}
