import { assertLeases, type Database, distribute, type LeasedWork, type Turn } from '@beacontower/database';
import type { Clock, LoopResult } from '@beacontower/runtime';

/** Keeps the objectives and calendars that are distributed as they are here, at every node below, and tells nodes that come of them. */
export class Distributor implements LeasedWork {
  readonly name = 'distributor';
  readonly lease = 'distributor';
  readonly pauseMs = 5_000;
  readonly #deps: { readonly database: Database; readonly clock: Clock };

  constructor(deps: { readonly database: Database; readonly clock: Clock }) {
    this.#deps = deps;
  }

  async pass({ lease }: Turn): Promise<LoopResult> {
    const { database, clock } = this.#deps;
    await database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      await distribute(tx, clock.now());
    });
    return 'pause';
  }
}
