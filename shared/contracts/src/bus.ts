/**
 * What travels through Redis between the scheduler, the collectors and the pipeline.
 *
 * Keys (all under the node's prefix, `bt:` by default):
 *   plans                 hash   shard id → plan version (integer as text)
 *   plan:<shard>          string msgpack of `ShardPlan`
 *   verdict:<partition>   hash   check key → last verdict other than up ("down" | "unknown"), written by the pipeline after its commit
 *   observations:<p>      stream field `e` = msgpack of `StreamEntry`; trimmed only below the offset PostgreSQL has committed
 *   samples:<p>           stream field `e` = msgpack of `SampleBatch`; bounded by a byte budget, drops are counted
 *   closed:<shard>        string the last tick closed (epoch ms), set in the same transaction as the "closed" entry
 * BullMQ queues (prefix `bt:bull`): `rounds-icmp-<zone>` and `deliveries`.
 */
import { z } from 'zod';

const epochMs = z.number().int().nonnegative();
const bytes = z.instanceof(Uint8Array);

/** Verdict codes of one observation, as stored in the verdict column. */
export const VERDICT = { up: 0, degraded: 1, down: 2 } as const;
export type VerdictCode = (typeof VERDICT)[keyof typeof VERDICT];
/** Added to the verdict code when extra looks within the round agreed with it (or none was needed). */
export const CONFIRMED = 0x10;

/** Everything a collector needs to take a round of one shard. Columns have one entry per target, parents first. */
export const ShardPlan = z.object({
  version: z.number().int().positive(),
  shard: z.string(),
  partition: z.number().int().nonnegative(),
  zone: z.string(),
  kind: z.literal('icmp'),
  intervalMs: z.number().int().positive(),
  /** Ticks of the shard are at `phaseMs + n * intervalMs` since the epoch. */
  phaseMs: z.number().int().nonnegative(),
  /** Addresses that prove the vantage can see; at least one must answer for a "down" to be believed. */
  anchors: z.array(z.string()),
  policies: z.array(
    z.object({
      probes: z.number().int().min(1).max(20),
      periodMs: z.number().int().positive(),
      timeoutMs: z.number().int().positive(),
      confirmPasses: z.number().int().nonnegative(),
      degradedLoss: z.number(),
    }),
  ),
  checks: z.array(z.number().int().positive()),
  addresses: z.array(z.string()),
  /** Index into `policies` for each target. */
  policy: z.array(z.number().int().nonnegative()),
});
export type ShardPlan = z.infer<typeof ShardPlan>;

/**
 * What one round (or one extra look) saw. Columns are little-endian typed arrays of equal row count:
 * `checks` Uint32 check keys, `verdicts` Uint8 (`VERDICT` | `CONFIRMED`),
 * `first` Int32: latest moment, in ms after `startedAt`, at which the first probe that shows the verdict can have shown it
 *   (for up: the first reply had surely arrived; for down: the first lost probe had surely been sent, plus its time-out),
 * `last` Int32: earliest moment, in ms after `startedAt`, at which the last probe that shows the verdict can have been sent.
 * So an outage's edge lies between `last` of the previous unlike observation and `first` of this one.
 */
export const ObservationBatch = z.object({
  type: z.literal('observations'),
  shard: z.string(),
  planVersion: z.number().int(),
  /** Epoch ms of the tick, or null for an extra look between ticks. */
  tick: epochMs.nullable(),
  /** Epoch ms, corrected wall clock, when the first probe was sent. */
  startedAt: epochMs,
  endedAt: epochMs,
  collector: z.string(),
  /** `blind`: no anchor answered, so nothing in this batch is believed; rows are empty. */
  vantage: z.enum(['seeing', 'blind']),
  /** Half-width by which the collector's clock may be off, ms; widens every edge. */
  clockUncertaintyMs: z.number().int().nonnegative(),
  checks: bytes,
  verdicts: bytes,
  first: bytes,
  last: bytes,
});
export type ObservationBatch = z.infer<typeof ObservationBatch>;

/** Said by the scheduler alone: every tick of the shard in `[fromTick, toTick]` is over; what was not seen was not looked at. */
export const TickClosed = z.object({
  type: z.literal('closed'),
  shard: z.string(),
  intervalMs: z.number().int().positive(),
  fromTick: epochMs,
  toTick: epochMs,
  /** The scheduler's clock stepped back: later ticks were closed before, in a time that was wrong. What was looked at after this tick is looked at anew. */
  clockStepBack: z.literal(true).exactOptional(),
});
export type TickClosed = z.infer<typeof TickClosed>;

/**
 * Asked by correlation: report the object's next observation made at or after `after`, changed or not.
 * It travels in the partition's own stream, so it is ordered with the observations and survives with the snapshot.
 */
export const LookRequest = z.object({
  type: z.literal('look'),
  object: z.string(),
  after: epochMs,
  requestedAt: epochMs,
});
export type LookRequest = z.infer<typeof LookRequest>;

/** Said by whoever applied an inventory: the pipeline reloads it before it judges the next entry. */
export const InventoryChanged = z.object({ type: z.literal('inventory'), version: z.number().int() });
export type InventoryChanged = z.infer<typeof InventoryChanged>;

export const StreamEntry = z.discriminatedUnion('type', [ObservationBatch, TickClosed, LookRequest, InventoryChanged]);
export type StreamEntry = z.infer<typeof StreamEntry>;

/**
 * Samples of one round, columnar as above: `sent`, `received` Uint16; `rttMin`, `rttAvg`, `rttMax`, `jitter` Uint32 in
 * microseconds (0xffffffff where there was no reply). Jitter is the mean absolute difference of successive RTTs (RFC 3550 in spirit).
 */
export const SampleBatch = z.object({
  type: z.literal('icmp'),
  shard: z.string(),
  tick: epochMs.nullable(),
  startedAt: epochMs,
  checks: bytes,
  sent: bytes,
  received: bytes,
  rttMin: bytes,
  rttAvg: bytes,
  rttMax: bytes,
  jitter: bytes,
});
export type SampleBatch = z.infer<typeof SampleBatch>;

/** Data of a BullMQ round job. `checks` null takes the whole shard; otherwise it is an extra look at those keys and `tick` is null. */
export const RoundJob = z.object({
  shard: z.string(),
  planVersion: z.number().int(),
  tick: epochMs.nullable(),
  /** Epoch ms after which the round must not start. */
  startBefore: epochMs,
  checks: z.array(z.number().int().positive()).nullable(),
});
export type RoundJob = z.infer<typeof RoundJob>;

/** Data of a BullMQ delivery job; the row in PostgreSQL is the truth, the job only says "now". */
export const DeliveryJob = z.object({ delivery: z.string(), attempt: z.number().int().nonnegative() });
export type DeliveryJob = z.infer<typeof DeliveryJob>;
