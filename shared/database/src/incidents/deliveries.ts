/** The outbox of notifications: rows in `deliveries`, which end only when their result is recorded. Times are epoch ms. */
import type { DELIVERY_STATES, DeliveryBecause, NoticeStep } from '@beacontower/contracts';
import type { Queryable, Transaction } from '../pool.ts';

/** `group`: the row is the message that carries others (column `carrier` of those). */
export type DeliveryStep = NoticeStep | 'group';
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export interface NewDelivery {
  readonly id: string;
  readonly incident: string;
  readonly step: DeliveryStep;
  readonly occasion: string;
  readonly contact: string;
  readonly channel: string;
  readonly address: string | null;
  /** What is tried in turn while the channel stays down. */
  readonly fallbacks: readonly { readonly channel: string; readonly address: string | null }[];
  readonly language: string;
  readonly route: string | null;
  readonly because: DeliveryBecause;
  readonly payload: unknown;
  readonly follows: string | null;
  readonly state: 'pending' | 'withheld';
  /** Why it is withheld; null when it is not. */
  readonly reason: string | null;
  readonly createdAt: number;
  readonly decidedAt: number;
}

/** A delivery as the worker holds it after claiming it: `attempt` is the one now begun, from 1. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly incident: string;
  readonly step: DeliveryStep;
  readonly contact: string;
  readonly channel: string;
  readonly address: string | null;
  readonly language: string;
  readonly payload: unknown;
  readonly follows: string | null;
  readonly attempt: number;
  readonly attemptBase: number;
  readonly inDoubt: number;
  readonly decidedAt: number;
  readonly [column: string]: unknown;
}

/** What a message to one target was: enough to decide about the resolution that goes the same way. */
export interface AlarmRow {
  readonly id: string;
  readonly incident: string;
  readonly step: DeliveryStep;
  readonly contact: string;
  readonly channel: string;
  readonly address: string | null;
  readonly language: string;
  readonly state: DeliveryState;
  readonly lastError: string | null;
  readonly [column: string]: unknown;
}

/** A row that waits for its time: what the bus is told. */
export interface DueDelivery {
  readonly id: string;
  readonly attempt: number;
  readonly dueAt: number;
  readonly [column: string]: unknown;
}

/** Inserts deliveries; one that is already there (a replay) is left alone. Returns the ids that were new. */
export async function insertDeliveries(tx: Queryable, deliveries: readonly NewDelivery[]): Promise<Set<string>> {
  if (deliveries.length === 0) return new Set();
  const result = await tx.query<{ id: string }>(
    `INSERT INTO deliveries (id, incident_id, step, occasion, contact, channel, address, target_channel, target_address, fallbacks, language, route,
       because, payload, follows, state, created_at, due_at, released_at, last_error, decided_at)
     SELECT id, incident, step, occasion, contact, channel, address, channel, address, fallbacks, language, route, because, payload, follows, state,
       "createdAt", "createdAt", CASE WHEN state = 'pending' THEN "createdAt" END, reason, "decidedAt"
     FROM jsonb_to_recordset($1) AS d (id uuid, incident uuid, step text, occasion text, contact text, channel text, address text, fallbacks jsonb,
       language text, route text, because jsonb, payload jsonb, follows uuid, state text, "createdAt" bigint, reason text, "decidedAt" bigint)
     ON CONFLICT DO NOTHING RETURNING id`,
    [JSON.stringify(deliveries)],
  );
  return new Set(result.rows.map((row) => row.id));
}

/** The alarms (opened, escalated) of incidents, oldest first. */
export async function readAlarms(tx: Queryable, incidents: readonly string[]): Promise<AlarmRow[]> {
  if (incidents.length === 0) return [];
  const result = await tx.query<AlarmRow>(
    `SELECT id, incident_id AS incident, step, contact, channel, address, language, state, last_error AS "lastError" FROM deliveries
     WHERE incident_id = ANY ($1::uuid[]) AND step <> 'resolved' ORDER BY created_at, step = 'escalated', id`,
    [incidents],
  );
  return result.rows;
}

