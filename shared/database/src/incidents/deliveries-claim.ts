/** Claiming a message: whether it may go now, by which channel, and that its attempt begins. Times are epoch ms. */
import type { Diversion } from '@beacontower/contracts';
import type { Transaction } from '../pool.ts';
import { type AttemptUnderWay, type DeliveryStep, dueAtOnce, UNDER_WAY } from './deliveries.ts';
import { breaksCircle, earlier, sameTelling, UNFINISHED } from './deliveries-order.ts';
import { type ChannelTerms, decidePassage } from './deliveries-passage.ts';
import { divert, giveUp, hold, logStates, splitUp } from './deliveries-way.ts';
import type { DeliveryPlace } from './routed-deliveries.ts';

/** What a claimed row says of itself. */
interface ClaimedHead extends AttemptUnderWay {
  readonly language: string;
  readonly follows: string | null;
  readonly targetChannel: string;
  /** Ways that were given up, in order. */
  readonly diverted: readonly Diversion[];
  readonly decidedAt: number;
  readonly releasedAt: number | null;
}

/** A message as the worker holds it after claiming it. */
export interface ClaimedDelivery extends ClaimedHead {
  /** The events it tells of, the most severe first: its own, or those of the rows it carries (as many as it names). */
  readonly payloads: readonly unknown[];
  /** How many events it stands for. */
  readonly total: number;
}

/** What stands in the way of a claim, or nothing. */
export type ClaimResult =
  | { readonly claim: 'claimed'; readonly delivery: ClaimedDelivery; readonly divertedNow: boolean }
  /** An earlier message to the same target has not ended. */
  | { readonly claim: 'waits' }
  /** No alarm reached its target: it is called off. */
  | { readonly claim: 'cancelled' }
  /** Every way is down, or its channel has sent as many as it may. */
  | { readonly claim: 'held'; readonly by: 'breaker' | 'limit'; readonly until: number }
  /** Its fallback takes one event a message: those it carried go by themselves. */
  | { readonly claim: 'split-up'; readonly deliveries: readonly { readonly id: string; readonly attempt: number }[] }
  /** Every way was down for hours. */
  | { readonly claim: 'given-up' }
  | { readonly claim: 'not-due' };

export interface ClaimOptions {
  readonly id: string;
  /** The attempt the job was made for: attempts made so far. */
  readonly attempt: number;
  readonly by: string;
  readonly now: number;
  /** The channels there are. */
  readonly channels: ReadonlyMap<string, ChannelTerms>;
}

/** A message that is due, locked. */
export interface DueMessage {
  readonly id: string;
  readonly step: DeliveryStep;
  readonly incident: string | null;
  readonly contact: string;
  readonly channel: string;
  readonly address: string | null;
  readonly fallbacks: readonly DeliveryPlace[];
  readonly attempt: number;
  readonly attemptBase: number;
  readonly held: 'breaker' | 'limit' | null;
  readonly heldSince: number | null;
  /** When its first attempt by the present way began. */
  readonly failingSince: number | null;
  readonly createdAt: number;
  readonly blocked: boolean;
  readonly [column: string]: unknown;
}

/**
 * Claims a due message and records that its attempt begins. Messages to one target about one incident go in order: one waits while
 * an earlier one is unfinished, and a resolution is cancelled when none of its alarms went out.
 */
