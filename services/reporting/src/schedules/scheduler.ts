import { randomUUID } from 'node:crypto';
import { ObjectiveBody, type ReportOrder, ReportScheduleBody } from '@beacontower/contracts';
import {
  type Database,
  insertReport,
  type LeasedWork,
  readClosedFigure,
  readCurrentEntities,
  readRecordBegin,
  readScheduledPeriods,
  scopeTouches,
  type Turn,
} from '@beacontower/database';
import type { Period } from '@beacontower/domain';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import type { ReportingConfig } from '../config.ts';
import { tellReport } from '../jobs/changes.ts';
import type { ReportingMetrics } from '../metrics.ts';
import { type Closing, decideSchedule, duePeriods, wantedPeriods } from './due.ts';

export interface ReportSchedulerDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: ReportingMetrics;
}

/** Under its lease: asks for the report of each period that ended, once a schedule and period, whoever does it. */
export class ReportScheduler implements LeasedWork {
  readonly name = 'report-scheduler';
  readonly lease = 'report-schedules';
  readonly pauseMs: number;
  readonly #config: ReportingConfig;
  readonly #deps: ReportSchedulerDependencies;

  constructor(config: ReportingConfig, deps: ReportSchedulerDependencies) {
    this.#config = config;
    this.pauseMs = config.scheduleMs;
    this.#deps = deps;
  }

  async pass({ fault }: Pick<Turn, 'fault'>): Promise<LoopResult> {
    const { database, clock, logger } = this.#deps;
    const now = clock.now();
    for (const body of await readCurrentEntities(database, 'report-schedule')) {
      // One that cannot be followed keeps no other from its reports.
      await this.#follow(body, now).catch((error: unknown) => {
        logger.warn({ err: error, schedule: body.id }, 'a schedule of reports could not be followed');
        fault(error);
      });
    }
    return 'pause';
  }

  async #follow(body: unknown, now: number): Promise<void> {
    const schedule = ReportScheduleBody.parse(body);
    const made = await readScheduledPeriods(this.#deps.database, schedule.id);
    const wanted = wantedPeriods(duePeriods(schedule, now), made, schedule.timeZone);
    const begun = wanted.length === 0 ? null : await readRecordBegin(this.#deps.database, schedule.division);
    // Nobody wants a report by mail that says of everything that there are no data: the node was not there yet.
    for (const period of wanted.filter(({ to }) => begun !== null && begun < to)) await this.#consider(schedule, period, now);
  }

  async #consider(schedule: ReportScheduleBody, period: Period, now: number): Promise<void> {
    const { database, logger } = this.#deps;
    const dueAt = period.to + schedule.afterMs;
    const closings = await readClosings(database, schedule, period);
    const decision = decideSchedule(closings, { dueAt, now, patienceMs: this.#config.closingPatienceMs });
    if (!decision.make) return logger.debug({ schedule: schedule.id, period: period.label, ...decision }, 'a scheduled report waits');
    await this.#order(schedule, period, now);
    logger.info({ schedule: schedule.id, period: period.label, reason: decision.reason }, 'a scheduled report is asked for');
  }

  async #order(schedule: ReportScheduleBody, period: Period, now: number): Promise<void> {
    const { database, metrics } = this.#deps;
    const { id: scheduleId, kind, division, timeZone, language, formats } = schedule;
    const { from, to, label } = period;
    const order: ReportOrder = { kind, from, to, label, timeZone, division, objectives: null, languages: [language], formats };
    const id = randomUUID();
    await database.transaction(async (tx) => {
      const row = { id, order, requestedBy: `schedule ${scheduleId}`, schedule: { id: scheduleId, period: label }, now };
      if (!(await insertReport(tx, row))) return;
      await tellReport(tx, { report: id, division, state: 'queued', progress: 0 }, now);
      metrics.scheduled.inc();
    });
  }
}

/** Whether each objective of the schedule's division closes this very period by itself, and has done so. */
async function readClosings(database: Database, schedule: ReportScheduleBody, period: Period): Promise<Closing[]> {
  const objectives = (await readCurrentEntities(database, 'objective')).map((body) => ObjectiveBody.parse(body));
  const closings: Closing[] = [];
  for (const objective of objectives.filter(({ division }) => scopeTouches([schedule.division], division))) {
    const closesItself = objective.closeAfterMs !== null && objective.period === period.kind && objective.timeZone === schedule.timeZone;
    const isClosed = closesItself && (await readClosedFigure(database, objective.id, period.from, period.to)) !== undefined;
    closings.push({ objective: objective.id, closesItself, isClosed });
  }
  return closings;
}
