import type { ObjectiveBody } from '@beacontower/contracts';
import {
  ClosedMeanwhile,
  type CloseOrder,
  closePeriod,
  type Database,
  differs,
  findClosedFigure,
  type LatestFigure,
  type LeasedWork,
  readClosedPeriods,
  readCurrentEntities,
  readExamined,
  readJudged,
  readLatestFigures,
  readObjectiveStarts,
  readRecordedUntil,
  readTouched,
  recordedUntil,
  type Touched,
  type Turn,
  writeExamined,
} from '@beacontower/database';
import type { Clock, Logger, LoopResult, Signer } from '@beacontower/runtime';
import { duePeriods } from './due.ts';
import type { ClosingMetrics } from './metrics.ts';

const CLOSED_BY = 'assessor';
/** Why the system closes a period or makes a version by itself: kept and signed in these words, which reports know to say in Chinese. */
const REASONS = {
  ended: 'the period ended',
  judged: 'the end of the period was judged after the version before was closed',
  recorded: 'what was recorded after the version before was closed changes accounts of members',
} as const;
/** A backlog that takes longer than this to be judged is lost. */
const JUDGED_WITHIN_MS = 31 * 86_400_000;

export interface CloserDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signer: Signer;
  readonly metrics: ClosingMetrics;
}

/** Closes the periods whose time has come, and makes the next version of those that late data changes. */
export class Closer implements LeasedWork {
  readonly name = 'closing';
  readonly lease = 'closing';
  readonly pauseMs: number;
  readonly #deps: CloserDependencies;
  /** Versions closed before all was judged, and looked through since: what is still unknown stays so. */
  readonly #settled = new Set<string>();
  /** What failed in the pass under way. */
  readonly #faults: Error[] = [];

  constructor(options: { readonly everyMs: number }, deps: CloserDependencies) {
    this.#deps = deps;
    this.pauseMs = options.everyMs;
  }

  async pass(turn: Pick<Turn, 'signal' | 'fault'>): Promise<LoopResult> {
    try {
      await this.#closeDue(turn.signal);
      await this.#examine(turn.signal);
    } finally {
      for (const fault of this.#faults.splice(0)) turn.fault(fault);
    }
    return 'pause';
  }

  async #closeDue(signal: AbortSignal): Promise<void> {
    const { database, clock } = this.#deps;
    const now = clock.now();
    const objectives = await readCurrentEntities(database, 'objective');
    const starts = await readObjectiveStarts(database);
    const closed = await readClosedPeriods(database, 0);
    const judged = await readJudged(database, now);
    for (const objective of objectives) {
      const judgedUntil = recordedUntil(judged, objective);
      const known = { start: starts.get(objective.id) ?? now, closed: closed.get(objective.id) ?? new Set<string>() };
      for (const { from, to } of this.#guarded(objective.id, () => duePeriods({ objective, ...known, judgedUntil, now }), [])) {
        if (signal.aborted) return;
        await this.#close(objective, { from, to, reason: REASONS.ended });
      }
    }
  }

  // The record is looked through once for all closed periods; only objects of which something was recorded are accounted again.
  async #examine(signal: AbortSignal): Promise<void> {
    const { database, clock, metrics } = this.#deps;
    const now = clock.now();
    const lookedUntil = await readRecordedUntil(database, now);
    const figures = await readLatestFigures(database, now - JUDGED_WITHIN_MS);
    const before = figures.reduce((latest, { to }) => Math.max(latest, to), 0);
    const touched = figures.length === 0 ? [] : await readTouched(database, await readExamined(database), before);
    metrics.touched.set(touched.length);
    const judged = await readJudged(database, now);
    const objectives = new Map((await readCurrentEntities(database, 'objective')).map((objective) => [objective.id, objective]));
    for (const figure of figures) {
      if (signal.aborted) return;
      const objects = touched.filter(({ from }) => from < figure.to);
      // Of one that is gone nobody knows here what it was about: then all there is has to be judged.
      const until = recordedUntil(judged, objectives.get(figure.objective) ?? { division: '', objects: null });
      await this.#examineOne(figure, objects, until >= figure.to);
    }
    // What failed is looked for again, with all that came since.
    if (this.#faults.length === 0) await writeExamined(database, lookedUntil);
  }

  async #examineOne(figure: LatestFigure, objects: readonly Touched[], isJudged: boolean): Promise<void> {
    const isLate = figure.unjudged > 0 && !this.#settled.has(figure.id) && isJudged;
    if (objects.length === 0 && !isLate) return;
    const { database, clock } = this.#deps;
    try {
      const closed = await findClosedFigure(database, figure.id);
      if (closed === undefined) return;
      const ids = objects.map(({ objectId }) => objectId);
      if (!isLate && !(await differs(database, closed, ids, clock.now()))) return;
      const reason = isLate ? REASONS.judged : REASONS.recorded;
      const isDone = await this.#close(closed.body.objective, { from: figure.from, to: figure.to, reason });
      if (isLate && isDone) this.#settled.add(figure.id);
    } catch (error) {
      this.#tell(figure.objective, error);
    }
  }

  async #close(objective: ObjectiveBody, period: Pick<CloseOrder, 'from' | 'to' | 'reason'>): Promise<boolean> {
    const { database, clock, signer, metrics, logger } = this.#deps;
    const started = performance.now();
    try {
      const made = await closePeriod(database, { objective, ...period, closedBy: CLOSED_BY, signer, now: clock.now() });
      if (made === undefined) return true;
      metrics.closed.inc({ change: made.version === 1 ? 'closed' : 'revised' });
      metrics.closing.observe((performance.now() - started) / 1_000);
      logger.info(
        { objective: objective.id, from: made.from, to: made.to, version: made.version, reason: made.reason },
        'a period was closed',
      );
      return true;
    } catch (error) {
      // Somebody closed it by hand: that is as good.
      if (error instanceof ClosedMeanwhile) return true;
      this.#tell(objective.id, error);
      return false;
    }
  }

  #guarded<T>(objective: string, work: () => T, otherwise: T): T {
    try {
      return work();
    } catch (error) {
      this.#tell(objective, error);
      return otherwise;
    }
  }

  #tell(objective: string, error: unknown): void {
    this.#faults.push(new Error(`a period of ${objective} cannot be closed: ${(error as Error).message}`, { cause: error }));
    this.#deps.logger.warn({ err: error, objective }, 'a period was not closed; it is tried again');
  }
}
