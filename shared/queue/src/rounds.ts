import { RoundJob, type TickClosed } from '@beacontower/contracts';
import { type Job, Queue, type Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { bullConnection } from './bull.ts';
import { encodeEntry } from './codec.ts';
import { type Keys, roundsQueue } from './keys.ts';
import { PatientWorker } from './patient-worker.ts';
import { addedTicksKey, checkShardsKey } from './plans.ts';

/** The parts of a shard's name, as `shardId` of the domain made it. A zone's name may itself hold dots. */
export interface ShardName {
  readonly partition: number;
  readonly zone: string;
  readonly kind: string;
  readonly intervalMs: number;
}

/** Takes a shard's name apart; null when it is none. */
export function parseShard(shard: string): ShardName | null {
  const match = /^(\d+)\.(.+)\.([^.]+)\.(\d+)$/.exec(shard);
  if (!match) return null;
  return { partition: Number(match[1]), zone: match[2] ?? '', kind: match[3] ?? '', intervalMs: Number(match[4]) };
}

/** Id of the job of one round: one per shard and tick, so that two schedulers cannot add it twice. BullMQ forbids ":". */
export function roundJobId(shard: string, tick: number): string {
  return `${shard}.${tick}`.replaceAll(':', '_');
}

export interface RoundQueuesOptions {
  readonly redisUrl: string;
  readonly keys: Keys;
  /** Told about connection errors; the connections mend themselves. */
  readonly onError: (error: Error) => void;
}

/** Rounds taken out of a queue that nobody empties. */
export interface DroppedRounds {
  readonly kind: string;
  readonly zone: string;
  readonly rounds: number;
}

/** What adding rounds needs: queues by kind and zone, opened when first used. */
export class RoundQueues {
  readonly #options: RoundQueuesOptions;
  readonly #queues = new Map<string, { readonly kind: string; readonly zone: string; readonly queue: Queue }>();

  constructor(options: RoundQueuesOptions) {
    this.#options = options;
  }

  /** Adds rounds; those of one queue in one go. */
  async add(jobs: readonly RoundJob[]): Promise<void> {
    await this.#addBulk(jobs, (job) => ({ jobId: roundJobId(job.shard, job.tick ?? job.startBefore) }));
  }

  /** Adds extra looks ahead of every ordinary round that waits. */
  async addFirst(jobs: readonly RoundJob[]): Promise<void> {
    await this.#addBulk(jobs, () => ({ lifo: true }));
  }

  /**
   * Empties every queue in which more than `most` rounds wait: nobody has taken any for several intervals, so they are late and
   * would only keep the next ones waiting. Returns how many were dropped, by kind and zone.
   */
  async dropBacklog(most: number): Promise<DroppedRounds[]> {
    const dropped: DroppedRounds[] = [];
    for (const { kind, zone, queue } of this.#queues.values()) {
      const rounds = await queue.getWaitingCount();
      if (rounds <= most) continue;
      await queue.drain();
      dropped.push({ kind, zone, rounds });
    }
    return dropped;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values()].map(({ queue }) => queue.close()));
    this.#queues.clear();
  }

  async #addBulk(jobs: readonly RoundJob[], options: (job: RoundJob) => { jobId?: string; lifo?: boolean }): Promise<void> {
    const byQueue = groupBy(jobs, (job) => {
      const name = parseShard(job.shard);
      if (!name) throw new Error(`"${job.shard}" is not the name of a shard`);
      return this.#queue(name.kind, name.zone);
    });
    await Promise.all(
      [...byQueue].map(([queue, list]) =>
        queue.addBulk(
          list.map((data) => ({ name: 'round', data, opts: { removeOnComplete: true, removeOnFail: true, ...options(data) } })),
        ),
      ),
    );
  }

  #queue(kind: string, zone: string): Queue {
    const name = roundsQueue(kind, zone);
    const known = this.#queues.get(name);
    if (known) return known.queue;
    const { redisUrl, keys, onError } = this.#options;
    const queue = new Queue(name, { connection: bullConnection(redisUrl), prefix: keys.bull });
    queue.on('error', onError);
    this.#queues.set(name, { kind, zone, queue });
    return queue;
  }
}

export interface LookDependencies {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly queues: RoundQueues;
}

/** An extra look between ticks: at which check keys, and until when (epoch ms) it is worth starting. */
export interface ExtraLook {
  readonly checks: readonly number[];
  readonly startBefore: number;
}

/**
 * Asks for an extra look at the checks now, ahead of ordinary rounds. What they show arrives in the partitions' streams like
 * any observation, with `tick` null. Returns the check keys that no plan holds (nobody can look at those).
 */
export async function requestLook(dependencies: LookDependencies, look: ExtraLook): Promise<number[]> {
  const { redis, keys, queues } = dependencies;
  if (look.checks.length === 0) return [];
  const shards = await redis.hmget(checkShardsKey(keys), ...look.checks.map(String));
  const byShard = groupBy(look.checks, (_, index) => shards[index] ?? '');
  const unplanned = byShard.get('') ?? [];
  byShard.delete('');
  if (byShard.size === 0) return unplanned;
  const versions = await redis.hmget(keys.plans, ...byShard.keys());
  await queues.addFirst(
    [...byShard].map(([shard, checks], index) => ({
      shard,
      planVersion: Number(versions[index] ?? 0),
      tick: null,
      startBefore: look.startBefore,
      checks,
    })),
  );
  return unplanned;
}

