import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { NO_HASH } from '@beacontower/contracts';
import {
  appendUplinkLines,
  assertLeases,
  type BuiltUpTo,
  type Database,
  doneAnew,
  isObservedReached,
  type LeasedWork,
  lastSequence,
  type ObservedMark,
  type Queryable,
  readLog,
  readNodesTold,
  readReader,
  readUplinkChain,
  SEQUENCE_CHANNEL,
  saveReader,
  stretchesWanted,
  type Turn,
  takeLinesBefore,
  takeObserved,
  UPLINK_READER,
  type UplinkChain,
  type WantedAnew,
} from '@beacontower/database';
import type { Clock, LoopResult } from '@beacontower/runtime';
import { chainOn, type Said } from '../protocol/chain.ts';
import { build, sayStretches } from './build.ts';
import { FIRST_STAGE, LIVE, tellNext } from './first-synchronisation.ts';
import { Rollups } from './rollups.ts';
import { saidBefore } from './said-before.ts';

const BATCH = 2_000;

export interface BuilderDependencies {
  readonly database: Database;
  readonly clock: Clock;
  /** Who this node is, as its certificate says. */
  readonly node: string;
  readonly division: string;
  /** Told of lines that were made. */
  readonly onBuilt?: (said: readonly Said[]) => void;
  /** Told of what failed beside the passes. */
  readonly onFailure?: (error: unknown) => void;
}

/** What a pass made: the place of the reader stays where it is when it read nothing. */
interface Made {
  readonly said: readonly Said[];
  readonly upTo: BuiltUpTo;
  readonly sequence: number;
  /** Days and buckets that were told anew. */
  readonly anew: readonly WantedAnew[];
  readonly isMore: boolean;
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
  readonly #rollups: Rollups;
  /** How far everything was judged, until the lines have come so far. */
  #mark: ObservedMark | null = null;

  constructor(deps: BuilderDependencies) {
    this.#deps = deps;
    this.#rollups = new Rollups(deps.database, deps.onFailure ?? (() => undefined));
  }

  listen(wake: () => void): Promise<() => Promise<void>> {
    return this.#deps.database.listen(SEQUENCE_CHANNEL, wake);
  }

  forget(): void {
    this.#mark = null;
    this.#rollups.forget();
  }

  async pass({ lease }: Turn): Promise<LoopResult> {
    const { database, clock } = this.#deps;
    const now = clock.now();
    const made = await database.transaction(async (tx) => {
      await assertLeases(tx, [lease]);
      const chain = await readUplinkChain(tx);
      if (chain === null || chain.state === 'left') return null;
      const place = await readReader(tx, UPLINK_READER);
      const one = await this.#make(tx, chain, place?.sequence ?? null, now);
      const lines = chainOn({ sequence: chain.built, hash: chain.builtHash ?? NO_HASH }, one.said);
      const building = await this.#observe(tx, one.upTo.building, one.sequence, lines.at(-1)?.sequence ?? chain.built);
      const upTo = { ...one.upTo, building };
      if (lines.length === 0 && one.anew.length === 0 && one.sequence === place?.sequence && isSame(upTo, chain)) return one;
      await appendUplinkLines(tx, lines, upTo, now);
      await doneAnew(tx, one.anew);
      await saveReader(tx, UPLINK_READER, lease.epoch, one.sequence, now);
      return one;
    });
    if (made === null) return 'pause';
    this.#deps.onBuilt?.(made.said);
    return made.isMore ? 'again' : 'pause';
  }

