import {
  assertLeases,
  type CaptureOutcome,
  countAskedCaptures,
  type Database,
  type DueCapture,
  finishCapture,
  insertCaptures,
  insertFailedCaptures,
  type Lease,
  type LeasedWork,
  lastSequence,
  nextCaptureAt,
  type OpenedOutage,
  postponeCapture,
  readObjectBodies,
  readOpenedOutages,
  readReader,
  SEQUENCE_CHANNEL,
  saveReader,
  type Turn,
  takeDueCaptures,
} from '@beacontower/database';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import type { AlertingConfig } from '../config.ts';
import type { AlertingMetrics } from '../metrics.ts';
import type { Questions } from '../ports.ts';
import { failureOf } from './failure.ts';
import { look } from './look.ts';
import { devicesOf, planCaptures, withinRoom } from './plan.ts';

export interface CapturesDependencies {
  readonly database: Database;
  readonly questions: Questions;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AlertingMetrics;
}

/** Name of the captures in `log_readers`, and of their lease. */
const READER = 'captures';
/** Outages taken up at once. */
const BATCH = 200;
/** Looks that may wait: in a storm of incidents the first ones are looked at, and of the others it is said that they were not. */
const MOST_WAITING = 120;
const MOST_UNDER_WAY = 8;
/** Of an outage opened longer ago than this the moment of the failure cannot be looked at any more. */
const FRESH_MS = 5 * 60_000;
/** A look whose process died is taken up again after this. */
const AGAIN_MS = 60_000;

/**
 * Looks at the moment of a failure: as soon as an outage is opened, the way to its cause and the last samples of it are asked for, and kept.
 * Nothing waits for this, and it holds up nothing: a look that cannot be made is tried again a little later, and then has failed, with why.
 */
export class Captures implements LeasedWork {
  readonly name = 'captures';
  readonly lease = 'captures';
  readonly pauseMs: number;
  readonly #deps: CapturesDependencies;
  readonly #underWay = new Set<Promise<void>>();
  /** Results of looks that were begun under another lease, or before a stop, are left to whoever takes them up again. */
  #turn = {};
  #wake: (() => void) | undefined;

  constructor(config: Pick<AlertingConfig, 'pollMs'>, deps: CapturesDependencies) {
    this.pauseMs = config.pollMs;
    this.#deps = deps;
  }

  listen(wake: () => void): Promise<() => Promise<void>> {
    this.#wake = wake;
    return this.#deps.database.listen(SEQUENCE_CHANNEL, wake);
  }

  forget(): void {
    this.#turn = {};
  }

  async pass({ lease }: Turn): Promise<LoopResult> {
    const isMore = await this.#note(lease);
    await this.#takeDue(lease);
    return isMore ? 'again' : 'pause';
  }

  async #takeDue(lease: Lease): Promise<void> {
    const { database, clock } = this.#deps;
    const now = clock.now();
    const room = MOST_UNDER_WAY - this.#underWay.size;
    if (room <= 0 || ((await nextCaptureAt(database)) ?? Number.POSITIVE_INFINITY) > now) return;
    const due = await database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      return takeDueCaptures(tx, now, now + AGAIN_MS, room);
    });
    for (const capture of due) this.#begin(capture, lease);
  }

  /** Notes what is to be looked at of outages that were opened since; true when there are more of them. */
  async #note(lease: Lease): Promise<boolean> {
    const { database, clock, metrics } = this.#deps;
    const last = await lastSequence(database);
    const from = (await readReader(database, READER))?.sequence;
    if (from === last) return false;
    const now = clock.now();
    // Of what was opened before there were captures, none is made.
    const { outages, sequence } =
      from === undefined ? { outages: [], sequence: last } : await readOpenedOutages(database, from, last, BATCH);
    const fresh = outages.filter(({ openedAt }) => now - openedAt <= FRESH_MS);
    const objects = await this.#objectsOf(fresh);
    const planned = fresh.map((outage) => ({ outage, captures: planCaptures(outage, objects, now) }));
    await database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      const { taken, refused } = withinRoom(planned, MOST_WAITING - (await countAskedCaptures(tx)));
      await insertCaptures(tx, taken, now);
      await insertFailedCaptures(tx, refused, 'too many incidents were opened at once: nothing was looked at for this one', now);
      await saveReader(tx, READER, lease.epoch, sequence, now);
      if (refused.length > 0) metrics.captures.inc({ result: 'refused' }, refused.length);
    });
    return sequence < last;
  }

  async #objectsOf(outages: readonly OpenedOutage[]) {
    const { database } = this.#deps;
    if (outages.length === 0) return new Map();
    const causes = await readObjectBodies(
      database,
      outages.map(({ cause }) => cause),
    );
    const devices = [...causes.values()].flatMap(devicesOf).filter((device) => !causes.has(device));
    return new Map([...(await readObjectBodies(database, devices)), ...causes]);
  }

  #begin(capture: DueCapture, lease: Lease): void {
    const { logger } = this.#deps;
    const task = this.#look(capture, lease)
      .catch((error: unknown) =>
        logger.warn({ err: error, incident: capture.incident }, 'what was looked at could not be kept; it is taken up again'),
      )
      .finally(() => {
        this.#underWay.delete(task);
        this.#wake?.();
      });
    this.#underWay.add(task);
  }

  async #look(capture: DueCapture, lease: Lease): Promise<void> {
    const { database, clock, metrics } = this.#deps;
    const turn = this.#turn;
    const outcome = await look(capture, this.#deps, clock.now()).then(
      (body): CaptureOutcome => ({ body }),
      (error: unknown) => failureOf(error, capture, clock.now()),
    );
    if (this.#turn !== turn) return;
    const now = clock.now();
    await database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      if ('againAt' in outcome) await postponeCapture(tx, capture, outcome.againAt);
      else await finishCapture(tx, capture, outcome, now);
    });
    metrics.captures.inc({ result: 'againAt' in outcome ? 'put-off' : 'body' in outcome ? 'done' : 'failed' });
  }
}