// Compare and append in one step: a scheduler that lost its lease without knowing, or a replay, cannot close a tick twice. Only
// one that says that the clock stepped back may set the mark back.
const CLOSE = `
local last = tonumber(redis.call('GET', KEYS[2]) or '-1')
if last == tonumber(ARGV[2]) or (last > tonumber(ARGV[2]) and ARGV[3] ~= 'back') then return 0 end
redis.call('XADD', KEYS[1], '*', 'e', ARGV[1])
redis.call('SET', KEYS[2], ARGV[2])
return 1`;

/** Closes ticks, each with its entry and its mark in one atomic step. Returns how many were not yet closed before. */
export async function closeTicks(redis: Redis, keys: Keys, entries: readonly (TickClosed & { partition: number })[]): Promise<number> {
  if (entries.length === 0) return 0;
  const pipeline = redis.pipeline();
  for (const { partition, ...entry } of entries)
    pipeline.eval(
      CLOSE,
      2,
      keys.observations(partition),
      keys.closed(entry.shard),
      encodeEntry(entry),
      String(entry.toTick),
      entry.clockStepBack ? 'back' : '',
    );
  const replies = (await pipeline.exec()) ?? [];
  return replies.reduce((closed, [error, value]) => {
    if (error) throw error;
    return closed + Number(value);
  }, 0);
}

/** The last tick closed and the last tick whose round was added, by shard; undefined where there is none yet. */
export async function readTicks(
  redis: Redis,
  keys: Keys,
  shards: readonly string[],
): Promise<Map<string, { closed: number | undefined; added: number | undefined }>> {
  if (shards.length === 0) return new Map();
  const [closed, added] = await Promise.all([
    redis.mget(...shards.map((shard) => keys.closed(shard))),
    redis.hmget(addedTicksKey(keys), ...shards),
  ]);
  return new Map(shards.map((shard, index) => [shard, { closed: tick(closed[index]), added: tick(added[index]) }]));
}

function tick(text: string | null | undefined): number | undefined {
  return text === null || text === undefined ? undefined : Number(text);
}

/** Marks up to which tick rounds were added. */
export async function markAdded(redis: Redis, keys: Keys, ticks: readonly { shard: string; tick: number }[]): Promise<void> {
  if (ticks.length > 0) await redis.hset(addedTicksKey(keys), ...ticks.flatMap(({ shard, tick }) => [shard, tick]));
}

/** Marks what counts as closed before a new shard's first tick, so that its closing survives a restart before the first close. */
export async function markOpened(redis: Redis, keys: Keys, shard: string, beforeFirstTick: number): Promise<void> {
  await redis.set(keys.closed(shard), beforeFirstTick, 'NX');
}

export interface RoundWorkerOptions {
  readonly redisUrl: string;
  readonly keys: Keys;
  readonly kind: string;
  readonly zone: string;
  /** Rounds taken at once. */
  readonly concurrency: number;
  readonly onError: (error: Error) => void;
  /** Takes the round; a rejection is reported to `onError` and the round is not tried again. */
  readonly take: (round: RoundJob) => Promise<void>;
}

/** Takes the rounds of one zone; started when made by `createRoundWorker`. */
export interface RoundWorker {
  readonly zone: string;
  /** Waits up to `withinMs` for rounds under way, then lets go of them (another worker finds them stalled, and late). */
  close(withinMs: number): Promise<void>;
}

const LOCK_MS = 5_000;

/**
 * A worker whose dead predecessor's rounds are found within about two lock times and offered once more; whether they may still
 * start is for `take` to decide by `startBefore`.
 */
export function createRoundWorker(options: RoundWorkerOptions): RoundWorker {
  const worker = new PatientWorker(
    roundsQueue(options.kind, options.zone),
    async (job: Job) => {
      await options.take(RoundJob.parse(job.data));
    },
    {
      connection: bullConnection(options.redisUrl),
      prefix: options.keys.bull,
      concurrency: options.concurrency,
      lockDuration: LOCK_MS,
      stalledInterval: LOCK_MS,
      maxStalledCount: 1,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  worker.on('error', options.onError);
  worker.on('failed', (_job, error) => options.onError(error));
  return { zone: options.zone, close: (withinMs) => closeWithin(worker, withinMs) };
}

async function closeWithin(worker: Worker, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<'over'>((resolve) => {
    timer = setTimeout(() => resolve('over'), ms);
  });
  const ended = await Promise.race([worker.close().catch(() => undefined), limit]);
  clearTimeout(timer);
  if (ended === 'over') await worker.disconnect().catch(() => undefined);
}

function groupBy<T, K>(list: readonly T[], keyOf: (item: T, index: number) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  list.forEach((item, index) => {
    const key = keyOf(item, index);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  });
  return groups;
}