  async #make(tx: Queryable, chain: UplinkChain, place: number | null, now: number): Promise<Made> {
    const { node, division } = this.#deps;
    const { inventoryRow, building } = chain;
    const context = { db: tx, node, division, inventoryRow };
    if (place === null || building.stage === undefined) return this.#begin(tx, chain, now);
    if (chain.built === 0 || building.before !== undefined) return this.#goOn(tx, chain, place, now);
    const nodes = await this.#sayNodes(tx, building.nodes ?? {}, now);
    const told = { ...building, nodes: nodes.told };
    if (building.stage !== LIVE) {
      const step = await tellNext(context, told, now);
      const upTo = { ...chain, inventoryRow: step.inventoryRow, building: step.building };
      return { said: [...nodes.said, ...step.said], upTo, sequence: place, anew: [], isMore: true };
    }
    this.#mark ??= await takeObserved(tx, node, division);
    const entries = await readLog(tx, place, BATCH);
    const built = await build(entries, context);
    const anew = chain.wanted.slice(0, 1);
    const again = (await Promise.all(anew.map((wanted) => stretchesWanted(tx, wanted, division)))).flat();
    const rolled = await this.#rollups.next(chain, told, { node, division, entries, lines: built.said, now });
    return {
      said: [...nodes.said, ...built.said, ...(await sayStretches(tx, again, now)), ...rolled.said],
      upTo: { ...chain, inventoryRow: built.inventoryRow, building: rolled.building, rolledUpTo: rolled.rolledUpTo },
      sequence: entries.at(-1)?.sequence ?? place,
      anew,
      isMore: entries.length === BATCH || chain.wanted.length > anew.length,
    };
  }

  // The place of the reader is taken first: what comes while the past is told is told again, and known by then.
  async #begin(tx: Queryable, chain: UplinkChain, now: number): Promise<Made> {
    const sequence = await lastSequence(tx);
    const nodes = await this.#sayNodes(tx, {}, now);
    const building = { stage: FIRST_STAGE, after: null, nodes: nodes.told };
    const said = [...this.#opening(chain, now), ...nodes.said];
    return { said, upTo: { ...chain, inventoryRow: 0, building }, sequence, anew: [], isMore: true };
  }

  #opening({ built, incarnation, previous, knownUntil }: UplinkChain, now: number): Said[] {
    const { node, division } = this.#deps;
    const payload = { incarnation, node, division, previous, knownUntil };
    return built === 0 ? [{ kind: 'incarnation', eventAt: now, recordedAt: now, payload }] : [];
  }

  // After a restoration: what the log before said after the common place is said in this one, and then what is new.
  async #goOn(tx: Queryable, chain: UplinkChain, sequence: number, now: number): Promise<Made> {
    const { before, ...building } = chain.building;
    const { lines, left } = await takeLinesBefore(tx, before ?? []);
    const said = [...this.#opening(chain, now), ...lines.map(({ line }) => saidBefore(line))];
    const upTo = { ...chain, building: left.length > 0 ? { ...building, before: left } : building };
    return { said, upTo, sequence, anew: [], isMore: true };
  }

  // Nodes below come and go without an entry in the ordered log.
  async #sayNodes(
    tx: Queryable,
    before: Readonly<Record<string, string>>,
    now: number,
  ): Promise<{ said: Said[]; told: Readonly<Record<string, string>> }> {
    const { node, division } = this.#deps;
    const nodes = await readNodesTold(tx, node, division);
    const told = Object.fromEntries(nodes.map((each) => [each.id, digestOf(each)]));
    const changed = nodes.filter(({ id }) => before[id] !== told[id]);
    return { said: changed.map((payload): Said => ({ kind: 'node', eventAt: now, recordedAt: now, payload })), told };
  }

  /** Notes how far everything is observed once all that was judged by then is in lines. */
  async #observe(tx: Queryable, building: BuiltUpTo['building'], sequence: number, line: number) {
    const mark = this.#mark;
    if (building.stage !== LIVE || building.before !== undefined || mark === null || !(await isObservedReached(tx, mark, sequence)))
      return building;
    this.#mark = null;
    return { ...building, observed: { line, nodes: mark.nodes } };
  }
}

const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);

function isSame(upTo: BuiltUpTo, chain: UplinkChain): boolean {
  return isDeepStrictEqual(upTo.building, chain.building) && upTo.rolledUpTo === chain.rolledUpTo;
}
