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
 *   detail:<partition>    hash   check key → JSON of `LookDetail`: what a collector met that is more than a verdict says; latest only
 *   devices               stream field `e` = msgpack of `DeviceSeen`: interface tables that differ from what the plan says
 *   stored                hash   partition → id of the last entry of samples:<p> that the sample store has; the truth where the store
 *                                cannot say itself, elsewhere for onlookers
 * BullMQ queues (prefix `bt:bull`): `rounds-<kind>-<zone>` and `deliveries`.
 */
import { REASONS } from '@beacontower/domain';
import { z } from 'zod';
import { SeenInterface, SystemGroup } from './entities.ts';

const epochMs = z.number().int().nonnegative();
const bytes = z.instanceof(Uint8Array);

/** Verdict codes of one observation, as stored in the verdict column. */
export const VERDICT = { up: 0, degraded: 1, down: 2 } as const;
export type VerdictCode = (typeof VERDICT)[keyof typeof VERDICT];
/** Added to the verdict code when extra looks within the round agreed with it (or none was needed). */
export const CONFIRMED = 0x10;

const shard = {
  version: z.number().int().positive(),
  shard: z.string(),
  partition: z.number().int().nonnegative(),
  zone: z.string(),
  intervalMs: z.number().int().positive(),
  /** Ticks of the shard are at `phaseMs + n * intervalMs` since the epoch. */
  phaseMs: z.number().int().nonnegative(),
  /** Addresses that prove the vantage can see; at least one must answer for a "down" to be believed. */
  anchors: z.array(z.string()),
  /** Every check key of the plan, parents first. */
  checks: z.array(z.number().int().positive()),
};

/** What a round of ICMP needs. Columns have one entry per check. */
export const IcmpShardPlan = z.object({
  ...shard,
  kind: z.literal('icmp'),
  policies: z.array(
    z.object({
      probes: z.number().int().min(1).max(20),
      periodMs: z.number().int().positive(),
      timeoutMs: z.number().int().positive(),
      confirmPasses: z.number().int().nonnegative(),
      degradedLoss: z.number(),
    }),
  ),
  addresses: z.array(z.string()),
  /** Index into `policies` for each target. */
  policy: z.array(z.number().int().nonnegative()),
});
export type IcmpShardPlan = z.infer<typeof IcmpShardPlan>;

/** What a round of SNMP needs: devices to ask, and which of their interfaces are watched under which check. */
export const SnmpShardPlan = z.object({
  ...shard,
  kind: z.literal('snmp'),
  credentials: z.array(z.object({ id: z.string(), version: z.enum(['1', '2c', '3']), sealed: z.string() })),
  policies: z.array(z.object({ timeoutMs: z.number().int().positive(), retries: z.number().int().nonnegative() })),
  devices: z.array(
    z.object({
      /** Object id. */
      device: z.string(),
      address: z.string(),
      port: z.number().int(),
      /** Indexes into `credentials` and `policies`. */
      credential: z.number().int().nonnegative(),
      policy: z.number().int().nonnegative(),
      /**
       * Check key of the agent; its whole interface table is then read, sampled, and told of when it changes. Null when only some
       * interfaces are asked for (a circuit's ends; the device itself lies in another partition).
       */
      check: z.number().int().positive().nullable(),
      /** `tableDigest` of what the inventory knows of the interface table; null when nothing yet. */
      digest: z.string().nullable(),
      /**
       * Interfaces to observe: check key and the name (`SeenInterface.name`) the device has for it now. A name may stand twice: the
       * interface's own check and a circuit's end.
       */
      interfaces: z.array(z.object({ check: z.number().int().positive(), name: z.string() })),
    }),
  ),
});
export type SnmpShardPlan = z.infer<typeof SnmpShardPlan>;

/** Everything a collector needs to take a round of one shard. */
export const ShardPlan = z.discriminatedUnion('kind', [IcmpShardPlan, SnmpShardPlan]);
export type ShardPlan = z.infer<typeof ShardPlan>;

