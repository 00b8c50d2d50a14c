import { randomUUID } from 'node:crypto';
import type { ReportJob } from '@beacontower/contracts';
import {
  type ClaimedReport,
  claimReport,
  type Database,
  endAttempt,
  insertReportMails,
  readCurrentEntities,
  type Transaction,
  writeArtifactParts,
} from '@beacontower/database';
import type { Clock, Component, Health, Logger } from '@beacontower/runtime';
import type { ReportingConfig } from '../config.ts';
import { mailsOf } from '../mails/receivers.ts';
import { type MadeFile, makeReport } from '../make.ts';
import type { ReportingMetrics } from '../metrics.ts';
import type { ReportModel } from '../model/model.ts';
import { VERSION } from '../version.ts';
import { createReportTaker, type ReportBus } from './bus.ts';
import { tellReport } from './changes.ts';
import { failureWords } from './failure-words.ts';
import { NoLongerWanted, Progress } from './progress.ts';

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

/** How an attempt ended. */
interface Outcome {
  readonly state: 'done' | 'failed' | 'queued';
  readonly error: string | null;
  readonly summary: ReportModel['summary'] | null;
  readonly files: readonly MadeFile[];
}

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
      const { summary } = await make(source, async (file) => {
        files.push(file);
      });
      await this.#end(report, { state: 'done', error: null, summary, files });
      metrics.made.inc({ outcome: 'done' });
    } catch (error) {
      if (error instanceof NoLongerWanted) {
        logger.info({ report: report.id }, 'a report was given up: it is no longer wanted');
        metrics.made.inc({ outcome: 'given-up' });
        return;
      }
      const again = report.attempt < this.#config.mostAttempts;
      logger.warn({ err: error, report: report.id, attempt: report.attempt, again }, 'a report could not be made');
      await this.#end(report, { state: again ? 'queued' : 'failed', error: failureWords(error), summary: null, files: [] });
      metrics.made.inc({ outcome: again ? 'tried-again' : 'failed' });
    } finally {
      progress.stop();
      metrics.duration.observe((clock.monotonic() - startedAt) / 1000);
    }
  }

  /** The end, the files and the mails are one transaction: none is there without the others. */
  async #end(report: ClaimedReport, outcome: Outcome): Promise<void> {
    const { database, clock, bus } = this.#deps;
    const now = clock.now();
    const { id, division } = report;
    const { state, error, summary } = outcome;
    await database.transaction(async (tx) => {
      const files = [];
      for (const { format, language, name, mediaType, bytes } of outcome.files) {
        const artifact = await writeArtifactParts(tx, { kind: 'report', name, mediaType }, once(bytes), now);
        files.push({ format, language, artifact: artifact.id });
      }
      if (!(await endAttempt(tx, { id, by: this.claimant, state, error, summary, files, now }))) throw new NoLongerWanted();
      if (state === 'done' && report.schedule !== null) await addMails(tx, id, report.schedule, now);
      await tellReport(tx, { report: id, division, state, progress: state === 'done' ? 100 : 0 }, now);
    });
    if (state === 'queued') await bus.add([{ report: id, attempt: report.attempt }]).catch(() => undefined);
  }
}

/** Puts down the mails of a scheduled report: to the contacts that its schedule names today. */
async function addMails(tx: Transaction, report: string, scheduleId: string, now: number): Promise<void> {
  const schedule = (await readCurrentEntities(tx, 'report-schedule')).find(({ id }) => id === scheduleId);
  if (schedule === undefined) return;
  const [contacts, channels] = [await readCurrentEntities(tx, 'contact'), await readCurrentEntities(tx, 'channel')];
  await insertReportMails(tx, mailsOf(report, schedule, contacts, channels), now);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
