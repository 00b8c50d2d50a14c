import { compareDay, type Database, type LeasedWork, readUncomparedDays, thinMarks } from '@beacontower/database';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';

export interface HousekeepingDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
}

const HOUR_MS = 3_600_000;
/** A pass ends after so many days, so that another process can take over. */
const DAYS = 20;

/** What the inbox does beside taking lines in: holds roll-ups against the figures here, and thins marks out with age. */
export class InboxHousekeeping implements LeasedWork {
  readonly name = 'federation-housekeeping';
  readonly lease = 'federation-housekeeping';
  readonly pauseMs = 30_000;
  readonly #deps: HousekeepingDependencies;
  #thinnedAt = 0;

  constructor(deps: HousekeepingDependencies) {
    this.#deps = deps;
  }

  async pass(): Promise<LoopResult> {
    const { database, clock, logger } = this.#deps;
    const now = clock.now();
    const days = await readUncomparedDays(database, now);
    for (const day of days.slice(0, DAYS)) {
      const { groups, differing } = await compareDay(database, day, now);
      if (differing > 0)
        logger.warn(
          { node: day.node, date: day.date, groups, differing },
          'what a node below says its day was is not what the record here says',
        );
    }
    if (now - this.#thinnedAt >= HOUR_MS) {
      await thinMarks(database, now);
      this.#thinnedAt = now;
    }
    return days.length > DAYS ? 'again' : 'pause';
  }
}
