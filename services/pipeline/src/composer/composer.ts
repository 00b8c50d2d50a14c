import type { LogEntry } from '@beacontower/contracts';
import {
  assertLeases,
  COMPOSER_READER,
  type ComposedMark,
  type Database,
  type Lease,
  type LeasedWork,
  lastSequence,
  type Queryable,
  reachMark,
  readComposites,
  readCompositesRecordedSince,
  readLog,
  readReader,
  readResolutionOf,
  readTransitions,
  reviseTransitions,
  SEQUENCE_CHANNEL,
  saveReader,
  type Turn,
  takeMark,
  widenToEdges,
} from '@beacontower/database';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import type { PipelineMetrics } from '../metrics.ts';
import { compose } from './compose.ts';
import { CompositeGraph } from './graph.ts';

/** The lease under which composites are composed, and the name of their reader of the log. */
export const COMPOSER_LEASE = COMPOSER_READER;

const BATCH = 1_000;
/** How long the reader's place may stay unsaved while nothing concerns a composite. */
const QUIET_SAVE_MS = 5_000;
/** How often it is said how far is composed. */
const MARK_MS = 2_000;
/** After a start composites changed since this long before the saved place are composed anew: nobody knows which of them were. */
const SINCE_MARGIN_MS = 3_600_000;
const FOR_EVER = Number.MAX_SAFE_INTEGER;

export interface ComposerDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: PipelineMetrics;
}

interface Memory {
  readonly graph: CompositeGraph;
  /** Last row of the inventory taken in. */
  row: number;
  /** Sequence of the last entry taken in, and the one that is in the record as such. */
  sequence: number;
  saved: number;
  savedAt: number;
  /** Composites to be composed, with the moment from which on. */
  due: Map<string, number>;
  /** How far will be composed once the log has been read so far, and when that was last said. */
  mark: ComposedMark | null;
  markedAt: number;
}

/**
 * The one leased reader of the ordered log that records the transitions of composite objects (decision 0013): whenever a member changes,
 * or its past does, or the inventory, what follows is computed anew on the time axis from the earliest edge concerned and the record is
 * revised where it differs. Reading an entry twice changes nothing. Revisions and the reader's place are one transaction.
 */
export class Composer implements LeasedWork {
  readonly name = 'composer';
  readonly lease = COMPOSER_LEASE;
  readonly pauseMs = 1_000;
  readonly #deps: ComposerDependencies;
  #memory: Memory | undefined;

  constructor(deps: ComposerDependencies) {
    this.#deps = deps;
  }

  listen(wake: () => void): Promise<() => Promise<void>> {
    return this.#deps.database.listen(SEQUENCE_CHANNEL, wake);
  }

  forget(): void {
    this.#memory = undefined;
  }