export async function claimDelivery(tx: Transaction, options: ClaimOptions): Promise<ClaimResult> {
  const { now } = options;
  const message = await lockDue(tx, options);
  if (!message) return { claim: 'not-due' };
  if (message.blocked && !(await mayGoFirst(tx, message))) {
    if (message.held !== null) await tx.query('UPDATE deliveries SET held = NULL, held_since = NULL WHERE id = $1', [message.id]);
    return { claim: 'waits' };
  }
  if (await cancelUntold(tx, message, now)) return { claim: 'cancelled' };
  const passage = await decidePassage(tx, message, options);
  if (passage.decision === 'give-up') {
    await giveUp(tx, message, now);
    return { claim: 'given-up' };
  }
  if (passage.decision === 'hold') {
    return { claim: 'held', by: passage.by, until: await hold(tx, message, { ...passage, now }) };
  }
  let going = message;
  if (passage.divert) {
    const { way } = passage.divert;
    going = { ...message, ...way, fallbacks: await divert(tx, message, { ...passage.divert, now }) };
  }
  if (message.step === 'group' && options.channels.get(going.channel)?.groups === false) {
    return { claim: 'split-up', deliveries: await splitUp(tx, message.id, now) };
  }
  if (passage.limitedUntil !== null) {
    const until = await hold(tx, going, { by: 'limit', until: passage.limitedUntil, rank: passage.rank, now });
    return { claim: 'held', by: 'limit', until };
  }
  const lapsesAt = now + (options.channels.get(going.channel)?.lapseMs ?? 0);
  const delivery = await begin(tx, going, { by: options.by, now, lapsesAt });
  return delivery ? { claim: 'claimed', delivery, divertedNow: passage.divert !== null } : { claim: 'not-due' };
}

/**
 * What was claimed for this process though its answer was lost (the connection broke while the claim was committed): nothing was
 * sent yet, for the process did not know. Undefined when it was not claimed.
 */
export async function readOwnClaim(
  tx: Transaction,
  { id, attempt, by }: Pick<ClaimOptions, 'id' | 'attempt' | 'by'>,
): Promise<ClaimedDelivery | undefined> {
  const result = await tx.query<ClaimedRow>(
    `SELECT ${CLAIMED} FROM deliveries WHERE id = $1 AND attempt = $2 AND state = 'sending' AND claimed_by = $3`,
    [id, attempt + 1, by],
  );
  const row = result.rows[0];
  return row && withContent(tx, row);
}

async function lockDue(tx: Transaction, { id, attempt, now }: ClaimOptions): Promise<DueMessage | undefined> {
  // A message that carries others waits for what any of those waits for.
  const result = await tx.query<DueMessage>(
    `SELECT d.id, d.step, d.incident_id AS incident, d.contact, d.channel, d.address, d.fallbacks, d.attempt, d.attempt_base AS "attemptBase", d.held,
       d.held_since AS "heldSince", d.created_at AS "createdAt",
       CASE WHEN d.attempt > d.attempt_base AND d.fallbacks <> '[]' THEN ${failingSinceOf('d')} END AS "failingSince",
       EXISTS (SELECT 1 FROM deliveries r JOIN deliveries e ON ${sameTelling('e', 'r')} AND ${earlier('e', 'r')}
         WHERE (r.id = d.id OR r.carrier = d.id) AND e.state IN ${UNFINISHED} AND e.carrier IS DISTINCT FROM d.id) AS blocked
     FROM deliveries d WHERE d.id = $1 AND d.attempt = $2 AND d.state IN ('pending', 'retrying')
       AND (d.due_at <= $3::bigint + 100 OR ${dueAtOnce('d')}) FOR UPDATE OF d`,
    [id, attempt, now],
  );
  return result.rows[0];
}

/** When the first attempt of row `row` by its present way began: since it was last diverted, or retried by hand. */
export function failingSinceOf(row: string): string {
  return `(SELECT min(a.started_at) FROM delivery_attempts a WHERE a.delivery_id = ${row}.id AND a.attempt > ${row}.attempt_base
    AND a.started_at >= coalesce((${row}.diverted -> -1 ->> 'at')::bigint, 0))`;
}

// Among messages about one incident each no two can wait for each other.
async function mayGoFirst(tx: Transaction, message: DueMessage): Promise<boolean> {
  if (message.step === 'group') return breaksCircle(tx, message.id);
  const groups = await tx.query(
    `SELECT 1 FROM deliveries r JOIN deliveries e ON ${sameTelling('e', 'r')} AND ${earlier('e', 'r')}
     WHERE r.id = $1 AND e.state IN ${UNFINISHED} AND e.carrier IS NOT NULL LIMIT 1`,
    [message.id],
  );
  return groups.rowCount === 1 && breaksCircle(tx, message.id);
}

