import type { LogEntry } from '@beacontower/contracts';
import {
  appendLog,
  assertLeases,
  CORRELATOR_READER,
  type Database,
  type Lease,
  type LeasedWork,
  ObjectCache,
  ofOtherNode,
  readCorrelation,
  readLog,
  SEQUENCE_CHANNEL,
  saveReader,
  type Turn,
} from '@beacontower/database';
import { FLAPPING_POLICY, type Look, nextDeadline, nextSteady, nodeOfObject } from '@beacontower/domain';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import type { AlertingConfig } from '../config.ts';
import { type Directory, readDirectory } from '../directory.ts';
import type { AlertingMetrics } from '../metrics.ts';
import type { LookRequester } from '../ports.ts';
import { changeInventory, type Memory, rebuildMemory } from './memory.ts';
import { type BatchOutcome, readBatch } from './read.ts';
import { type Written, writeEffects } from './write.ts';

/** How long the reader's place may stay unsaved while there is nothing to say. */
const QUIET_SAVE_MS = 5_000;

/** How often it is looked whether a backlog that holds up a decision is gone. */
const BACKLOG_LOOK_MS = 200;

export interface CorrelatorDependencies {
  readonly database: Database;
  readonly looks: LookRequester;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AlertingMetrics;
}

/**
 * The one leased reader of the ordered log that turns states into incidents and notices. Memory is a cache of the record: after any
 * failure it is thrown away and rebuilt. Effects, log rows and the reader's place are one transaction.
 */
export class Correlator implements LeasedWork {
  readonly name = 'correlator';
  readonly lease = 'correlator';
  readonly pauseMs: number;
  readonly #config: AlertingConfig;
  readonly #deps: CorrelatorDependencies;
  #memory: Memory | undefined;
  readonly #objects = new ObjectCache();
  #unaskedLooks = new Map<string, number>();
  #wake: (() => void) | undefined;
  #deadline: NodeJS.Timeout | undefined;

  constructor(config: AlertingConfig, deps: CorrelatorDependencies) {
    this.#config = config;
    this.pauseMs = config.pollMs;
    this.#deps = deps;
  }

  listen(wake: () => void): Promise<() => Promise<void>> {
    this.#wake = wake;
    return this.#deps.database.listen(SEQUENCE_CHANNEL, wake);
  }

