import {
  type Database,
  type Judged,
  type LeaseKeeper,
  readCurrentEntities,
  readJudged,
  readTimelineInputs,
  readUnaccounted,
  writeDailyAccounts,
} from '@beacontower/database';
import { type Account, accountFor, type LocalDay, wholeDays } from '@beacontower/domain';
import { type Clock, type Component, type Health, type Logger, Loop } from '@beacontower/runtime';
import type { PipelineMetrics } from './metrics.ts';

/** The lease under which days are accounted. */
export const ACCOUNTANT_LEASE = 'accountant';

const DAY_MS = 86_400_000;
/** How far back days are looked through for accounts that are missing: once after a start, and then only the latest. */
const HISTORY_DAYS = 400;
const RECENT_DAYS = 4;
const OBJECTS_A_STEP = 2_000;

export interface AccountantDependencies {
  readonly database: Database;
  readonly leases: LeaseKeeper;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: PipelineMetrics;
  /** How long after the end of a day it is accounted, ms. */
  readonly accountAfterMs: number;
}

/** Writes the daily accounts of days that are over and wholly judged. Missing rows only make a reader slower, never wrong. */
export class Accountant implements Component {
  readonly name = 'accountant';
  readonly #deps: AccountantDependencies;
  readonly #loop: Loop;
  #historyDone = false;

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
    await this.accountDays(signal);
    return 'pause';
  }

  /** Accounts every day that is due and not accounted. Returns how many object days were written. */
  async accountDays(signal?: AbortSignal): Promise<number> {
    const { database, clock, accountAfterMs } = this.#deps;
    const now = clock.now();
    const judged = await readJudged(database, now);
    const end = Math.min(judged.asOf, now - accountAfterMs);
    const from = now - (this.#historyDone ? RECENT_DAYS : HISTORY_DAYS) * DAY_MS;
    let written = 0;
    for (const timeZone of await this.#timeZones()) {
      for (const day of wholeDays(from, end, timeZone)) {
        if (signal?.aborted) return written;
        written += await this.#accountDay(day, timeZone, judged, now);
      }
    }
    this.#historyDone = true;
    return written;
  }

  async #accountDay(day: LocalDay, timeZone: string, judged: Judged, now: number): Promise<number> {
    const { database, metrics } = this.#deps;
    const missing = await readUnaccounted(database, day, timeZone);
    for (let start = 0; start < missing.length; start += OBJECTS_A_STEP) {
      const ids = missing.slice(start, start + OBJECTS_A_STEP).filter((id) => judged.untilFor(id, false) >= day.to);
      const inputs = await readTimelineInputs(database, ids, day, judged);
      const accounts = new Map<string, Account>([...inputs].map(([id, input]) => [id, accountFor(input)]));
      await writeDailyAccounts(database, day.day, timeZone, accounts, now);
      metrics.accounts.inc(accounts.size);
    }
    return missing.length;
  }

  async #timeZones(): Promise<Set<string>> {
    const objectives = await readCurrentEntities(this.#deps.database, 'objective');
    const nodes = await readCurrentEntities(this.#deps.database, 'node');
    return new Set([...objectives, ...nodes].map((entity) => entity.timeZone));
  }
}
