import { type Database, FencedOut, type Lease, type LeaseKeeper, readPartitionStates } from '@beacontower/database';
import { compareStreamIds, type Keys, readEntries, type StreamRecord, trimStream } from '@beacontower/queue';
import { type Clock, type Component, type Health, type Logger, Loop } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import { commitUnits, sayWatermarks } from './commit.ts';
import type { PipelineConfig } from './config.ts';
import { byPartition, type CommitUnit, HeldPartition, inCommits } from './judge.ts';
import type { PipelineMetrics } from './metrics.ts';
import { Partition } from './partition.ts';
import type { InventorySource, PipelineInventory, VerdictBoard } from './ports.ts';
import type { PartitionInventory } from './records.ts';
import { packSnapshot, unpackSnapshot } from './snapshot.ts';

export interface ReaderDependencies {
  readonly database: Database;
  /** For short commands. */
  readonly redis: Redis;
  /** A connection of its own for the blocking read. */
  readonly blockingRedis: Redis;
  readonly keys: Keys;
  readonly leases: LeaseKeeper;
  readonly partitions: number;
  /** The objects of one partition out of the whole inventory. */
  readonly share: (inventory: PipelineInventory, partition: number) => PartitionInventory;
  readonly inventory: InventorySource;
  readonly verdictBoard: VerdictBoard;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: PipelineMetrics;
}

/**
 * Reads the observation streams of the partitions it holds, judges in memory, and commits. Whatever fails, memory is
 * thrown away and taken up again from the last commit: replays are harmless, nothing is judged twice in the record.
 */
export class StreamReader implements Component {
  readonly name = 'stream reader';
  readonly #config: PipelineConfig;
  readonly #deps: ReaderDependencies;
  readonly #loop: Loop;
  readonly #held = new Map<number, HeldPartition>();
  readonly #streams: Map<string, number>;
  #inventory: PipelineInventory | undefined;
  #passedAt = 0;
  #inventoryAskedAt = Number.NEGATIVE_INFINITY;

