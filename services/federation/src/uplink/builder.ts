import { NO_HASH } from '@beacontower/contracts';
import {
  appendUplinkLines,
  assertLeases,
  type Database,
  type LeasedWork,
  readLog,
  readReader,
  readUplinkChain,
  SEQUENCE_CHANNEL,
  saveReader,
  type Turn,
  UPLINK_READER,
  type UplinkChain,
} from '@beacontower/database';
import type { Clock, LoopResult } from '@beacontower/runtime';
import { chainOn, type Said } from '../protocol/chain.ts';
import { build, buildVersions } from './build.ts';

const BATCH = 2_000;

export interface BuilderDependencies {
  readonly database: Database;
  readonly clock: Clock;
  /** Who this node is, as its certificate says. */
  readonly node: string;
  readonly division: string;
}

/**
 * The one leased reader of the ordered log that makes the lines of this node's own log: lines, their end of the chain and the reader's place are
 * one transaction, so that a restart neither forgets nor repeats one.
 */
export class Builder implements LeasedWork {
  readonly name = 'uplink-builder';
  readonly lease = UPLINK_READER;
  readonly pauseMs = 1_000;
  readonly #deps: BuilderDependencies;

  constructor(deps: BuilderDependencies) {
    this.#deps = deps;
  }

  listen(wake: () => void): Promise<() => Promise<void>> {
    return this.#deps.database.listen(SEQUENCE_CHANNEL, wake);
  }

  async pass({ lease }: Turn): Promise<LoopResult> {
    const { database, clock, division } = this.#deps;
    const chain = await readUplinkChain(database);
    if (chain === null || chain.state === 'left') return 'pause';
    const place = await readReader(database, UPLINK_READER);
    const context = { db: database, division, inventoryRow: chain.inventoryRow };
    const now = clock.now();
    const opening: Said[] = chain.built === 0 ? [this.#opening(chain, now)] : [];
    // What is in the inventory before the first entry is read is said at once: no line may speak of an object that was not told.
    const first = place === null ? await buildVersions(context, now) : { said: [], inventoryRow: chain.inventoryRow };
    const entries = await readLog(database, place?.sequence ?? 0, BATCH);
    const built = await build(entries, { ...context, inventoryRow: first.inventoryRow });
    const said = [...opening, ...first.said, ...built.said];
    const last = entries.at(-1);
    if (last === undefined && said.length === 0) return 'pause';
    await database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      const lines = chainOn({ sequence: chain.built, hash: chain.builtHash ?? NO_HASH }, said);
      await appendUplinkLines(tx, lines, { inventoryRow: built.inventoryRow, eventRow: chain.eventRow }, now);
      await saveReader(tx, UPLINK_READER, lease.epoch, last?.sequence ?? place?.sequence ?? 0, now);
    });
    return entries.length === BATCH ? 'again' : 'pause';
  }

  #opening({ incarnation, previous, knownUntil }: UplinkChain, now: number): Said {
    const { node, division } = this.#deps;
    return { kind: 'incarnation', eventAt: now, recordedAt: now, payload: { incarnation, node, division, previous, knownUntil } };
  }
}
