/**
 * Time that is lived through in seconds: while it holds the lease of a node's scheduler, it stands in for scheduler and collectors and says, tick by
 * tick, what a day long past looked like. All that comes after (judging, correlating, reporting, figures) is the node's own.
 */
import { CONFIRMED, type ObservationBatch, VERDICT } from '@beacontower/contracts';
import { type Database, readJudgedOffsets } from '@beacontower/database';
import { partitionOf, shardId } from '@beacontower/domain';
import { appendEntries, closeTicks, type createRedis, type Keys, packInt32, packUint8, packUint32 } from '@beacontower/queue';
import { waitFor } from '@beacontower/testing';
import { FED_INTERVAL_MS, ZONE } from './configuration.ts';

type Redis = ReturnType<typeof createRedis>;

/** Over `[from, to)` an object does not answer. Epoch ms. */
export interface SimulatedOutage {
  readonly object: string;
  readonly from: number;
  readonly to: number;
}

export interface FeedOptions {
  readonly database: Database;
  readonly redis: Redis;
  readonly keys: Keys;
  /** The first tick of the record. */
  readonly begin: number;
  /** Makes the node know its lines, once nobody else will look at them. */
  readonly apply: () => Promise<void>;
}

const LEASE_HOLDER = 'laboratory/time#1';
/** How long after its tick a round begins, and how long its probes are under way when somebody is silent, ms. */
const BEGINS_MS = 20;
const LASTS_MS = 2_600;

export class DayFeed {
  readonly #options: FeedOptions;
  #shards: { readonly shard: string; readonly partition: number; readonly checks: readonly { key: number; object: string }[] }[] = [];
  #next: number;
  #outages: readonly SimulatedOutage[] = [];

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#next = options.begin;
  }

  /** The first tick that was not fed yet. */
  get next(): number {
    return this.#next;
  }

  /** Takes the place of the node's scheduler, and begins the record at the first tick. */
  async take(): Promise<void> {
    const { database, apply, begin } = this.#options;
    await database.query(
      `INSERT INTO leases (name, holder, epoch, expires_at) VALUES ('scheduler', $1, 1, clock_timestamp() + interval '1 day')
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = leases.epoch + 1, expires_at = excluded.expires_at`,
      [LEASE_HOLDER],
    );
    const { rows } = await database.query<{ partitions: number }>('SELECT partitions FROM node_identity');
    const partitions = rows[0]?.partitions ?? 1;
    const shards = Array.from({ length: partitions }, (_, partition) => ({
      shard: shardId(partition, ZONE, 'icmp', FED_INTERVAL_MS),
      partition,
    }));
    // Of a shard that is new there would be nothing to judge before this moment.
    await this.#close(shards, begin - FED_INTERVAL_MS);
    await this.#read();
    await apply();
    await database.query('UPDATE inventory SET valid_from = $1 WHERE valid_from > $1', [begin]);
    const checks = await database.query<{ key: number; object: string }>(
      "SELECT key, object_id AS object FROM checks WHERE object_id LIKE '%:line-%' ORDER BY key",
    );
    this.#shards = shards.map((each) => ({
      ...each,
      checks: checks.rows.filter(({ object }) => partitionOf(object, partitions) === each.partition),
    }));
    await this.#adopt();
  }

  /** What is to happen from now on. */
  plan(outages: readonly SimulatedOutage[]): void {
    this.#outages = outages;
  }

  /** Feeds every tick before a moment, and waits until it is judged. */
  async until(end: number): Promise<void> {
    await this.through(end);
    await this.judged(this.#next);
  }

  /** Feeds every tick before a moment. */
  async through(end: number): Promise<void> {
    for (; this.#next < end; this.#next += FED_INTERVAL_MS) await this.#tick(this.#next);
  }

  /** Waits until everything before a moment is judged. */
  async judged(moment: number): Promise<void> {
    const { database } = this.#options;
    const reached = async () => {
      const { rows } = await database
        .query<{ watermark: number | null }>('SELECT min(watermark)::bigint AS watermark FROM partition_states')
        .catch(() => ({ rows: [] }));
      return (rows[0]?.watermark ?? 0) >= moment;
    };
    await waitFor(reached, {
      timeoutMs: 120_000,
      intervalMs: 200,
      what: `everything to be judged up to ${new Date(moment).toISOString()}`,
    });
  }

  /** Gives its place back: the node's own scheduler goes on from the last tick. */
  async release(): Promise<void> {
    await this.#options.database.query("UPDATE leases SET expires_at = '-infinity' WHERE name = 'scheduler' AND holder = $1", [
      LEASE_HOLDER,
    ]);
  }

  async #tick(tick: number): Promise<void> {
    const { redis, keys } = this.#options;
    const silent = new Set(this.#outages.filter(({ from, to }) => from <= tick && tick < to).map(({ object }) => object));
    for (const { shard, partition, checks } of this.#shards) {
      if (checks.length > 0) await appendEntries(redis, keys.observations(partition), [batchOf(shard, tick, checks, silent)]);
    }
    await this.#close(this.#shards, tick);
  }

  async #close(shards: readonly { readonly shard: string; readonly partition: number }[], tick: number): Promise<void> {
    const { redis, keys } = this.#options;
    await closeTicks(
      redis,
      keys,
      shards.map(({ shard, partition }) => ({
        ...{ type: 'closed' as const, shard, partition },
        ...{ intervalMs: FED_INTERVAL_MS, fromTick: tick, toTick: tick },
      })),
    );
  }

  /** Waits until the pipeline has read all there is. */
  async #read(): Promise<void> {
    const { database, redis, keys } = this.#options;
    const last = async (partition: number) => (await redis.xrevrange(keys.observations(partition), '+', '-', 'COUNT', 1))[0]?.[0] ?? '0-0';
    await waitFor(
      async () => {
        // Of a quiet partition a snapshot is saved once a minute, and how far it is judged every ten seconds.
        const judged = [...(await readJudgedOffsets(database))];
        const ends = await Promise.all(judged.map(([partition]) => last(partition)));
        return judged.length > 0 && judged.every(([, place], index) => place === ends[index]);
      },
      { timeoutMs: 120_000, intervalMs: 200, what: 'the streams to be read' },
    );
  }

  async #adopt(): Promise<void> {
    const { database, redis, keys } = this.#options;
    const { rows } = await database.query<{ version: number }>('SELECT version FROM inventory_version');
    for (const { partition } of this.#shards)
      await appendEntries(redis, keys.observations(partition), [{ type: 'inventory', version: rows[0]?.version ?? 1 }]);
  }
}

function batchOf(
  shard: string,
  tick: number,
  checks: readonly { readonly key: number; readonly object: string }[],
  silent: ReadonlySet<string>,
): ObservationBatch {
  const down = checks.map(({ object }) => silent.has(object));
  const startedAt = tick + BEGINS_MS;
  return {
    ...{ type: 'observations', shard, planVersion: 1, tick, startedAt, endedAt: startedAt + LASTS_MS, collector: 'laboratory' },
    ...{ vantage: 'seeing', clockUncertaintyMs: 0, checks: packUint32(checks.map(({ key }) => key)) },
    verdicts: packUint8(down.map((each) => (each ? VERDICT.down : VERDICT.up) | CONFIRMED)),
    first: packInt32(down.map((each) => (each ? 1_000 : 50))),
    last: packInt32(down.map(() => 600)),
  };
}