/**
 * What one round (or one extra look) saw. Columns are little-endian typed arrays of equal row count:
 * `checks` Uint32 check keys, `verdicts` Uint8 (`VERDICT` | `CONFIRMED`),
 * `first` Int32: latest moment, in ms after `startedAt`, at which the first probe that shows the verdict can have shown it
 *   (for up: the first reply had surely arrived; for down: the first lost probe had surely been sent, plus its time-out),
 * `last` Int32: earliest moment, in ms after `startedAt`, at which the last probe that shows the verdict can have been sent.
 * So an outage's edge lies between `last` of the previous unlike observation and `first` of this one. By the same count
 * `began` Int32: the moment at which the first probe that shows the verdict is taken to have been sent, for the estimate of the edge
 *   (`first` of a row that is silence lies a whole pass and a time-out later). An absent column: `first`.
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
  began: bytes.exactOptional(),
  /** Uint8: position in the domain's `REASONS` of why the verdict is what it is; 255 (and an absent column): the kind's usual one. */
  reasons: bytes.exactOptional(),
});
/** In the column `reasons`: nothing said beyond the verdict. */
export const NO_REASON = 255;
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
 * ICMP samples of one round, columnar as above: `sent`, `received` Uint16; `rttMin`, `rttAvg`, `rttMax`, `jitter` Uint32 in
 * microseconds (0xffffffff where there was no reply). Jitter is the mean absolute difference of successive RTTs (RFC 3550 in spirit).
 */
export const IcmpSampleBatch = z.object({
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
export type IcmpSampleBatch = z.infer<typeof IcmpSampleBatch>;

/** The counters of an interface sample, in the order of their columns (IF-MIB; HC where the device has them). */
export const INTERFACE_COUNTERS = [
  'inOctets',
  'inUnicast',
  'inMulticast',
  'inBroadcast',
  'outOctets',
  'outUnicast',
  'outMulticast',
  'outBroadcast',
  'inErrors',
  'outErrors',
  'inDiscards',
  'outDiscards',
] as const;
export type InterfaceCounter = (typeof INTERFACE_COUNTERS)[number];

/**
 * Interface counters as they were read, one row per interface, rows of a device together. Increments are made by the one reader
 * of the partition, who alone surely saw the row before (decision 0011).
 *   `checks`  Uint32 check key of the interface
 *   `read`    Int32  ms after `startedAt` at which the device is taken to have read the row (middle of request and answer)
 *   `uptime`  Uint32 sysUpTime of the device, hundredths of a second (wraps after 497 days)
 *   `broken`  Uint32 ifCounterDiscontinuityTime; 0 where the device has none
 *   `speed`   Uint32 ifHighSpeed, Mbit/s; 0 when unknown
 *   `status`  Uint8  ifAdminStatus | ifOperStatus << 4
 *   `present` Uint16 bit i: `INTERFACE_COUNTERS[i]` was answered
 *   `wide`    Uint16 bit i: that counter is 64 bits wide; otherwise it wraps at 2^32
 *   `counters` one column per counter in that order: 8 bytes a row, little-endian unsigned
 */
export const InterfaceSampleBatch = z.object({
  type: z.literal('interfaces'),
  shard: z.string(),
  tick: epochMs.nullable(),
  startedAt: epochMs,
  checks: bytes,
  read: bytes,
  uptime: bytes,
  broken: bytes,
  speed: bytes,
  status: bytes,
  present: bytes,
  wide: bytes,
  counters: z.array(bytes).length(INTERFACE_COUNTERS.length),
});
export type InterfaceSampleBatch = z.infer<typeof InterfaceSampleBatch>;

export const SampleBatch = z.discriminatedUnion('type', [IcmpSampleBatch, InterfaceSampleBatch]);
export type SampleBatch = z.infer<typeof SampleBatch>;

/** A collector saw an interface table (or system group) that is not what the plan's digest stands for. Sent again, ever more seldom, until the plan follows. */
export const DeviceSeen = z.object({
  type: z.literal('device'),
  device: z.string(),
  seenAt: epochMs,
  collector: z.string(),
  system: SystemGroup,
  digest: z.string(),
  interfaces: z.array(SeenInterface),
});
export type DeviceSeen = z.infer<typeof DeviceSeen>;

/** What the last look at a check met, in words a person can act on. Holds no secret. */
export const LookDetail = z.object({ reason: z.enum(REASONS), text: z.string(), at: epochMs });
export type LookDetail = z.infer<typeof LookDetail>;

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