/** What stands in the way of a claim: nothing; an earlier message to the same target; or that target was never told. */
export type ClaimResult =
  | { readonly claim: 'claimed'; readonly delivery: ClaimedDelivery }
  | { readonly claim: 'waits' }
  | { readonly claim: 'cancelled'; readonly delivery: string; readonly incident: string }
  | { readonly claim: 'not-due' };

export interface ClaimOptions {
  readonly id: string;
  /** The attempt the job was made for: attempts made so far. */
  readonly attempt: number;
  readonly by: string;
  readonly now: number;
  /** When the claim lapses if no result is recorded: the attempt is then in doubt. */
  readonly lapsesAt: number;
}

/**
 * Claims a due delivery and records that its attempt begins. Messages to one target about one incident go in order: one waits
 * while an earlier one is unfinished, and a resolution is cancelled when none of its alarms went out.
 */
export async function claimDelivery(tx: Transaction, options: ClaimOptions): Promise<ClaimResult> {
  const row = await tx.query<{ step: DeliveryStep; incident: string; earlier: DeliveryState[] }>(
    `SELECT d.step, d.incident_id AS incident, ARRAY(SELECT e.state FROM deliveries e WHERE e.incident_id = d.incident_id AND e.contact = d.contact
         AND e.channel = d.channel AND e.address IS NOT DISTINCT FROM d.address AND e.id <> d.id
         AND (e.step = 'opened' OR (e.step = 'escalated' AND d.step = 'resolved')) AND d.step <> 'opened') AS earlier
     FROM deliveries d WHERE d.id = $1 AND d.attempt = $2 AND d.state IN ('pending', 'retrying') AND d.due_at <= $3::bigint + 100 FOR UPDATE OF d`,
    [options.id, options.attempt, options.now],
  );
  const found = row.rows[0];
  if (!found) return { claim: 'not-due' };
  if (found.earlier.some((state) => state === 'pending' || state === 'sending' || state === 'retrying')) return { claim: 'waits' };
  if (found.step === 'resolved' && !found.earlier.some((state) => state === 'delivered' || state === 'uncertain')) {
    await tx.query(
      `UPDATE deliveries SET state = 'cancelled', finished_at = $2, last_error = 'no alarm of this incident reached this target' WHERE id = $1`,
      [options.id, options.now],
    );
    return { claim: 'cancelled', delivery: options.id, incident: found.incident };
  }
  const claimed = await tx.query<ClaimedDelivery>(
    `UPDATE deliveries SET state = 'sending', attempt = attempt + 1, claimed_at = $2, claimed_by = $3, due_at = $4 WHERE id = $1
     RETURNING id, incident_id AS incident, step, contact, channel, address, language, payload, follows, attempt, attempt_base AS "attemptBase",
       in_doubt AS "inDoubt", decided_at AS "decidedAt"`,
    [options.id, options.now, options.by, options.lapsesAt],
  );
  const delivery = claimed.rows[0];
  if (!delivery) return { claim: 'not-due' };
  await tx.query('INSERT INTO delivery_attempts (delivery_id, attempt, started_at) VALUES ($1, $2, $3)', [
    delivery.id,
    delivery.attempt,
    options.now,
  ]);
  return { claim: 'claimed', delivery };
}

/** The result of one attempt, as it is recorded. */
export interface AttemptResult {
  readonly id: string;
  readonly attempt: number;
  readonly outcome: 'delivered' | 'retry' | 'rejected' | 'in-doubt';
  readonly state: 'delivered' | 'retrying' | 'uncertain' | 'dead';
  readonly status: number | null;
  readonly response: string | null;
  readonly error: string | null;
  /** When it is tried again; ignored when it ended. */
  readonly dueAt: number;
  readonly now: number;
}

/** Records a result if the attempt is still the one under way. False when another has meanwhile declared it in doubt. */
export async function recordAttempt(tx: Queryable, result: AttemptResult): Promise<boolean> {
  const ended = result.state !== 'retrying';
  const updated = await tx.query(
    `UPDATE deliveries SET state = $3, due_at = $4, finished_at = $5, last_error = $6, claimed_at = NULL, claimed_by = NULL,
       in_doubt = in_doubt + $7
     WHERE id = $1 AND attempt = $2 AND state = 'sending'`,
    [result.id, result.attempt, result.state, result.dueAt, ended ? result.now : null, result.error, result.outcome === 'in-doubt' ? 1 : 0],
  );
  if (updated.rowCount !== 1) return false;
  await tx.query(
    'UPDATE delivery_attempts SET ended_at = $3, outcome = $4, status = $5, response = $6 WHERE delivery_id = $1 AND attempt = $2',
    [result.id, result.attempt, result.now, result.outcome, result.status, result.response],
  );
  return true;
}

