/** What is known of the channels: circuit breaker and rate limit, a row each in `channel_states`. Times are epoch ms. */
import { type Breaker, CLOSED_BREAKER } from '@beacontower/domain';
import type { Queryable, Transaction } from '../pool.ts';

/** One channel's row. */
export interface ChannelRow extends Breaker {
  /** When the last messages went that count against its limit, oldest first. */
  readonly sentAt: readonly number[];
  readonly lastError: string | null;
}

export const UNKNOWN_CHANNEL: ChannelRow = { ...CLOSED_BREAKER, sentAt: [], lastError: null };

const COLUMNS = `channel, state, failures, openings, opened_at AS "openedAt", probe_at AS "probeAt", sent_at AS "sentAt", last_error AS "lastError"`;

/** The rows of channels; one of which nothing is known has none. */
export async function readChannelStates(db: Queryable, channels: readonly string[]): Promise<Map<string, ChannelRow>> {
  const result = await db.query<ChannelRow & { channel: string }>(`SELECT ${COLUMNS} FROM channel_states WHERE channel = ANY ($1)`, [
    channels,
  ]);
  return new Map(result.rows.map((row) => [row.channel, { ...row, sentAt: row.sentAt.map(Number) }]));
}

/**
 * The same of one channel, locked until the transaction ends; made when it was not there. Whoever locks deliveries too locks those
 * first, lest two wait for each other.
 */
export async function lockChannelState(tx: Transaction, channel: string): Promise<ChannelRow> {
  await tx.query('INSERT INTO channel_states (channel) VALUES ($1) ON CONFLICT DO NOTHING', [channel]);
  const result = await tx.query<ChannelRow>(`SELECT ${COLUMNS} FROM channel_states WHERE channel = $1 FOR UPDATE`, [channel]);
  const row = result.rows[0];
  return row ? { ...row, sentAt: row.sentAt.map(Number) } : UNKNOWN_CHANNEL;
}

/** Writes a breaker; `lastError` is kept when it is null. */
export async function writeBreaker(
  tx: Transaction,
  channel: string,
  breaker: Breaker,
  lastError: string | null,
  now: number,
): Promise<void> {
  await tx.query(
    `UPDATE channel_states SET state = $2, failures = $3, openings = $4, opened_at = $5, probe_at = $6, last_error = coalesce($7, last_error),
       changed_at = CASE WHEN state = $2 THEN changed_at ELSE $8 END WHERE channel = $1`,
    [channel, breaker.state, breaker.failures, breaker.openings, breaker.openedAt, breaker.probeAt, lastError, now],
  );
}

/** Writes when the last messages went. */
export async function writeSent(tx: Transaction, channel: string, sent: readonly number[]): Promise<void> {
  await tx.query('UPDATE channel_states SET sent_at = $2 WHERE channel = $1', [channel, sent]);
}