  async pass({ lease }: Turn): Promise<LoopResult> {
    return (await this.#read(lease)) ? 'again' : 'pause';
  }

  async #read(lease: Lease): Promise<boolean> {
    const { database } = this.#deps;
    const memory = this.#memory ?? (await this.#load());
    if (memory.graph.size > 0 && this.#deps.clock.now() - memory.markedAt >= MARK_MS) memory.mark ??= await takeMark(database);
    const entries = await readLog(database, memory.sequence, BATCH);
    for (const entry of entries) noteEntry(memory, entry);
    if (entries.some((entry) => entry.kind === 'inventory')) await this.#takeInventory(memory);
    await this.#commit(lease, memory, entries.at(-1)?.sequence ?? memory.sequence);
    await this.#mark(lease, memory);
    return entries.length === BATCH;
  }

  /** Says up to when composites are known. Of a composer that is dead or behind nobody takes the last state for the present one. */
  async #mark(lease: Lease, memory: Memory): Promise<void> {
    const { mark } = memory;
    if (mark === null) return;
    const isReached = await this.#deps.database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      return reachMark(tx, mark, memory.sequence);
    });
    if (!isReached) return;
    memory.mark = null;
    memory.markedAt = this.#deps.clock.now();
  }

  async #load(): Promise<Memory> {
    const { database, clock, logger } = this.#deps;
    const place = await readReader(database, COMPOSER_LEASE);
    // Before the inventory is read: what changes meanwhile is told again.
    const sequence = place?.sequence ?? (await lastSequence(database));
    const memory: Memory = {
      graph: new CompositeGraph(),
      row: 0,
      sequence,
      saved: place?.sequence ?? -1,
      savedAt: clock.now(),
      due: new Map(),
      mark: null,
      markedAt: 0,
    };
    const { lastRow, versions } = await readComposites(database, 0);
    memory.graph.replace(versions);
    memory.row = lastRow;
    const changed = place === null ? versions.keys() : await readCompositesRecordedSince(database, place.updatedAt - SINCE_MARGIN_MS);
    for (const id of changed) noteWhole(memory, id);
    logger.info({ composites: memory.graph.size, due: memory.due.size }, 'composites');
    this.#memory = memory;
    return memory;
  }

  async #takeInventory(memory: Memory): Promise<void> {
    const { lastRow, versions } = await readComposites(this.#deps.database, memory.row);
    memory.graph.replace(versions);
    memory.row = lastRow;
    for (const id of versions.keys()) noteWhole(memory, id);
  }

  async #commit(lease: Lease, memory: Memory, sequence: number): Promise<void> {
    const { database, clock, metrics } = this.#deps;
    const now = clock.now();
    const quiet = memory.due.size === 0;
    if (quiet && (sequence === memory.saved || (memory.saved >= 0 && now - memory.savedAt < QUIET_SAVE_MS))) {
      memory.sequence = sequence;
      return;
    }
    const written = await database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      const count = await composeDue(tx, memory, lease.epoch, now);
      await saveReader(tx, COMPOSER_LEASE, lease.epoch, sequence, now);
      return count;
    });
    metrics.composed.inc(written);
    memory.due = new Map();
    memory.sequence = sequence;
    memory.saved = sequence;
    memory.savedAt = now;
  }
}

/** Notes which composites an entry concerns, and from when on. */
function noteEntry(memory: Memory, entry: LogEntry): void {
  if (entry.kind === 'state') noteMember(memory, entry.body.object, entry.body.earliest);
  else if (entry.kind === 'revised') noteMember(memory, entry.body.object, entry.body.from);
}

function noteMember(memory: Memory, object: string, from: number): void {
  for (const composite of memory.graph.partsOf(object)) note(memory, composite, from);
}

function noteWhole(memory: Memory, composite: string): void {
  note(memory, composite, memory.graph.versionsOf(composite)[0]?.from ?? FOR_EVER);
}

function note(memory: Memory, composite: string, from: number): void {
  memory.due.set(composite, Math.min(from, memory.due.get(composite) ?? FOR_EVER));
}

/** Composes what is due, members before what is made of them; returns how many transitions were superseded or written. */
async function composeDue(tx: Queryable, memory: Memory, epoch: number, now: number): Promise<number> {
  let count = 0;
  for (const id of memory.graph.inOrder(memory.due.keys())) {
    const due = memory.due.get(id);
    if (due === undefined) continue;
    const { changed, from } = await composeOne(tx, memory.graph, id, due, epoch, now);
    count += changed;
    if (changed > 0) noteMember(memory, id, from);
  }
  return count;
}

async function composeOne(tx: Queryable, graph: CompositeGraph, id: string, due: number, epoch: number, now: number) {
  const versions = graph.versionsOf(id);
  const [first] = versions;
  const last = versions.at(-1);
  if (!first || !last) return { changed: 0, from: due };
  const members = [...new Set(versions.flatMap(({ combination }) => combination.of))];
  const from = Math.max(first.from, await widenToEdges(tx, members, due));
  const transitions = await readTransitions(tx, members, from, FOR_EVER);
  const [revised] = await reviseTransitions(
    tx,
    [
      {
        objectId: id,
        check: null,
        from,
        // What is no composite any more is watched by its own checks from then on.
        to: last.to === null ? null : Math.max(from, last.to) + 1,
        transitions: compose(versions, from, (member) => transitions.get(member) ?? []),
        resolutionMs: await readResolutionOf(tx, members),
        epoch,
      },
    ],
    now,
  );
  return { changed: (revised?.superseded ?? 0) + (revised?.written ?? 0), from };
}