  constructor(config: PipelineConfig, deps: ReaderDependencies) {
    this.#config = config;
    this.#deps = deps;
    this.#streams = new Map(Array.from({ length: deps.partitions }, (_, partition) => [deps.keys.observations(partition), partition]));
    this.#loop = new Loop({
      name: 'pipeline',
      logger: deps.logger,
      pauseMs: 100,
      failurePauseMs: 300,
      pass: () => this.#pass(),
      onFailure: (error) => this.#failed(error),
    });
  }

  async start(): Promise<void> {
    this.#loop.start();
  }

  /** Finishes the pass under way and commits what was judged. */
  async stop(): Promise<void> {
    await this.#loop.stop();
    await this.#commit([...this.#held.values()].filter((held) => held.offset !== held.committed)).catch((error: unknown) =>
      this.#failed(error),
    );
  }

  health(): Health {
    if (this.#passedAt === 0) return { status: 'starting' };
    const silent = this.#deps.clock.monotonic() - this.#passedAt;
    if (silent > 15_000) return { status: 'failed', detail: `no pass for ${Math.round(silent / 1000)} s` };
    return { status: 'ok', detail: `${this.#held.size} of ${this.#deps.partitions} partitions` };
  }

  async #pass(): Promise<'again' | 'pause'> {
    await this.#followLeases();
    this.#passedAt = this.#deps.clock.monotonic();
    if (this.#held.size === 0) return 'pause';
    const offsets = new Map([...this.#held.values()].map((held) => [this.#deps.keys.observations(held.partition.number), held.offset]));
    const records = await readEntries(this.#deps.blockingRedis, offsets, { count: this.#config.readCount, blockMs: 500 });
    for (const [partition, entries] of byPartition(records, this.#streams)) {
      const held = this.#held.get(partition);
      if (held) await this.#judge(held, entries);
    }
    const now = this.#deps.clock.now();
    const due = (what: 'commit' | 'say') => [...this.#held.values()].filter((held) => held.due(now, this.#config) === what);
    for (const commit of inCommits(due('commit'))) await this.#commit(commit);
    await this.#say(due('say'), now);
    if (records.length < this.#config.readCount) await this.#followInventory();
    return 'again';
  }

  async #judge(held: HeldPartition, records: readonly StreamRecord[]): Promise<void> {
    for (const { id, entry } of records) {
      if (entry === null) this.#deps.metrics.undecodable.inc();
      else if (entry.type === 'inventory') await this.#adopt(held, entry.version);
      else held.partition.process(entry);
      held.offset = id;
    }
  }

  async #adopt(held: HeldPartition, version: number): Promise<void> {
    if (held.inventoryVersion >= version) return;
    if (!this.#inventory || this.#inventory.version < version) this.#inventory = await this.#deps.inventory.load();
    held.partition.adopt(this.#deps.share(this.#inventory, held.partition.number), this.#deps.clock.now());
    held.inventoryVersion = this.#inventory.version;
  }

  // The entry that tells of a change is sent after the change is committed: Redis may be away just then, or lose it.
  async #followInventory(): Promise<void> {
    const { clock, inventory } = this.#deps;
    if (clock.monotonic() - this.#inventoryAskedAt < this.#config.inventoryLookMs) return;
    this.#inventoryAskedAt = clock.monotonic();
    const version = await inventory.version().catch(() => 0);
    for (const held of this.#held.values()) await this.#adopt(held, version);
  }

  /** Lets go what was lost, and takes up what was gained from its last commit. */
  async #followLeases(): Promise<void> {
    const gained: { partition: number; lease: Lease }[] = [];
    for (let partition = 0; partition < this.#deps.partitions; partition++) {
      const lease = this.#deps.leases.held(leaseName(partition));
      const held = this.#held.get(partition);
      if (held && held.lease.epoch !== lease?.epoch) this.#held.delete(partition);
      if (lease && held?.lease.epoch !== lease.epoch) gained.push({ partition, lease });
    }
    if (gained.length > 0) await this.#takeUp(gained);
    this.#deps.metrics.partitions.set(this.#held.size);
  }

  async #takeUp(gained: readonly { partition: number; lease: Lease }[]): Promise<void> {
    const inventory = await this.#deps.inventory.load();
    this.#inventory = inventory;
    const stored = await readPartitionStates(
      this.#deps.database,
      gained.map((item) => item.partition),
    );
    for (const { partition, lease } of gained) {
      const row = stored.get(partition);
      const share = this.#deps.share(inventory, partition);
      const memory = new Partition(partition, share, row ? unpackSnapshot(row.snapshot) : null);
      memory.adopt(share, this.#deps.clock.now());
      const held = new HeldPartition(lease, memory, row?.offset ?? null, this.#deps.clock.now(), inventory.version);
      await this.#deps.verdictBoard.replace(partition, held.verdicts);
      this.#held.set(partition, held);
    }
  }

  async #commit(due: readonly HeldPartition[]): Promise<void> {
    if (due.length === 0) return;
    const { database, clock, metrics } = this.#deps;
    const now = clock.now();
    const units = due.map(
      (held): CommitUnit => ({
        held,
        effects: held.partition.takeEffects(),
        snapshot: packSnapshot(held.partition.snapshot()),
        ...held.partition.watermarks,
        offset: held.offset,
      }),
    );
    const end = metrics.commits.startTimer();
    await commitUnits(database, units, now);
    end();
    for (const unit of units) await this.#afterCommit(unit, now);
  }

  /** Says how far is judged where nothing changed. */
  async #say(quiet: readonly HeldPartition[], now: number): Promise<void> {
    if (quiet.length === 0) return;
    await sayWatermarks(this.#deps.database, quiet, now);
    for (const held of quiet) {
      held.saidAt = now;
      this.#count(held, [], held.offset, now);
      await this.#deps.verdictBoard.verify(held.partition.number, held.verdicts);
    }
  }

  async #afterCommit({ held, effects, offset }: CommitUnit, now: number): Promise<void> {
    const { keys, redis, verdictBoard } = this.#deps;
    held.committed = offset;
    held.committedAt = now;
    held.saidAt = now;
    this.#count(held, effects.transitions, offset, now);
    if (effects.transitions.length > 0) {
      const verdicts = held.partition.verdicts();
      await verdictBoard.update(held.partition.number, held.verdicts, verdicts);
      held.verdicts = verdicts;
    } else {
      await verdictBoard.verify(held.partition.number, held.verdicts);
    }
    const margin = `${Math.max(0, now - this.#config.streamMarginMs)}-0`;
    await trimStream(redis, keys.observations(held.partition.number), compareStreamIds(margin, offset) < 0 ? margin : offset);
  }

  #count(held: HeldPartition, transitions: readonly { transition: { to: string } }[], offset: string, now: number): void {
    const { metrics } = this.#deps;
    const { tally } = held.partition;
    metrics.observations.inc(tally.observations);
    metrics.stale.inc(tally.stale);
    metrics.strangers.inc(tally.strangers);
    metrics.blindBatches.inc(tally.blindBatches);
    Object.assign(tally, { observations: 0, stale: 0, strangers: 0, blindBatches: 0 });
    for (const { transition } of transitions) metrics.transitions.inc({ to: transition.to });
    metrics.lag.set({ partition: String(held.partition.number) }, Math.max(0, now - Number(offset.split('-')[0])));
  }

  #failed(error: unknown): void {
    this.#deps.metrics.failures.inc();
    if (error instanceof FencedOut) for (const held of this.#held.values()) this.#deps.leases.lost(held.lease.name);
    this.#held.clear();
  }
}

/** The lease that whoever judges a partition must hold. */
export function leaseName(partition: number): string {
  return `partition-${partition}`;
}
