import type { LogEntry } from '@beacontower/contracts';
import {
  assertLeases,
  type Database,
  type LeasedWork,
  lastSequence,
  pruneDownward,
  readBelowAmong,
  readLog,
  readReader,
  SEQUENCE_CHANNEL,
  saveReader,
  type Turn,
  tellBelow,
} from '@beacontower/database';
import type { Clock, LoopResult } from '@beacontower/runtime';

const READER = 'downward';
const BATCH = 2_000;
const KEPT_MS = 30 * 86_400_000;
const PRUNED_AT_ONCE = 1_000;
/** Each pruning reads all items: not with every row of a busy log. */
const PRUNED_EVERY_MS = 60_000;

export interface DownwardDependencies {
  readonly database: Database;
  readonly clock: Clock;
  /** Id of this node. */
  readonly node: string;
}

/** The one leased reader of the ordered log that tells nodes below what becomes here of incidents of theirs, and of what was given to them. */
export class DownwardTeller implements LeasedWork {
  readonly name = 'downward-teller';
  readonly lease = 'downward-teller';
  readonly pauseMs = 1_000;
  readonly #deps: DownwardDependencies;
  #prunedAt = 0;

  constructor(deps: DownwardDependencies) {
    this.#deps = deps;
  }

  listen(wake: () => void): Promise<() => Promise<void>> {
    return this.#deps.database.listen(SEQUENCE_CHANNEL, wake);
  }

  async pass({ lease }: Turn): Promise<LoopResult> {
    const { database, clock, node } = this.#deps;
    const place = await readReader(database, READER);
    // Before anybody reported here there was nobody to tell.
    const from = place?.sequence ?? (await lastSequence(database));
    const entries = await readLog(database, from, BATCH);
    const last = entries.at(-1)?.sequence ?? from;
    if (place !== null && last === place.sequence) return 'pause';
    const now = clock.now();
    await database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      await tellBelow(tx, node, await this.#concerned(entries), now);
      await saveReader(tx, READER, lease.epoch, last, now);
    });
    await this.#prune(now);
    return entries.length === BATCH ? 'again' : 'pause';
  }

  async #prune(now: number): Promise<void> {
    if (now - this.#prunedAt < PRUNED_EVERY_MS) return;
    const pruned = await pruneDownward(this.#deps.database, now - KEPT_MS, PRUNED_AT_ONCE);
    if (pruned < PRUNED_AT_ONCE) this.#prunedAt = now;
  }

  // What nodes below said themselves is no news to them.
  async #concerned(entries: readonly LogEntry[]): Promise<string[]> {
    const changes = entries.flatMap((entry) => (entry.kind === 'incident' ? [entry.body] : []));
    const tellers = changes.flatMap(({ change, other }) => (change === 'told' && other !== undefined ? [other] : []));
    const below = await readBelowAmong(this.#deps.database, [...new Set(tellers)]);
    return changes
      .filter(({ change, other }) => change !== 'told' || other === undefined || !below.has(other))
      .map(({ incident }) => incident);
  }
}