// A resolution whose target no alarm reached is called off, in a message about several it alone. True when nothing is left to tell.
async function cancelUntold(tx: Transaction, message: DueMessage, now: number): Promise<boolean> {
  if (message.step !== 'resolved' && message.step !== 'group') return false;
  const untold = await tx.query<{ id: string; incident: string | null }>(
    `UPDATE deliveries r SET state = 'cancelled', carrier = NULL, finished_at = $2, held = NULL, held_since = NULL,
       last_error = 'no alarm of this incident reached this target'
     WHERE (r.id = $1 OR r.carrier = $1) AND r.step = 'resolved' AND NOT EXISTS (SELECT 1 FROM deliveries e WHERE ${sameTelling('e', 'r')}
       AND e.step <> 'resolved' AND (e.state IN ('delivered', 'uncertain') OR e.state IN ${UNFINISHED}))
     RETURNING r.id, r.incident_id AS incident`,
    [message.id, now],
  );
  if (untold.rows.length === 0) return false;
  const empty = await tx.query<{ id: string; incident: string | null }>(
    `UPDATE deliveries d SET state = 'cancelled', finished_at = $2, held = NULL, held_since = NULL, last_error = 'nothing was left to tell'
     WHERE d.id = $1 AND d.step = 'group' AND NOT EXISTS (SELECT 1 FROM deliveries r WHERE r.carrier = $1)
     RETURNING d.id, d.incident_id AS incident`,
    [message.id, now],
  );
  await logStates(tx, [...untold.rows, ...empty.rows], { state: 'cancelled', attempt: message.attempt, now });
  return message.step === 'resolved' || empty.rows.length > 0;
}

const CLAIMED = `${UNDER_WAY}, language, follows, target_channel AS "targetChannel", diverted, decided_at AS "decidedAt", released_at AS "releasedAt", payload`;

/** A claimed row; `payload` is its event or, of one that carries others, how many of theirs it names (`most`). */
interface ClaimedRow extends ClaimedHead {
  readonly payload: unknown;
}

async function begin(
  tx: Transaction,
  message: DueMessage,
  { by, now, lapsesAt }: { readonly by: string; readonly now: number; readonly lapsesAt: number },
): Promise<ClaimedDelivery | undefined> {
  const claimed = await tx.query<ClaimedRow>(
    `WITH claimed AS (UPDATE deliveries SET state = 'sending', attempt = attempt + 1, claimed_at = $2, claimed_by = $3, due_at = $4, held = NULL,
         held_since = NULL, first_attempt_at = coalesce(first_attempt_at, $2) WHERE id = $1 RETURNING *),
       begun AS (INSERT INTO delivery_attempts (delivery_id, attempt, started_at, channel, address) SELECT id, attempt, $2, channel, address FROM claimed)
     SELECT ${CLAIMED} FROM claimed`,
    [message.id, now, by, lapsesAt],
  );
  const row = claimed.rows[0];
  if (!row) return undefined;
  if (message.step === 'group') {
    await tx.query('UPDATE deliveries SET first_attempt_at = $2 WHERE carrier = $1 AND first_attempt_at IS NULL', [message.id, now]);
  }
  return withContent(tx, row);
}

async function withContent(tx: Transaction, { payload, ...delivery }: ClaimedRow): Promise<ClaimedDelivery> {
  if (delivery.step !== 'group') return { ...delivery, payloads: [payload], total: 1 };
  const carried = await tx.query<{ payload: unknown; total: number }>(
    `SELECT payload, count(*) OVER () AS total FROM deliveries WHERE carrier = $1
     ORDER BY array_position(ARRAY['critical', 'major', 'minor', 'warning'], payload #>> '{incident,severity}'), created_at, decided_at, step = 'resolved', id
     LIMIT greatest(1, coalesce(($2::jsonb ->> 'most')::integer, 50))`,
    [delivery.id, JSON.stringify(payload)],
  );
  return { ...delivery, payloads: carried.rows.map((row) => row.payload), total: carried.rows[0]?.total ?? 0 };
}
