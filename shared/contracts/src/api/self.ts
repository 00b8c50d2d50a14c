import { LINK_STATES } from '@beacontower/domain';
import { z } from 'zod';
import { Timestamp } from './common.ts';

const count = z.number().int().nonnegative();
const ms = z.number().int().nonnegative();

/** What the watchdog can find wrong. Stable: alarms of others go by these. */
export const SELF_CODES = [
  'redis-silent',
  'database-silent',
  'watchdog-silent',
  'role-silent',
  'role-failed',
  'role-degraded',
  'ticks-overdue',
  'rounds-not-run',
  'rounds-missed',
  'rounds-waiting',
  'vantage-blind',
  'judging-stalled',
  'judging-behind',
  'samples-behind',
  'samples-dropped',
  'store-failing',
  'alerts-stuck',
  'deliveries-dead',
  'clock-differs',
  'disk-low',
  'redis-evicts',
  'redis-full',
  'redis-not-persisting',
  'uplink-refused',
  'uplink-silent',
  'uplink-behind',
  'uplink-room',
  'uplink-certificate',
  'node-silent',
  'node-refused',
  'node-behind',
  'node-differs',
  'node-clock',
  'node-certificate',
] as const;
export const SelfCode = z.enum(SELF_CODES);
export type SelfCode = z.infer<typeof SelfCode>;

/** `critical`: the node does not do its work, and the heartbeat stops. `warning`: it does, but somebody should look. */
export const SELF_SEVERITIES = ['critical', 'warning'] as const;

/** One thing that is wrong with the node itself. */
export const SelfFinding = z.object({
  code: SelfCode,
  severity: z.enum(SELF_SEVERITIES),
  /** What it is about, such as a role or a kind and zone; null when it is the node. */
  subject: z.string().nullable(),
  text: z.object({ zh: z.string(), en: z.string() }),
  since: Timestamp,
});
export type SelfFinding = z.infer<typeof SelfFinding>;

/** Rounds of one kind in one zone within the window. */
export const SelfRounds = z.object({
  kind: z.string(),
  zone: z.string(),
  due: count.describe('rounds that came due'),
  run: count.describe('rounds a collector took, blind ones included'),
  blind: count.describe('rounds in which the vantage could not prove that it sees'),
  late: count.describe('rounds that came to a collector too late to start'),
  missed: count.describe('rounds nobody ran: passed over, dropped from the queue, late, without a plan, failed'),
});
export type SelfRounds = z.infer<typeof SelfRounds>;

/** What the node knows of itself; a part is null when nobody could be asked. Ages and lags in ms. */
export const SelfFacts = z.object({
  windowMs: ms.describe('rounds, writes and drops are counted over so long'),
  roles: z.array(
    z.object({
      role: z.string(),
      instance: z.string(),
      status: z.enum(['ok', 'starting', 'degraded', 'failed']),
      detail: z.string().nullable(),
      ageMs: ms,
    }),
  ),
  silentRoles: z.array(z.string()).describe('roles this node needs of which nothing was heard'),
  rounds: z.array(SelfRounds),
  ticks: z
    .object({ shards: count, newestAgeMs: ms.nullable(), worstOverdueMs: ms })
    .nullable()
    .describe('how long ago the newest closed tick was over; by how much the latest shard is behind its deadline'),
  streams: z
    .array(
      z.object({
        stream: z.enum(['observations', 'samples']),
        entries: count.describe('entries not yet committed (observations) or stored (samples); counted up to 1,000 a partition'),
        lagMs: ms.describe('age of the oldest of them'),
        known: z.boolean().describe('false where nobody has told yet how far the stream is read'),
      }),
    )
    .nullable(),
  queues: z.array(z.object({ queue: z.string(), waiting: count, active: count, delayed: count, failed: count })).nullable(),
  record: z
    .object({
      newestCommitAgeMs: ms.nullable().describe('age of the newest commit of a judge'),
      undispatchedAgeMs: ms.describe('age of the oldest change that has no place in the log yet'),
      overdueDeliveryMs: ms.describe('by how much the latest delivery is overdue'),
      deadDeliveries: count.describe('deliveries of the last day that were given up'),
    })
    .nullable(),
  store: z
    .object({
      engine: z.string().nullable(),
      writes: count,
      writeMeanMs: z.number().nonnegative().nullable(),
      failures: count,
      dropped: count,
      lastSuccessAgeMs: ms.nullable(),
      bytes: count.nullable(),
    })
    .nullable()
    .describe('the store of samples; null when no recorder has spoken'),
  redis: z
    .object({
      usedBytes: count,
      limitBytes: count.nullable(),
      evicts: z.boolean(),
      persistent: z.boolean().describe('an append-only file is written'),
      persistenceFails: z.boolean(),
    })
    .nullable(),
  clock: z.object({ offsetMs: z.number().int(), ahead: z.array(z.object({ instance: z.string(), aheadMs: ms })) }).nullable(),
  disk: z.object({ freeBytes: count, totalBytes: count }).nullable(),
  federation: z
    .object({
      uplink: z
        .object({
          silentMs: ms.describe('since the last call that was answered well'),
          failure: z.string().nullable().describe('what the last call failed of: a code of the protocol, or why it was not reached'),
          waiting: count.describe('lines that are not there yet'),
          waitingMs: ms.describe('age of the oldest of them'),
          bytes: count.describe('room that lines take, those kept past the acknowledgement too'),
          clockOffsetMs: z.number().int().nullable(),
          certificateMs: z.number().int().nullable().describe('how long its certificate is still good'),
        })
        .nullable()
        .describe('null: this node reports to nobody'),
      nodes: z.array(
        z.object({
          node: z.string(),
          state: z.enum(LINK_STATES),
          silentMs: ms.nullable(),
          refused: z.string().nullable(),
          lagMs: ms.nullable().describe('how far its record here lies behind now'),
          differences: count.describe('days and groups of the last month of which it says something else than the record here'),
          clockOffsetMs: z.number().int().nullable(),
          certificateMs: z.number().int().nullable(),
        }),
      ),
    })
    .nullable()
    .default(null),
});
export type SelfFacts = z.infer<typeof SelfFacts>;

/** `starting`: nothing is wrong, but not every part of the way has been seen to work yet. */
export const SelfStatus = z.enum(['ok', 'starting', 'degraded', 'failed']);
export type SelfStatus = z.infer<typeof SelfStatus>;

/** What became of the heartbeat to the outside. */
export const HeartbeatState = z.object({
  intervalMs: ms,
  lastSuccess: Timestamp.nullable(),
  lastResult: z.string().nullable().describe('in words; null before the first'),
});
export type HeartbeatState = z.infer<typeof HeartbeatState>;

/** `GET /api/v1/self`: what this node knows of itself, and what is wrong with it. */
export const SelfReport = z
  .object({
    at: Timestamp,
    node: z.string().nullable(),
    status: SelfStatus,
    findings: z.array(SelfFinding),
    facts: SelfFacts.nullable(),
    heartbeat: HeartbeatState.nullable().describe('null when none is configured'),
  })
  .meta({ id: 'SelfReport' });
export type SelfReport = z.infer<typeof SelfReport>;
