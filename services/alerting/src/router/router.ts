import {
  appendLog,
  assertLeases,
  type Database,
  type LeasedWork,
  NOTICES_CHANNEL,
  nextNoticeAt,
  ObjectCache,
  readDueNotices,
  readInventoryVersion,
  type Turn,
  takeNotices,
} from '@beacontower/database';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import type { AlertingConfig } from '../config.ts';
import { type Directory, readDirectory } from '../directory.ts';
import type { AlertingMetrics } from '../metrics.ts';
import type { DeliveryBus } from '../ports.ts';
import { type IncidentNotice, tell } from './tell.ts';

export interface RouterDependencies {
  readonly database: Database;
  readonly bus: DeliveryBus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AlertingMetrics;
}

/** Notices taken in one transaction. */
const BATCH = 500;

/**
 * Takes notices as they fall due and writes the deliveries they come to: who is told, by what, when. One in the whole node, under its
 * lease; a notice and its deliveries are one transaction, so that nothing is told twice or forgotten however often it dies.
 */
export class Router implements LeasedWork {
  readonly name = 'router';
  readonly lease = 'notice-router';
  readonly pauseMs: number;
  readonly #deps: RouterDependencies;
  readonly #objects = new ObjectCache();
  #directory: { readonly version: number; readonly directory: Directory } | undefined;
  #wake: (() => void) | undefined;
  #deadline: NodeJS.Timeout | undefined;

  constructor(config: AlertingConfig, deps: RouterDependencies) {
    this.pauseMs = config.pollMs;
    this.#deps = deps;
  }

  listen(wake: () => void): Promise<() => Promise<void>> {
    this.#wake = wake;
    return this.#deps.database.listen(NOTICES_CHANNEL, wake);
  }

  forget(): void {
    clearTimeout(this.#deadline);
  }

  async pass({ lease }: Turn): Promise<LoopResult> {
    const { database, bus, clock, logger, metrics } = this.#deps;
    const now = clock.now();
    const due = await readDueNotices(database, now, BATCH);
    if (due.length > 0) {
      const directory = await this.#current();
      const told = due.filter((notice): notice is IncidentNotice => notice.incident !== null);
      const deliveries = await database.transaction(async (tx) => {
        await assertLeases(tx, [lease]);
        const outcome = await tell(tx, told, directory, now);
        const reached = new Set(outcome.deliveries.map((delivery) => `${delivery.incident} ${delivery.step} ${delivery.occasion}`));
        const taken = due.map(({ id, incident, step, occasion }) => ({
          id,
          outcome: reached.has(`${incident} ${step} ${occasion}`) ? 'told' : 'nobody',
        }));
        await takeNotices(tx, taken, now);
        await appendLog(tx, outcome.log, now);
        for (const [index, { step }] of due.entries()) metrics.notices.inc({ step, outcome: taken[index]?.outcome ?? '' });
        return outcome.deliveries;
      });
      const jobs = deliveries.filter(({ state }) => state === 'pending').map(({ id }) => ({ delivery: id, attempt: 0, delayMs: 0 }));
      await bus.add(jobs).catch((error: unknown) => logger.warn({ err: error }, 'the bus took no deliveries; the sweeper will'));
    }
    if (due.length === BATCH) return 'again';
    clearTimeout(this.#deadline);
    const next = await nextNoticeAt(database);
    if (next !== null && next - now < this.pauseMs) this.#deadline = setTimeout(() => this.#wake?.(), Math.max(1, next - clock.now()));
    return 'pause';
  }

  async #current(): Promise<Directory> {
    const { database } = this.#deps;
    const version = await readInventoryVersion(database);
    if (this.#directory?.version !== version) this.#directory = { version, directory: await readDirectory(database, this.#objects) };
    return this.#directory.directory;
  }
}