/** Attempts under way whose claim lapsed before `lapsedBefore`, or whose claimer is another process of the slot `slot` (null: of none) than `by`. */
export async function readLostClaims(
  db: Queryable,
  options: { readonly lapsedBefore: number; readonly slot: string | null; readonly by: string; readonly limit: number },
): Promise<ClaimedDelivery[]> {
  const result = await db.query<ClaimedDelivery>(
    `SELECT id, incident_id AS incident, step, contact, channel, address, language, payload, follows, attempt, attempt_base AS "attemptBase",
       in_doubt AS "inDoubt", decided_at AS "decidedAt"
     FROM deliveries WHERE state = 'sending'
       AND (due_at < $1 OR (claimed_by <> $3 AND split_part(claimed_by, '#', 1) = $2))
     ORDER BY due_at LIMIT $4`,
    [options.lapsedBefore, options.slot, options.by, options.limit],
  );
  return result.rows;
}

/** The channel a delivery goes by, as the inventory has it now (`body` null: no longer there), and the node's time zone. */
export async function readDeliveryTarget(
  db: Queryable,
  id: string,
): Promise<{ readonly channel: string; readonly body: unknown; readonly timeZone: string } | undefined> {
  const result = await db.query<{ channel: string; body: unknown; timeZone: string }>(
    `SELECT d.channel, c.body, coalesce(n.body ->> 'timeZone', 'UTC') AS "timeZone" FROM deliveries d
       LEFT JOIN inventory c ON c.entity = 'channel' AND c.id = d.channel AND c.superseded_at IS NULL AND c.valid_to IS NULL
       LEFT JOIN inventory n ON n.entity = 'node' AND n.superseded_at IS NULL AND n.valid_to IS NULL
     WHERE d.id = $1 LIMIT 1`,
    [id],
  );
  return result.rows[0];
}

/** Rows that wait for nothing but their turn and were due before `dueBefore`: the bus may have lost them. */
export async function readDueDeliveries(db: Queryable, dueBefore: number, limit: number): Promise<DueDelivery[]> {
  const result = await db.query<DueDelivery>(
    `SELECT d.id, d.attempt, d.due_at AS "dueAt" FROM deliveries d
     WHERE d.state IN ('pending', 'retrying') AND d.due_at < $1
       AND NOT EXISTS (SELECT 1 FROM deliveries before WHERE before.id = d.follows AND before.state IN ('pending', 'sending', 'retrying'))
     ORDER BY d.due_at LIMIT $2`,
    [dueBefore, limit],
  );
  return result.rows;
}

/** Later messages to the same target about the same incident, which may have waited for this one. */
export async function readFollowers(db: Queryable, id: string): Promise<DueDelivery[]> {
  const result = await db.query<DueDelivery>(
    `SELECT f.id, f.attempt, f.due_at AS "dueAt" FROM deliveries d JOIN deliveries f
       ON f.incident_id = d.incident_id AND f.contact = d.contact AND f.channel = d.channel AND f.address IS NOT DISTINCT FROM d.address
     WHERE d.id = $1 AND f.id <> d.id AND f.state IN ('pending', 'retrying') ORDER BY f.step = 'resolved', f.created_at`,
    [id],
  );
  return result.rows;
}

/** How many deliveries are in each state that has not ended, and how many ended badly. */
export async function countDeliveries(db: Queryable): Promise<Map<string, number>> {
  const result = await db.query<{ state: string; count: number }>(
    `SELECT state, count(*) AS count FROM deliveries WHERE state NOT IN ('delivered', 'cancelled') GROUP BY state`,
  );
  return new Map(result.rows.map((row) => [row.state, row.count]));
}
