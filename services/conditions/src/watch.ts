import type { CalendarBody } from '@beacontower/contracts';
import {
  assertLeases,
  type Database,
  forgetConditionOffsets,
  forgetReader,
  type Lease,
  type LeasedWork,
  noteConditionValues,
  ObjectCache,
  type Queryable,
  readConditionOffsets,
  readConditionStates,
  readCurrentEntities,
  readInventoryVersion,
  readNodeIdentity,
  readReader,
  resolveConditionIncidents,
  saveConditionOffsets,
  saveConditionStates,
  saveReader,
  type Turn,
} from '@beacontower/database';
import type { Clock, LoopResult } from '@beacontower/runtime';
import type { ConditionsConfig } from './config.ts';
import type { ConditionMetrics } from './metrics.ts';
import type { SampleFollower } from './sample-follower.ts';
import { type Orphan, Session } from './session.ts';
import { StateFollower } from './state-follower.ts';
import type { ConditionInventory } from './subject-table.ts';
import { type WrittenChanges, writeChanges, writeMemory } from './write.ts';

export const CONDITIONS_LEASE = 'conditions';
/** Name of this reader in `log_readers`. */
const READER = 'conditions';

export interface ConditionWatchDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly metrics: ConditionMetrics;
  readonly createSamples: () => SampleFollower;
}

/**
 * Judges every condition on every object it is about, one process at a time in the whole node. Memory is a cache of the record and
 * the streams: incidents, what is remembered, and how far was read are one transaction, so that a process that ends in the middle
 * comes to the same again.
 */
export class ConditionWatch implements LeasedWork {
  readonly name = 'conditions';
  readonly lease = CONDITIONS_LEASE;
  readonly pauseMs: number;
  readonly #config: ConditionsConfig;
  readonly #deps: ConditionWatchDependencies;
  readonly #objects = new ObjectCache();
  #session: Session | undefined;
  #version = -1;
  #language: 'zh' | 'en' = 'en';
  #savedAt = 0;
  #savedPlace = '';
  #notedAt = 0;

  constructor(config: ConditionsConfig, deps: ConditionWatchDependencies) {
    this.#config = config;
    this.#deps = deps;
    this.pauseMs = config.pauseMs;
  }

  forget(): void {
    this.#session = undefined;
    this.#version = -1;
  }

  detail(): string {
    const { table, changes } = this.#session ?? {};
    return `${table?.conditions.length ?? 0} conditions on ${table?.subjects.size ?? 0} objects, ${changes?.afoot.size ?? 0} afoot`;
  }

  async pass({ lease, fault }: Pick<Turn, 'lease' | 'fault'>): Promise<LoopResult> {
    const { database, clock, metrics } = this.#deps;
    const session = await this.#follow(database, clock.now());
    // A Redis that is down delays no condition on states.
    const moreSamples = await session.followSamples().catch((error: unknown) => {
      fault(error);
      return false;
    });
    const end = metrics.pass.startTimer();
    const moreStates = await session.followStates(clock.now());
    await this.#commit(session, lease, clock.now());
    end();
    this.#show(session);
    return moreSamples || moreStates ? 'again' : 'pause';
  }

