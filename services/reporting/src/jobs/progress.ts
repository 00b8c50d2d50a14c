import { type ClaimedReport, type Database, tellProgress } from '@beacontower/database';
import type { Clock } from '@beacontower/runtime';
import type { ReportingConfig } from '../config.ts';
import { tellReport } from './changes.ts';

/** The report is no longer ours to make: cancelled, or taken for dead and given to another. */
export class NoLongerWanted extends Error {}

/** Says in the row how far a report is, and renews its claim meanwhile; finds out when it is no longer wanted. */
export class Progress {
  readonly #report: ClaimedReport;
  readonly #by: string;
  readonly #config: ReportingConfig;
  readonly #deps: { readonly database: Database; readonly clock: Clock };
  readonly #tellBus: (percent: number) => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #step = '';
  #percent = 0;
  #lost = false;

  constructor(
    report: ClaimedReport,
    by: string,
    config: ReportingConfig,
    deps: { readonly database: Database; readonly clock: Clock },
    tellBus: (percent: number) => Promise<void>,
  ) {
    this.#report = report;
    this.#by = by;
    this.#config = config;
    this.#deps = deps;
    this.#tellBus = tellBus;
  }

  start(): void {
    // A long step says nothing by itself: the claim is renewed all the same.
    this.#timer = setInterval(() => void this.#write().catch(() => undefined), this.#config.heartbeatMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  readonly tell = async (step: string, done: number): Promise<void> => {
    const percent = Math.min(99, Math.floor(done * 100));
    const isNews = percent !== this.#percent || step !== this.#step;
    this.#step = step;
    this.#percent = percent;
    if (isNews) await this.#write();
    if (this.#lost) throw new NoLongerWanted();
    if (isNews) await this.#tellBus(percent);
  };

  async #write(): Promise<void> {
    const { database, clock } = this.#deps;
    const { id, division } = this.#report;
    const now = clock.now();
    const isOurs = await database.transaction(async (tx) => {
      const claim = { id, by: this.#by, lapsesAt: now + this.#config.claimMs, progress: this.#percent, step: this.#step };
      if (!(await tellProgress(tx, claim))) return false;
      await tellReport(tx, { report: id, division, state: 'running', progress: this.#percent }, now);
      return true;
    });
    if (!isOurs) this.#lost = true;
  }
}
