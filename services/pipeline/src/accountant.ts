import type { ObjectiveBody } from '@beacontower/contracts';
import {
  type AccountedMonth,
  ALWAYS,
  accountObjects,
  type CalendarVersion,
  type Database,
  ensureScheme,
  type Judged,
  type LeaseKeeper,
  markAccounted,
  monthsOf,
  objectiveMembers,
  readCalendar,
  readCurrentEntities,
  readJudged,
  readUnaccounted,
  type Scheme,
} from '@beacontower/database';
import { localDate, wholeDays } from '@beacontower/domain';
import { type Clock, type Component, type Health, type Logger, Loop } from '@beacontower/runtime';
import type { PipelineMetrics } from './metrics.ts';

/** The lease under which days are accounted. */
export const ACCOUNTANT_LEASE = 'accountant';

const DAY_MS = 86_400_000;
/** How far back days are looked through for accounts that are missing: once after a start, and then only the latest. */
const HISTORY_DAYS = 400;
const RECENT_DAYS = 4;
/** Whoever records something about the past waits for one step at most: some 50 ms. */
const OBJECTS_A_STEP = 500;
const TRIES = 20;
const RETRY_MS = 50;
/** When no day has ended since the last pass only what was taken away has to be made anew: readers can wait for that. */
const REPAIR_MS = 600_000;

export interface AccountantDependencies {
  readonly database: Database;
  readonly leases: LeaseKeeper;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: PipelineMetrics;
  /** How long after the end of a day it is accounted, ms. */
  readonly accountAfterMs: number;
}

/** What is to be accounted: all objects (null), or those of the objectives that are judged by another calendar or time zone. */
interface Task {
  readonly scheme: Scheme;
  readonly calendar: readonly CalendarVersion[];
  readonly members: readonly string[] | null;
}

/**
 * Writes the accounts by month of days that are over and wholly judged: in the node's time zone of all objects, and in other time zones
 * and by calendars of the members of the objectives that are judged so. Missing rows only make a reader slower, never wrong.
 */
export class Accountant implements Component {
  readonly name = 'accountant';
  readonly #deps: AccountantDependencies;
  readonly #loop: Loop;
  #historyDone = false;
  #passed = { at: 0, end: '' };

  constructor(deps: AccountantDependencies) {
    this.#deps = deps;
    this.#loop = new Loop({
      name: 'accountant',
      logger: deps.logger,
      pauseMs: 60_000,
      failurePauseMs: 10_000,
      pass: (signal) => this.#pass(signal),
    });
  }

  async start(): Promise<void> {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  health(): Health {
    return { status: 'ok' };
  }

  async #pass(signal: AbortSignal): Promise<'again' | 'pause'> {
    if (!this.#deps.leases.held(ACCOUNTANT_LEASE)) return 'pause';
    const now = this.#deps.clock.now();
    const end = await this.#dueDays(now);
    if (end === this.#passed.end && now - this.#passed.at < REPAIR_MS) return 'pause';
    await this.accountDays(signal);
    this.#passed = { at: now, end };
    return 'pause';
  }

  /** Which day could be accounted last, in every time zone. */
  async #dueDays(now: number): Promise<string> {
    const { database, accountAfterMs } = this.#deps;
    const end = Math.min((await readJudged(database, now)).asOf, now - accountAfterMs);
    const nodes = await readCurrentEntities(database, 'node');
    const objectives = await readCurrentEntities(database, 'objective');
    return [...new Set([...nodes, ...objectives].map(({ timeZone }) => localDate(end, timeZone)))].join();
  }

  /** Accounts every day that is due and not accounted, from `since` on where it is given. Returns how many object days were written. */
  async accountDays(signal?: AbortSignal, since?: number): Promise<number> {
    const { database, clock, accountAfterMs } = this.#deps;
    const now = clock.now();
    const judged = await readJudged(database, now);
    const end = Math.min(judged.asOf, now - accountAfterMs);
    const from = since ?? now - (this.#historyDone ? RECENT_DAYS : HISTORY_DAYS) * DAY_MS;
    let written = 0;
    for (const task of await this.#tasks(from, end)) {
      const days = wholeDays(from, end, task.scheme.timeZone);
      const [first, last] = [days[0], days.at(-1)];
      if (first === undefined || last === undefined) continue;
      for (const month of monthsOf({ from: first.from, to: last.to }, task.scheme.timeZone, task.calendar)) {
        written += await this.#accountMonth(task, month, last.to, judged, signal);
        if (signal?.aborted) return written;
      }
      await markAccounted(database, task.scheme, last.to);
    }
    this.#historyDone = true;
    return written;
  }

  async #accountMonth(
    { scheme, members }: Task,
    month: AccountedMonth,
    until: number,
    judged: Judged,
    signal?: AbortSignal,
  ): Promise<number> {
    const { database, clock, metrics } = this.#deps;
    const missing = await readUnaccounted(database, scheme, month, until, judged, members);
    let written = 0;
    for (let start = 0; start < missing.length && !signal?.aborted; start += OBJECTS_A_STEP) {
      const step = () =>
        accountObjects(database, scheme, month, missing.slice(start, start + OBJECTS_A_STEP), { until, judged, now: clock.now() });
      const days = await this.#patiently(step);
      metrics.accounts.inc(days);
      written += days;
    }
    return written;
  }

  /** Somebody may be recording something about the past, which takes as long as it takes. */
  async #patiently(step: () => ReturnType<typeof accountObjects>): Promise<number> {
    for (let tries = 0; tries < TRIES; tries++) {
      const result = await step();
      if (result.state === 'done') return result.days;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    throw new Error('others kept recording something about the past: the accounts are made later');
  }

  async #tasks(from: number, to: number): Promise<Task[]> {
    const { database } = this.#deps;
    const [node] = await readCurrentEntities(database, 'node');
    if (node === undefined) return [];
    const tasks = [await this.#task(node.timeZone, ALWAYS, null)];
    for (const [first, ...others] of sameDays(await readCurrentEntities(database, 'objective'))) {
      if (first === undefined || (first.timeZone === node.timeZone && first.calendar === ALWAYS)) continue;
      const members = new Set<string>();
      for (const objective of [first, ...others]) {
        for (const { id } of await objectiveMembers(database, objective, [''], from, to)) members.add(id);
      }
      tasks.push(await this.#task(first.timeZone, first.calendar, [...members]));
    }
    return tasks;
  }

  async #task(timeZone: string, calendar: string, members: readonly string[] | null): Promise<Task> {
    const { database } = this.#deps;
    return { scheme: await ensureScheme(database, timeZone, calendar), calendar: await readCalendar(database, calendar), members };
  }
}

/** Objectives in groups that are judged in one time zone by one calendar. */
function sameDays(objectives: readonly ObjectiveBody[]): ObjectiveBody[][] {
  const groups = new Map<string, ObjectiveBody[]>();
  for (const objective of objectives) {
    const key = JSON.stringify([objective.timeZone, objective.calendar]);
    groups.set(key, [...(groups.get(key) ?? []), objective]);
  }
  return [...groups.values()];
}
