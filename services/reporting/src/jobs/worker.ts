import { randomUUID } from 'node:crypto';
import type { ReportJob } from '@beacontower/contracts';
import { type ClaimedReport, claimReport, type Database, endAttempt, tellProgress, writeArtifactParts } from '@beacontower/database';
import type { Clock, Component, Health, Logger } from '@beacontower/runtime';
import type { ReportingConfig } from '../config.ts';
import { type MadeFile, makeReport } from '../make.ts';
import type { ReportingMetrics } from '../metrics.ts';
import { VERSION } from '../version.ts';
import { createReportTaker, type ReportBus } from './bus.ts';
import { tellReport } from './changes.ts';

/** How long `stop` waits for a report under way; one that is cut off is taken up again by whoever comes next. */
const STOP_LIMIT_MS = 5_000;

export interface ReportWorkerDependencies {
  readonly database: Database;
  readonly bus: ReportBus;
  readonly redisUrl: string;
  readonly bullPrefix: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ReportingMetrics;
  /** Called for each report that is done, in the transaction that says so. */
  readonly make?: typeof makeReport;
}

/** The report is no longer ours to make: cancelled, or taken for dead and given to another. */
class NoLongerWanted extends Error {}

/** Makes what the bus says is wanted. The row is the truth: claimed before, renewed while it is made, ended with its files. */
export class ReportWorker implements Component {
  readonly name = 'report-worker';
  /** Names this process in claims: the slot, and which run of it. */
  readonly claimant: string;
  readonly #config: ReportingConfig;
  readonly #deps: ReportWorkerDependencies;
  #taker: ReturnType<typeof createReportTaker> | undefined;
  #underWay = 0;

  constructor(config: ReportingConfig, deps: ReportWorkerDependencies) {
    this.#config = config;
    this.#deps = deps;
    this.claimant = `${config.instance}#${randomUUID()}`;
  }

  async start(): Promise<void> {
    const { redisUrl, bullPrefix, logger } = this.#deps;
    this.#taker = createReportTaker({
      redisUrl,
      bullPrefix,
      concurrency: this.#config.concurrency,
      onError: (error) => logger.warn({ err: error }, 'the queue of reports has trouble'),
      take: (job, tell) => this.take(job, tell),
    });
  }

  async stop(): Promise<void> {
    await this.#taker?.close(STOP_LIMIT_MS);
    this.#taker = undefined;
  }

  health(): Health {
    return { status: 'ok', detail: `${this.#underWay} reports under way` };
  }

  /** One job. Never rejects: what fails here shows in the row, and is queued again by the sweeper. */
  async take(job: ReportJob, tell: (percent: number) => Promise<void>): Promise<void> {
    this.#underWay += 1;
    try {
      const report = await this.#claim(job);
      if (report) await this.#make(report, tell);
    } catch (error) {
      this.#deps.metrics.failures.inc({ part: this.name });
      this.#deps.logger.warn({ err: error, report: job.report }, 'a report could not be taken or recorded');
    } finally {
      this.#underWay -= 1;
    }
  }

  #claim({ report: id, attempt }: ReportJob): Promise<ClaimedReport | undefined> {
    const { database, clock } = this.#deps;
    const now = clock.now();
    return database.transaction(async (tx) => {
      const claim = { id, attempt, by: this.claimant, now, lapsesAt: now + this.#config.claimMs };
      const report = await claimReport(tx, claim);
      if (report) await tellReport(tx, { report: id, division: report.division, state: 'running', progress: 0 }, now);
      return report;
    });
  }

  async #make(report: ClaimedReport, tell: (percent: number) => Promise<void>): Promise<void> {
    const { database, clock, metrics, logger, make = makeReport } = this.#deps;
    const startedAt = clock.monotonic();
    const progress = new Progress(report, this.claimant, this.#config, this.#deps, tell);
    const files: MadeFile[] = [];
    progress.start();
    try {
      const { id, order, requestedBy, schedule } = report;
      const by = schedule === null ? requestedBy : `schedule ${schedule}`;
      const source = { database, order, id, by, version: VERSION, now: clock.now(), tell: progress.tell };
      await make(source, async (file) => {
        files.push(file);
      });
      await this.#end(report, 'done', null, files);
      metrics.made.inc({ outcome: 'done' });
    } catch (error) {
      if (error instanceof NoLongerWanted) {
        logger.info({ report: report.id }, 'a report was given up: it is no longer wanted');
        metrics.made.inc({ outcome: 'given-up' });
        return;
      }
      const again = report.attempt < this.#config.mostAttempts;
      logger.warn({ err: error, report: report.id, attempt: report.attempt, again }, 'a report could not be made');
      await this.#end(report, again ? 'queued' : 'failed', error instanceof Error ? error.message : String(error), []);
      metrics.made.inc({ outcome: again ? 'tried-again' : 'failed' });
    } finally {
      progress.stop();
      metrics.duration.observe((clock.monotonic() - startedAt) / 1000);
    }
  }

  /** The end and the files are one transaction: a report is never done without its files, nor are files left of one that is not. */
  async #end(report: ClaimedReport, state: 'done' | 'failed' | 'queued', error: string | null, files: readonly MadeFile[]): Promise<void> {
    const { database, clock } = this.#deps;
    const now = clock.now();
    const { id, division } = report;
    const isOurs = await database.transaction(async (tx) => {
      const written = [];
      for (const { format, language, name, mediaType, bytes } of files) {
        const artifact = await writeArtifactParts(tx, { kind: 'report', name, mediaType }, once(bytes), now);
        written.push({ format, language, artifact: artifact.id });
      }
      const ended = await endAttempt(tx, { id, by: this.claimant, state, error, files: written, now });
      if (!ended) throw new NoLongerWanted();
      await tellReport(tx, { report: id, division, state, progress: state === 'done' ? 100 : 0 }, now);
      return true;
    });
    if (isOurs && state === 'queued') await this.#deps.bus.add([{ report: id, attempt: report.attempt }]).catch(() => undefined);
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Says in the row how far a report is, and renews its claim meanwhile; finds out when it is no longer wanted. */
class Progress {
  readonly #report: ClaimedReport;
  readonly #by: string;
  readonly #config: ReportingConfig;
  readonly #deps: ReportWorkerDependencies;
  readonly #tellBus: (percent: number) => Promise<void>;
  #timer: NodeJS.Timeout | undefined;
  #step = '';
  #percent = 0;
  #lost = false;

  constructor(
    report: ClaimedReport,
    by: string,
    config: ReportingConfig,
    deps: ReportWorkerDependencies,
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
