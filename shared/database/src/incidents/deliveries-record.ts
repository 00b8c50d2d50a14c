/** Recording what became of an attempt: the row, the proof, the channel's breaker, and those that were carried. Times are epoch ms. */
import { type Evidence, type Onward, sameWay } from '@beacontower/domain';
import { type BreakerChange, noteAttempt } from '../channels/breaker.ts';
import type { Queryable, Transaction } from '../pool.ts';
import type { AttemptUnderWay } from './deliveries.ts';
import { failingSinceOf } from './deliveries-claim.ts';
import { divert, logStates } from './deliveries-way.ts';

/** The result of one attempt, as it is recorded. */
export interface AttemptResult {
  readonly outcome: 'delivered' | 'retry' | 'rejected' | 'in-doubt';
  readonly status: number | null;
  readonly response: string | null;
  readonly error: string | null;
  /** SHA-256 (hex) of what was sent; null when nothing was. */
  readonly digest: string | null;
  readonly retryAfterMs: number | null;
  /** What it says of the channel. */
  readonly evidence: Evidence;
  readonly onward: Onward | { readonly state: 'delivered'; readonly pauseMs: 0; readonly divert: null };
  readonly now: number;
}

/** What recording did; null when another has meanwhile declared the attempt in doubt. */
export type Recorded = { readonly breaker: BreakerChange } | null;

/** Records a result if the attempt is still the one under way; what was carried has its state. */
export async function recordAttempt(tx: Transaction, attempt: AttemptUnderWay, result: AttemptResult): Promise<Recorded> {
  const { onward, now } = result;
  const ended = onward.state !== 'retrying';
  const updated = await tx.query(
    `WITH ended AS (UPDATE deliveries SET state = $3, due_at = $4, finished_at = $5, last_error = $6, claimed_at = NULL, claimed_by = NULL,
         in_doubt = in_doubt + $7
       WHERE id = $1 AND attempt = $2 AND state = 'sending' RETURNING id, attempt)
     UPDATE delivery_attempts a SET ended_at = $8, outcome = $9, status = $10, response = $11, digest = $12 FROM ended
     WHERE a.delivery_id = ended.id AND a.attempt = ended.attempt`,
    [
      attempt.id,
      attempt.attempt,
      onward.state,
      now + onward.pauseMs,
      ended ? now : null,
      result.error,
      result.outcome === 'in-doubt' ? 1 : 0,
      now,
      result.outcome,
      result.status,
      result.response,
      result.digest,
    ],
  );
  if (updated.rowCount !== 1) return null;
  if (onward.divert && !sameWay(onward.divert.way, attempt)) await divert(tx, attempt, { ...onward.divert, now });
  const told = [{ id: attempt.id, incident: attempt.incident }];
  if (ended && attempt.step === 'group') told.push(...(await endCarried(tx, attempt.id)));
  await logStates(tx, told, { state: onward.state, attempt: attempt.attempt, now });
  const { evidence, retryAfterMs, error } = result;
  return { breaker: await noteAttempt(tx, attempt.channel, { evidence, retryAfterMs, error, now }) };
}

/** When the first attempt of a message by its present way began, so that its fallback is used in time; null: none did. */
export async function readFailingSince(db: Queryable, id: string): Promise<number | null> {
  const result = await db.query<{ since: number | null }>(`SELECT ${failingSinceOf('d')} AS since FROM deliveries d WHERE d.id = $1`, [id]);
  return result.rows[0]?.since ?? null;
}

// Each incident shows who was told of it and how: the way it went is theirs too.
async function endCarried(tx: Queryable, carrier: string): Promise<{ id: string; incident: string | null }[]> {
  const result = await tx.query<{ id: string; incident: string | null }>(
    `UPDATE deliveries r SET state = m.state, finished_at = m.finished_at, last_error = m.last_error, in_doubt = m.in_doubt, channel = m.channel,
       address = m.address, diverted = m.diverted
     FROM deliveries m WHERE m.id = $1 AND r.carrier = $1 AND r.state = 'grouped' RETURNING r.id, r.incident_id AS incident`,
    [carrier],
  );
  return result.rows;
}