  /** The session with the present inventory. */
  async #follow(db: Database, now: number): Promise<Session> {
    const version = await readInventoryVersion(db);
    const session = this.#session ?? (await this.#begin(db));
    this.#session = session;
    if (version === this.#version) return session;
    await session.turnTo(await this.#readInventory(db), now);
    this.#version = version;
    return session;
  }

  async #begin(db: Database): Promise<Session> {
    const { logBatch, explainMs } = this.#config;
    const saved = await readConditionStates(db);
    const states = new StateFollower({ database: db, logBatch, explainMs }, await readReader(db, READER));
    return new Session({ states, createSamples: this.#deps.createSamples, saved, offsets: await readConditionOffsets(db) });
  }

  /** Objects are read only where there are conditions. */
  async #readInventory(db: Database): Promise<ConditionInventory> {
    const conditions = await readCurrentEntities(db, 'condition');
    if (conditions.length === 0) return { conditions, calendars: new Map(), objects: [], keys: new Map() };
    const calendars: CalendarBody[] = await readCurrentEntities(db, 'calendar');
    const { objects, keys } = await this.#objects.load(db);
    const [identity, nodes] = await Promise.all([readNodeIdentity(db), readCurrentEntities(db, 'node')]);
    this.#language = (nodes.find(({ id }) => id === identity?.node) ?? nodes[0])?.language ?? 'en';
    return { conditions, calendars: new Map(calendars.map((calendar) => [calendar.id, calendar])), objects, keys };
  }

  async #commit(session: Session, lease: Lease, now: number): Promise<void> {
    const { saveMs } = this.#config;
    const changes = session.changes.take();
    const orphans = session.takeOrphans();
    const { changed } = session.changes;
    const place = placeOf(session);
    const isUrgent = changes.length > 0 || orphans.length > 0;
    if (!isUrgent && (now - this.#savedAt < saveMs || (changed.size === 0 && place === this.#savedPlace))) return;
    const written = await this.#deps.database.transaction(async (tx): Promise<WrittenChanges> => {
      await assertLeases(tx, [lease]);
      const done = await writeChanges(tx, changes, this.#language, now);
      const ended = await endOrphans(tx, orphans, now);
      await writeMemory(tx, changed, done.adopted, now);
      await this.#savePlaces(tx, session, lease, now);
      return { ...done, ended: done.ended + ended };
    });
    for (const subject of changed) subject.settle(written.adopted);
    changed.clear();
    this.#savedAt = now;
    this.#savedPlace = place;
    this.#deps.metrics.changes.inc({ change: 'raised' }, written.raised);
    this.#deps.metrics.changes.inc({ change: 'ended' }, written.ended);
  }

  async #savePlaces(tx: Queryable, session: Session, lease: Lease, now: number): Promise<void> {
    const { offsets, states } = session;
    if (offsets === null) await forgetConditionOffsets(tx);
    else await saveConditionOffsets(tx, offsets, now);
    if (states.sequence === null) await forgetReader(tx, READER);
    else await saveReader(tx, READER, lease.epoch, states.sequence, now);
    if (now - this.#notedAt < this.#config.noteMs) return;
    this.#notedAt = now;
    const moved = [...session.changes.afoot].filter((subject) => subject.isMoved);
    for (const subject of moved) subject.isMoved = false;
    await noteConditionValues(
      tx,
      moved.flatMap(({ incident, memory }) => {
        const { value, worst } = memory ?? { value: null, worst: null };
        return incident === null || value === null || worst === null ? [] : [{ id: incident, value, worst }];
      }),
    );
  }

  #show({ table, changes }: Session): void {
    const { metrics } = this.#deps;
    const raised = [...changes.afoot].filter(({ memory }) => memory?.phase === 'raised').length;
    metrics.configured.set(table.conditions.length);
    metrics.subjects.set(table.subjects.size);
    metrics.raised.set(raised);
    metrics.rising.set(changes.afoot.size - raised);
  }
}

/** How far was read, as something to compare. */
function placeOf({ states, offsets }: Session): string {
  return JSON.stringify([states.sequence, offsets === null ? null : [...offsets.values()].map(({ id }) => id)]);
}

/** What was said last of a condition that is gone stands. */
async function endOrphans(tx: Queryable, orphans: readonly Orphan[], now: number): Promise<number> {
  const endings = orphans.flatMap(({ incident, resolution }) =>
    incident === null ? [] : [{ id: incident, at: now, resolution, facts: null }],
  );
  const ended = await resolveConditionIncidents(tx, endings, now);
  await saveConditionStates(tx, [], orphans, now);
  return ended.size;
}
