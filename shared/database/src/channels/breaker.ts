/** The circuit breakers of channels, as attempts move them. Times are epoch ms. */
import { afterAttempt, type Evidence } from '@beacontower/domain';
import type { Database, Queryable, Transaction } from '../pool.ts';
import { lockChannelState, readChannelStates, writeBreaker } from './states.ts';

/** What an attempt did to its channel's breaker. */
export type BreakerChange = 'opened' | 'closed' | 'none';

export interface AttemptEvidence {
  readonly evidence: Evidence;
  readonly retryAfterMs: number | null;
  /** What the attempt said of a failure. */
  readonly error: string | null;
  readonly now: number;
}

/** Takes the evidence of an attempt into account. A channel that answers, as it always did, is not written. */
export async function noteAttempt(tx: Transaction, channel: string, attempt: AttemptEvidence): Promise<BreakerChange> {
  const { evidence, retryAfterMs, error, now } = attempt;
  if (evidence === 'nothing') return 'none';
  if (evidence === 'answers') {
    const known = (await readChannelStates(tx, [channel])).get(channel);
    if (known === undefined || (known.state === 'closed' && known.failures === 0)) return 'none';
  }
  const before = await lockChannelState(tx, channel);
  const after = afterAttempt(before, evidence, { now, retryAfterMs });
  await writeBreaker(tx, channel, after, evidence === 'fails' ? error : null, now);
  if (after.state === 'open' && before.state !== 'open') return 'opened';
  return after.state === 'closed' && before.state !== 'closed' ? 'closed' : 'none';
}

/** A person wants it tried: the next message may, whatever the breaker says. */
export async function letProbe(tx: Queryable, channel: string, now: number): Promise<void> {
  await tx.query(`UPDATE channel_states SET probe_at = least(probe_at, $2) WHERE channel = $1 AND state = 'open'`, [channel, now]);
}

/** A row that may go. */
export interface FreedDelivery {
  readonly id: string;
  readonly attempt: number;
  readonly [column: string]: unknown;
}

/** What the breaker of a channel held is due at once, up to `limit`: the channel is back. One that somebody just holds is left to its time. */
export async function freeHeld(db: Database, channel: string, now: number, limit: number): Promise<FreedDelivery[]> {
  const result = await db.query<FreedDelivery>(
    `UPDATE deliveries SET due_at = $2, held = NULL, held_since = NULL WHERE id IN
       (SELECT id FROM deliveries WHERE channel = $1 AND held = 'breaker' AND state IN ('pending', 'retrying')
        ORDER BY held_rank, created_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING id, attempt`,
    [channel, now, limit],
  );
  return result.rows;
}

/** A channel is down: what waits to be tried by it again, and has a fallback, is due at once. */
export async function hastenDivertible(db: Database, channel: string, now: number, limit: number): Promise<FreedDelivery[]> {
  const result = await db.query<FreedDelivery>(
    `UPDATE deliveries SET due_at = $2 WHERE id IN
       (SELECT id FROM deliveries WHERE channel = $1 AND fallbacks <> '[]' AND state IN ('pending', 'retrying') AND due_at > $2
        ORDER BY created_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
     RETURNING id, attempt`,
    [channel, now, limit],
  );
  return result.rows;
}

/**
 * The limit of a channel is another, or none (`spanMs` 0): what would wait for longer than one span of it is looked at anew. It keeps its
 * place among those that wait.
 */
export async function hastenLimited(db: Database, channel: string, spanMs: number, now: number): Promise<void> {
  await db.query(
    `UPDATE deliveries SET due_at = $2 WHERE channel = $1 AND held = 'limit' AND state IN ('pending', 'retrying') AND due_at > $2::bigint + $3`,
    [channel, now, spanMs],
  );
}

/** The clock has gone back by `byMs`: what waits for a moment waits for no longer than before. */
export async function followClockBack(db: Database, byMs: number, now: number): Promise<void> {
  await db.query(
    `UPDATE deliveries SET due_at = greatest($2, due_at - $1::bigint) WHERE state IN ('pending', 'retrying') AND due_at > $2`,
    [byMs, now],
  );
}

/** How many channels are not known to answer. */
export async function countOpenBreakers(db: Queryable): Promise<number> {
  const result = await db.query<{ count: number }>(`SELECT count(*) AS count FROM channel_states WHERE state <> 'closed'`);
  return result.rows[0]?.count ?? 0;
}