  forget(): void {
    clearTimeout(this.#deadline);
    this.#memory = undefined;
  }

  async pass({ lease }: Turn): Promise<LoopResult> {
    return (await this.#read(lease)) ? 'again' : 'pause';
  }

  async #read(lease: Lease): Promise<boolean> {
    const { database, metrics, clock } = this.#deps;
    const memory = this.#memory ?? (await this.#load());
    const entries = untilInventory(await readLog(database, memory.sequence, this.#config.batch));
    const now = clock.now();
    const overdueAt = await this.#overdueAt(memory, entries, now);
    const outcome = readBatch(memory.world, ofThisNode(entries, memory.directory), {
      now,
      overdueAt,
      policy: this.#config.correlation,
      watchedAnew: memory.watchedAnew,
    });
    const last = entries.at(-1);
    if (last) memory.sequence = last.sequence;
    const written = await this.#commit(lease, memory, outcome, now);
    for (const entry of entries) metrics.correlated.inc({ kind: entry.kind });
    if (last) metrics.correlationLag.set(Math.max(0, clock.now() - last.recordedAt));
    await this.#afterCommit(memory, written);
    if (last?.kind === 'inventory') {
      changeInventory(memory, await readDirectory(database, this.#objects), last.sequence);
      return true;
    }
    return entries.length === this.#config.batch;
  }

  /**
   * Up to when deadlines are over. A look's answer may lie in what is not read yet, of the log or of what the pipeline has still to judge:
   * with a backlog no deadline is over, or a storm would alarm for each child.
   */
  async #overdueAt(memory: Memory, entries: readonly LogEntry[], now: number): Promise<number> {
    const deadline = earliest(nextDeadline(memory.world), nextSteady(memory.world));
    if (deadline === null || deadline > now) return now;
    if (now - deadline > this.#config.correlation.longestMs) return now;
    if (entries.length === this.#config.batch) return 0;
    const { database, looks, logger } = this.#deps;
    // The streams first: what is judged meanwhile is in the log by then. Without Redis nobody answers, and nothing is waited for.
    const unjudged = await looks.unjudged(deadline).catch((error: unknown) => {
      logger.warn({ err: error }, 'what is still to be judged is not known; it is not waited for');
      return false;
    });
    if (unjudged) return 0;
    const read = entries.at(-1)?.sequence ?? memory.sequence;
    const unread = await database.query(
      `SELECT 1 WHERE EXISTS (SELECT FROM log WHERE sequence IS NULL AND kind IN ('state', 'looked') AND NOT ${ofOtherNode('subject')})
         OR EXISTS (SELECT FROM log WHERE sequence > $1 AND kind IN ('state', 'looked') AND NOT ${ofOtherNode('subject')})`,
      [read],
    );
    return unread.rowCount === 0 ? deadline : 0;
  }

  async #load(): Promise<Memory> {
    const { database, clock, logger } = this.#deps;
    const startedAt = clock.monotonic();
    const directory = await readDirectory(database, this.#objects);
    const now = clock.now();
    const memory = rebuildMemory(await readCorrelation(database, now - flappingWindow(directory)), directory, now);
    // A crash may have come between the commit and the asking: everything still undecided is asked for again.
    for (const { looks } of memory.world.pending.values()) this.#want(looks);
    logger.info(
      { objects: memory.world.objects.size, incidents: memory.world.incidents.size, tookMs: Math.round(clock.monotonic() - startedAt) },
      'correlation begins',
    );
    this.#memory = memory;
    return memory;
  }

  async #commit(lease: Lease, memory: Memory, outcome: BatchOutcome, now: number): Promise<Written[]> {
    const quiet = outcome.effects.length === 0;
    if (quiet && (memory.sequence === memory.savedSequence || now - memory.savedAt < QUIET_SAVE_MS)) return [];
    const written = await this.#deps.database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      const all: Written[] = [];
      for (const effects of outcome.effects) all.push(await writeEffects(tx, effects, memory, now));
      await saveReader(tx, CORRELATOR_READER, lease.epoch, memory.sequence, now);
      await appendLog(
        tx,
        all.flatMap((part) => part.log),
        now,
      );
      return all;
    });
    memory.savedSequence = memory.sequence;
    memory.savedAt = now;
    return written;
  }

  // The looks are outside the transaction: what is lost here is asked for again by `#load`.
  async #afterCommit(memory: Memory, written: readonly Written[]): Promise<void> {
    const { metrics } = this.#deps;
    for (const part of written) {
      this.#want(part.looks);
      for (const change of part.changes) metrics.incidents.inc({ change });
    }
    await this.#askLooks();
    metrics.pending.set(memory.world.pending.size);
    metrics.active.set(memory.world.incidents.size);
    clearTimeout(this.#deadline);
    const deadline = earliest(nextDeadline(memory.world), nextSteady(memory.world));
    if (deadline === null) return;
    const left = deadline - this.#deps.clock.now();
    // One that is past waits for what is still unread.
    this.#deadline = setTimeout(() => this.#wake?.(), left > 0 ? Math.max(10, left) : BACKLOG_LOOK_MS);
  }

  #want(looks: readonly Look[]): void {
    for (const { object, after } of looks) this.#unaskedLooks.set(object, Math.max(after, this.#unaskedLooks.get(object) ?? 0));
  }

  async #askLooks(): Promise<void> {
    if (this.#unaskedLooks.size === 0) return;
    const { looks, logger, metrics } = this.#deps;
    const wanted = [...this.#unaskedLooks].map(([object, after]) => ({ object, after }));
    try {
      await looks.request(wanted);
      this.#unaskedLooks.clear();
      metrics.looks.inc(wanted.length);
    } catch (error) {
      metrics.lookFailures.inc(wanted.length);
      logger.warn({ err: error, looks: wanted.length }, 'fresh looks could not be asked for; they are asked for again');
    }
  }
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

/** How far back a change may lie that still counts; ms, twice as long as needed since an outage is found by its beginning. */
function flappingWindow({ dependencies }: Directory): number {
  let longest = 0;
  for (const { roundMs = 0 } of dependencies.objects.values()) longest = Math.max(longest, roundMs);
  return 2 * longest * FLAPPING_POLICY.rounds;
}

/** Without the states of other nodes' objects: their node has correlated them, and tells what came of it. */
function ofThisNode(entries: readonly LogEntry[], { otherNodes }: Directory): readonly LogEntry[] {
  if (otherNodes.size === 0) return entries;
  return entries.filter(({ kind, subject }) => (kind !== 'state' && kind !== 'looked') || !otherNodes.has(nodeOfObject(subject)));
}

/** Entries up to and with the first change of the inventory: what follows is judged by the new one. */
function untilInventory(entries: LogEntry[]): LogEntry[] {
  const at = entries.findIndex((entry) => entry.kind === 'inventory');
  return at === -1 ? entries : entries.slice(0, at + 1);
}
