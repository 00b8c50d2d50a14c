import {
  acknowledgedBy,
  type Database,
  forgetAcknowledgements,
  type LeasedWork,
  lineBeyond,
  pruneUplinkLog,
  readUplinkStore,
  type Turn,
} from '@beacontower/database';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import type { UplinkMetrics } from '../metrics.ts';

export interface PruningOptions {
  /** How long lines are kept once the node above has them. */
  readonly keepMs: number;
  /** What lines that the node above has may take of the disk beside those that it does not have yet. */
  readonly mostBytes: number;
}

const DAY_MS = 86_400_000;
export const PRUNING_DEFAULTS: PruningOptions = { keepMs: 30 * DAY_MS, mostBytes: 20 * 1024 ** 3 };

export interface PruningDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics?: UplinkMetrics;
}

const LINES = 20_000;

/**
 * Lets go of lines that the node above has had for long: it may have to begin further back, after a restoration of its own. What it does not have
 * is kept, however long the line is cut and whatever it takes.
 */
export class Pruning implements LeasedWork {
  readonly name = 'uplink-pruning';
  readonly lease = 'uplink-pruning';
  readonly pauseMs = 60_000;
  readonly #deps: PruningDependencies;
  readonly #options: PruningOptions;
  #detail = '';

  constructor(deps: PruningDependencies, options: PruningOptions = PRUNING_DEFAULTS) {
    this.#deps = deps;
    this.#options = options;
  }

  detail(): string {
    return this.#detail;
  }

  async pass(_turn: Turn): Promise<LoopResult> {
    const { database, clock, logger, metrics } = this.#deps;
    const { keepMs, mostBytes } = this.#options;
    const store = await readUplinkStore(database);
    if (store === null) return 'pause';
    metrics?.behind.set(store.behind);
    metrics?.stored.set(store.bytes);
    this.#detail = `${store.behind} lines wait for the node above; the log takes ${Math.ceil(store.bytes / 1024 ** 2)} MiB`;
    const moment = clock.now() - keepMs;
    const kept = await acknowledgedBy(database, moment);
    const beyond = store.bytes > mostBytes ? await lineBeyond(database, mostBytes) : 0;
    if (beyond > kept)
      logger.warn(
        { bytes: store.bytes, mostBytes, behind: store.behind },
        'the log to the node above takes more of the disk than it may: lines that are acknowledged go early',
      );
    const gone = await pruneUplinkLog(database, Math.max(kept, beyond + 1), LINES);
    await forgetAcknowledgements(database, moment);
    return gone === LINES ? 'again' : 'pause';
  }
}
