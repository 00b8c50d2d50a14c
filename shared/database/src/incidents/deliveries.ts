/** The outbox of notifications: rows in `deliveries`, which end only when their result is recorded. Times are epoch ms. */
import type { DELIVERY_STATES, NoticeStep } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { earlier, sameTelling, UNFINISHED } from './deliveries-order.ts';
import type { DeliveryPlace } from './routed-deliveries.ts';

/** `group`: the row is the message that carries others (column `carrier` of those). */
export type DeliveryStep = NoticeStep | 'group';
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** An attempt under way: what recording its result needs. `attempt` is the one now made, from 1. */
export interface AttemptUnderWay {
  readonly id: string;
  readonly incident: string | null;
  readonly step: DeliveryStep;
  readonly contact: string;
  readonly channel: string;
  readonly address: string | null;
  /** Still to be tried, in order. */
  readonly fallbacks: readonly DeliveryPlace[];
  readonly attempt: number;
  readonly attemptBase: number;
  readonly [column: string]: unknown;
}

/** A row that waits for its time: what the bus is told. */
export interface DueDelivery {
  readonly id: string;
  readonly attempt: number;
  readonly dueAt: number;
  readonly [column: string]: unknown;
}

/** The columns of an attempt under way. */
export const UNDER_WAY = `id, incident_id AS incident, step, contact, channel, address, fallbacks, attempt, attempt_base AS "attemptBase"`;

/** Row `row` was let go, and nothing keeps it back: it is due, also when the clock has gone back since. */
export function dueAtOnce(row: string): string {
  return `(${row}.state = 'pending' AND ${row}.held IS NULL)`;
}

/** Attempts under way whose claim lapsed before `lapsedBefore`, or whose claimer is another process of the slot `slot` (null: of none) than `by`. */
export async function readLostClaims(
  db: Queryable,
  options: { readonly lapsedBefore: number; readonly slot: string | null; readonly by: string; readonly limit: number },
): Promise<AttemptUnderWay[]> {
  const result = await db.query<AttemptUnderWay>(
    `SELECT ${UNDER_WAY} FROM deliveries WHERE state = 'sending'
       AND (due_at < $1 OR (claimed_by <> $3 AND split_part(claimed_by, '#', 1) = $2))
     ORDER BY due_at LIMIT $4`,
    [options.lapsedBefore, options.slot, options.by, options.limit],
  );
  return result.rows;
}

/** The channel a delivery is to go by, and the version of the inventory; undefined when it is not to go. */
export async function readDeliveryChannel(
  db: Queryable,
  id: string,
): Promise<{ readonly channel: string; readonly inventory: number } | undefined> {
  const result = await db.query<{ channel: string; inventory: number }>(
    `SELECT channel, coalesce((SELECT version FROM inventory_version), 0) AS inventory FROM deliveries
     WHERE id = $1 AND state IN ('pending', 'retrying')`,
    [id],
  );
  return result.rows[0];
}

/** What nothing keeps back and is due so much later than it should be overdue was let go before the clock went back. */
const CLOCK_WENT_BACK_MS = 15_000;

/**
 * Rows that wait for nothing but their turn and were due before `dueBefore`: the bus may have lost them. What waits for one that is
 * not part of a message about several is left out; among those no two can wait for each other.
 */
export async function readDueDeliveries(db: Queryable, dueBefore: number, limit: number): Promise<DueDelivery[]> {
  const result = await db.query<DueDelivery>(
    `SELECT d.id, d.attempt, d.due_at AS "dueAt" FROM deliveries d
     WHERE d.state IN ('pending', 'retrying') AND (d.due_at < $1 OR (${dueAtOnce('d')} AND d.due_at > $1::bigint + ${CLOCK_WENT_BACK_MS}))
       AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE ${sameTelling('e', 'd')} AND ${earlier('e', 'd')}
         AND e.carrier IS NULL AND e.state IN ${UNFINISHED})
     ORDER BY d.due_at LIMIT $2`,
    [dueBefore, limit],
  );
  return result.rows;
}

/** Later messages to the same target about the same incidents, which may have waited for this one. */
export async function readFollowers(db: Queryable, id: string): Promise<DueDelivery[]> {
  const result = await db.query<DueDelivery>(
    `SELECT m.id, m.attempt, m.due_at AS "dueAt" FROM deliveries m WHERE m.state IN ('pending', 'retrying') AND m.id IN
       (SELECT coalesce(f.carrier, f.id) FROM deliveries d JOIN deliveries f ON ${sameTelling('f', 'd')} AND ${earlier('d', 'f')}
        WHERE (d.id = $1 OR d.carrier = $1) AND f.state IN ${UNFINISHED})
     ORDER BY m.created_at, m.step = 'resolved', m.id`,
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
