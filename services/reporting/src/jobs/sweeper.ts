import { type Database, endAttempt, type LeasedWork, readLostReports, readWaitingReports } from '@beacontower/database';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import type { ReportingConfig } from '../config.ts';
import type { ReportingMetrics } from '../metrics.ts';
import type { ReportBus } from './bus.ts';
import { tellReport } from './changes.ts';

const BATCH = 200;

export interface ReportSweeperDependencies {
  readonly database: Database;
  readonly bus: ReportBus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ReportingMetrics;
  /** How this process's worker signs its claims. */
  readonly claimant: string;
}

/**
 * Under its lease: tells the bus of reports that wait (of new ones at once, of those that it lost again), and puts back those whose
 * worker is gone, or ends them when that happened too often. What an earlier process of the same slot was making is put back at its start.
 */
export class ReportSweeper implements LeasedWork {
  readonly name = 'report-sweeper';
  readonly lease = 'report-sweeper';
  readonly pauseMs: number;
  readonly #config: ReportingConfig;
  readonly #deps: ReportSweeperDependencies;
  /** `<report>-<attempt>` → when the bus was last told of it. */
  readonly #told = new Map<string, number>();

  constructor(config: ReportingConfig, deps: ReportSweeperDependencies) {
    this.#config = config;
    this.pauseMs = config.sweepMs;
    this.#deps = deps;
  }

  settleInherited(): Promise<void> {
    return this.#putBack(this.#config.instance);
  }

  async pass(): Promise<LoopResult> {
    await this.#putBack(null);
    await this.#tell();
    return 'pause';
  }

  async #putBack(slot: string | null): Promise<void> {
    const { database, clock, claimant, logger, metrics } = this.#deps;
    const now = clock.now();
    for (const lost of await readLostReports(database, { now: slot === null ? now : 0, slot, by: claimant })) {
      const again = lost.attempt < this.#config.mostAttempts;
      const state = again ? 'queued' : 'failed';
      const error = `the process that was making it ended before it was done (attempt ${lost.attempt})`;
      await database.transaction(async (tx) => {
        const ended = await endAttempt(tx, { id: lost.id, by: lost.by, state, error, summary: null, files: [], now });
        if (ended) await tellReport(tx, { report: lost.id, division: lost.division, state, progress: 0 }, now);
      });
      metrics.lost.inc();
      logger.warn({ report: lost.id, attempt: lost.attempt, again }, 'the worker of a report is gone');
    }
  }

  async #tell(): Promise<void> {
    const { database, bus, clock, metrics } = this.#deps;
    const now = clock.now();
    const waiting = await readWaitingReports(database, BATCH);
    metrics.waiting.set(waiting.length);
    const keyOf = ({ id, attempt }: { id: string; attempt: number }) => `${id}-${attempt}`;
    const keys = new Set(waiting.map(keyOf));
    for (const key of this.#told.keys()) if (!keys.has(key)) this.#told.delete(key);
    const fresh = waiting.filter((report) => !this.#told.has(keyOf(report)));
    const silent = waiting.filter((report) => (this.#told.get(keyOf(report)) ?? now) < now - this.#config.retellMs);
    const jobs = (reports: typeof waiting) => reports.map(({ id, attempt }) => ({ report: id, attempt }));
    await bus.add(jobs(fresh));
    await bus.add(jobs(silent), now);
    for (const report of [...fresh, ...silent]) this.#told.set(keyOf(report), now);
    metrics.requeued.inc(silent.length);
  }
}
