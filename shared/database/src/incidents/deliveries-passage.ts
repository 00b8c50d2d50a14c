/** By which channel a message may go now: what is known of the channels is asked, and their limits are taken up. Times are epoch ms. */
import { CLOSED_BREAKER, decideWay, judgeLimit, type Passage, passageOf, probing, type RateLimit, type Way } from '@beacontower/domain';
import { type ChannelRow, lockChannelState, readChannelStates, writeBreaker, writeSent } from '../channels/states.ts';
import type { Transaction } from '../pool.ts';
import type { DueMessage } from './deliveries-claim.ts';

/** What a claim needs to know of a channel. */
export interface ChannelTerms {
  /** Whether one message may tell of several events. */
  readonly groups: boolean;
  readonly limit: RateLimit | null;
  /** How long an attempt may stay without a result before it is in doubt. */
  readonly lapseMs: number;
}

export type PassageDecision =
  | {
      readonly decision: 'go';
      /** Null: by the way it has. */
      readonly divert: { readonly way: Way; readonly why: 'circuit-open' | 'failing' | 'refused' } | null;
      /** The channel has sent as many as it may: when there is a place for this message; null when there is one now, which it has taken. */
      readonly limitedUntil: number | null;
      readonly rank: number;
    }
  | { readonly decision: 'hold'; readonly by: 'breaker'; readonly until: number; readonly rank: number }
  | { readonly decision: 'give-up' };

interface Asked {
  readonly now: number;
  readonly channels: ReadonlyMap<string, ChannelTerms>;
}

/**
 * Decides and, when it may go, takes its place: as the one message that tries a channel whose breaker is open, and within the limit.
 * Only those channels are locked whose row it must write.
 */
export async function decidePassage(tx: Transaction, message: DueMessage, { now, channels }: Asked): Promise<PassageDecision> {
  const ids = [message.channel, ...message.fallbacks.map(({ channel }) => channel)];
  const states = await readChannelStates(tx, [...new Set(ids)]);
  const locked = new Map<string, ChannelRow>();
  const stateOf = (channel: string) => locked.get(channel) ?? states.get(channel);
  const askPassage = (channel: string): Passage =>
    channels.has(channel) ? passageOf(stateOf(channel) ?? CLOSED_BREAKER, now) : { passage: 'gone' };
  for (;;) {
    const { channel, address, fallbacks, failingSince, heldSince, held } = message;
    const decision = decideWay({
      current: { channel, address },
      fallbacks,
      passageOf: askPassage,
      failingSince,
      heldSince: held === 'breaker' ? heldSince : null,
      now,
    });
    if (decision.decision === 'give-up') return decision;
    if (decision.decision === 'hold') return { ...decision, by: 'breaker', rank: await rankOf(tx, message.id) };
    const way = decision.way;
    const terms = channels.get(way.channel);
    const limit = terms?.limit ?? null;
    if ((decision.probe || limit) && !locked.has(way.channel)) {
      // What was read may be old by now: decided again by what is so under the lock.
      locked.set(way.channel, await lockChannelState(tx, way.channel));
      continue;
    }
    const divert = decision.decision === 'divert' ? { way, why: decision.why } : null;
    const rank = limit ? await rankOf(tx, message.id) : 0;
    const limitedUntil = limit
      ? await takePlace(tx, message, { channel: way.channel, limit, sent: stateOf(way.channel)?.sentAt ?? [], rank, now })
      : null;
    if (decision.probe && limitedUntil === null) {
      await writeBreaker(tx, way.channel, probing(stateOf(way.channel) ?? CLOSED_BREAKER, now + (terms?.lapseMs ?? 0)), null, now);
    }
    return { decision: 'go', divert, limitedUntil, rank };
  }
}

/** 0 first: by severity, of one severity alarms before resolutions. */
async function rankOf(tx: Transaction, message: string): Promise<number> {
  const result = await tx.query<{ rank: number | null }>(
    `SELECT min(2 * array_position(ARRAY['critical', 'major', 'minor', 'warning'], n.severity) - 2 + (r.step = 'resolved')::integer) AS rank
     FROM deliveries r JOIN incidents n ON n.id = r.incident_id WHERE r.id = $1 OR r.carrier = $1`,
    [message],
  );
  return result.rows[0]?.rank ?? 7;
}

// Those that wait already and rank as high go first. Null: it has a place; else when there is one.
async function takePlace(
  tx: Transaction,
  message: DueMessage,
  {
    channel,
    limit,
    sent,
    rank,
    now,
  }: { readonly channel: string; readonly limit: RateLimit; readonly sent: readonly number[]; readonly rank: number; readonly now: number },
): Promise<number | null> {
  const ahead = await tx.query<{ count: number }>(
    `SELECT count(*) AS count FROM deliveries WHERE channel = $1 AND held = 'limit' AND state IN ('pending', 'retrying') AND id <> $2
       AND (held_rank, created_at, id) < ($3, $4::bigint, $2)`,
    [channel, message.id, rank, message.createdAt],
  );
  const verdict = judgeLimit(limit, sent, now, ahead.rows[0]?.count ?? 0);
  if (!verdict.allowed) return Math.max(verdict.until, now + SOONEST_MS);
  await writeSent(tx, channel, verdict.sent);
  return null;
}

/** One that is behind others which may go now, but have not yet, looks again no sooner. */
const SOONEST_MS = 250;
