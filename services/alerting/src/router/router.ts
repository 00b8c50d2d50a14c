import {
  assertLeases,
  type Database,
  type Lease,
  type LeasedWork,
  NOTICES_CHANNEL,
  type Notice,
  nextFlushAt,
  nextNoticeAt,
  readDueGroups,
  readDueNotices,
  readRoutingCircumstances,
  readWithheld,
  type Turn,
  type WithheldDelivery,
  type WithheldPlace,
} from '@beacontower/database';
import { createRoutingMoment } from '@beacontower/domain';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import type { AlertingConfig } from '../config.ts';
import type { AlertingMetrics } from '../metrics.ts';
import type { DeliveryBus } from '../ports.ts';
import { Configuration } from './configuration.ts';
import { DutyWatch } from './duty.ts';
import { placeAfter, RELEASE_BATCH } from './release.ts';
import { giveUp, isSpoiled } from './spoiled.ts';
import { type RoutedTurn, type RouterTurn, routeTurn } from './turn.ts';

export interface RouterDependencies {
  readonly database: Database;
  readonly bus: DeliveryBus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AlertingMetrics;
}

/** Notices, and groups, taken in one transaction. */
const BATCH = 500;

/** What one pass found to do. */
interface Work {
  readonly notices: readonly Notice[];
  readonly groups: readonly string[];
  readonly withheld: readonly WithheldDelivery[];
}

/**
 * Takes notices as they fall due and writes the deliveries they come to: who is told, by what, when; lets go what waits in groups and
 * what is withheld no more. One in the whole node, under its lease; a notice and its deliveries are one transaction, so that nothing is
 * told twice or forgotten however often it dies.
 */
export class Router implements LeasedWork {
  readonly name = 'router';
  readonly lease = 'notice-router';
  readonly pauseMs: number;
  readonly #deps: RouterDependencies;
  readonly #configuration: Configuration;
  readonly #duties = new DutyWatch();
  #wake: (() => void) | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #withheld: { readonly place: WithheldPlace; readonly lookedAt: number } = { place: null, lookedAt: 0 };
  /** The latest that its clock has shown; another's may have shown any time. */
  #seen = Number.MAX_SAFE_INTEGER;

  constructor(config: AlertingConfig, deps: RouterDependencies) {
    this.pauseMs = config.pollMs;
    this.#deps = deps;
    this.#configuration = new Configuration(deps.database);
  }

  listen(wake: () => void): Promise<() => Promise<void>> {
    this.#wake = wake;
    return this.#deps.database.listen(NOTICES_CHANNEL, wake);
  }

  forget(): void {
    clearTimeout(this.#deadline);
    this.#duties.forget();
    this.#withheld = { place: null, lookedAt: 0 };
    this.#seen = Number.MAX_SAFE_INTEGER;
  }

  async pass({ lease }: Turn): Promise<LoopResult> {
    const { database, clock, metrics } = this.#deps;
    const now = clock.now();
    const [work, { directory, rules, version }, circumstances] = await Promise.all([
      this.#find(now),
      this.#configuration.current(),
      readRoutingCircumstances(database, now),
    ]);
    metrics.noticeLag.set(Math.max(0, now - (work.notices[0]?.dueAt ?? now)));
    const moment = createRoutingMoment({ ...rules, ...circumstances }, now);
    const duties = this.#duties.due(moment, version, work.notices);
    if (work.notices.length + work.groups.length + work.withheld.length + duties.length > 0) {
      for (const routed of await this.#route(lease, { ...work, duties, directory, moment })) await this.#tellBus(routed);
    }
    this.#duties.written(moment, version);
    if (work.notices.length < BATCH) this.#seen = this.#seen === Number.MAX_SAFE_INTEGER ? now : Math.max(this.#seen, now);
    if (work.notices.length >= BATCH || work.groups.length === BATCH || this.#withheld.place !== null) return 'again';
    await this.#sleepUntilDue();
    return 'pause';
  }

  // One transaction; or, when something in it spoils it for all, one for each notice, and what cannot be told is said to be so.
  async #route(lease: Lease, turn: RouterTurn): Promise<readonly RoutedTurn[]> {
    const { database, logger } = this.#deps;
    const alone = (part: RouterTurn) =>
      database.transaction(async (tx) => {
        await assertLeases(tx, [lease]);
        return routeTurn(tx, part);
      });
    try {
      return [await alone(turn)];
    } catch (error) {
      if (!isSpoiled(error) || turn.notices.length === 0) throw error;
      logger.error({ err: error, notices: turn.notices.length }, 'notices could not be told together; each is told by itself');
    }
    const routed: RoutedTurn[] = [];
    for (const notice of turn.notices) {
      const one = alone({ ...turn, notices: [notice], groups: [], withheld: [], duties: [] });
      routed.push(await one.catch((error: unknown) => this.#giveUp(lease, notice, error)));
    }
    return [...routed, await alone({ ...turn, notices: [] })];
  }

  async #giveUp(lease: Lease, notice: Notice, error: unknown): Promise<RoutedTurn> {
    if (!isSpoiled(error)) throw error;
    this.#deps.logger.error({ err: error, incident: notice.incident, step: notice.step }, 'a notice cannot be told');
    return this.#deps.database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      return giveUp(tx, notice, error, this.#deps.clock.now());
    });
  }

  async #find(now: number): Promise<Work> {
    const { database } = this.#deps;
    const notices = await readDueNotices(database, { now, seen: this.#seen, limit: BATCH });
    const groups = await readDueGroups(database, now, BATCH);
    const { place, lookedAt } = this.#withheld;
    // What withholds ends by the clock or by hand: it is looked for once in a while, not with each notice.
    if (place === null && Math.abs(now - lookedAt) < this.pauseMs) return { notices, groups, withheld: [] };
    const withheld = await readWithheld(database, place, RELEASE_BATCH);
    this.#withheld = { place: placeAfter(withheld), lookedAt: now };
    return { notices, groups, withheld };
  }

  async #tellBus(routed: RoutedTurn): Promise<void> {
    const { bus, logger, metrics } = this.#deps;
    for (const { step, outcome } of routed.taken) metrics.notices.inc({ step, outcome });
    metrics.released.inc(routed.released);
    metrics.carriers.inc(routed.carriers);
    const unheard = routed.taken.filter(({ outcome }) => outcome === 'nobody' || outcome === 'failed');
    if (unheard.length > 0) logger.warn({ notices: unheard.length }, 'notices reached nobody: the timelines of their incidents say why');
    const jobs = routed.due.map(({ id, attempt }) => ({ delivery: id, attempt, delayMs: 0 }));
    await bus.add(jobs).catch((error: unknown) => logger.warn({ err: error }, 'the bus took no deliveries; the sweeper will'));
  }

  async #sleepUntilDue(): Promise<void> {
    const { database, clock } = this.#deps;
    clearTimeout(this.#deadline);
    const times = [await nextNoticeAt(database), await nextFlushAt(database)].filter((at) => at !== null);
    const left = Math.min(...times) - clock.now();
    if (left < this.pauseMs) this.#deadline = setTimeout(() => this.#wake?.(), Math.max(1, left));
  }
}
