import {
  answerUplinkItem,
  type Database,
  digestRecord,
  isObservedReached,
  type LeasedWork,
  type ObservedMark,
  objectsToldOf,
  readDigestsAsked,
  readReader,
  readUplinkChain,
  type Turn,
  takeObserved,
  UPLINK_READER,
  type UplinkChain,
  type WantedAnew,
  wantAnew,
} from '@beacontower/database';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import { ParentRefused } from './client.ts';
import { type Differences, differencesOf, settled } from './digest-differences.ts';
import { LIVE } from './first-synchronisation.ts';
import type { Link } from './link.ts';
import { rest } from './rest.ts';

export interface DigestsDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly link: Link;
  readonly node: string;
  readonly division: string;
}

/** Days (UTC, the last one included) that are compared, and why. */
interface Comparison {
  readonly from: string;
  readonly to: string;
  /** Number of the item by which the node above asks; null: it is time, or histories may differ. */
  readonly item: number | null;
  readonly incarnation: string;
  /** What differed at the first look, and what was on record here at that moment; null: not looked yet. */
  first: { readonly found: Differences; readonly mark: ObservedMark; line: number | null } | null;
}

const DAY_MS = 86_400_000;
/** Each day the last week is compared; when histories may differ, the last days, today among them. */
const WEEK = 7;
const ASKED_DAYS = 2;
/** Not more often than so, however often it is asked for. */
const ASKED_EVERY_MS = 600_000;
/** How soon it is looked whether what was under way at the first look has come. */
const SECOND_LOOK_MS = 1_000;

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/**
 * Holds what the node above has against what is known here, by digests, and has told anew what differs. A difference that stays after it was told
 * anew is one that the node above means (it knows more than this one): it is told to people once, and not again until either side changes.
 */
export class Digests implements LeasedWork {
  readonly name = 'uplink-digests';
  readonly lease = 'uplink-digests';
  readonly pauseMs = 20_000;
  readonly #deps: DigestsDependencies;
  #comparedOn: string | null = null;
  #askedAt: number | null = null;
  #isAsked = false;
  #under: Comparison | null = null;
  /** Days and buckets that were told anew, and how both sides were then. */
  readonly #toldAnew = new Map<string, string>();

  constructor(deps: DigestsDependencies) {
    this.#deps = deps;
  }

  /** The node above finds that histories may differ. */
  ask(): void {
    this.#isAsked = true;
  }

  forget(): void {
    this.#under = null;
  }

  async pass({ signal }: Turn): Promise<LoopResult> {
    const { database } = this.#deps;
    const chain = await readUplinkChain(database);
    if (chain === null || chain.state !== 'enrolled' || chain.building.stage !== LIVE || chain.building.before !== undefined)
      return 'pause';
    if (this.#under?.incarnation !== chain.incarnation) this.#under = await this.#next(chain.incarnation);
    const under = this.#under;
    if (under === null) return 'pause';
    try {
      if (!(await this.#compare(under, chain, signal))) return rest(SECOND_LOOK_MS, signal);
    } catch (error) {
      // What is wrong with the link is told, and counted, by whoever sends the log.
      if (signal.aborted || !(error instanceof ParentRefused)) return 'pause';
      throw error;
    }
    await this.#done(under);
    return 'again';
  }

  async #next(incarnation: string): Promise<Comparison | null> {
    const { database, clock } = this.#deps;
    const begun = { incarnation, first: null };
    const [asked] = await readDigestsAsked(database);
    if (asked !== undefined) return { ...asked, ...begun };
    const now = clock.now();
    if (this.#comparedOn !== dayOf(now)) return { from: dayOf(now - WEEK * DAY_MS), to: dayOf(now), item: null, ...begun };
    const isAsked = this.#isAsked && (this.#askedAt === null || clock.monotonic() - this.#askedAt >= ASKED_EVERY_MS);
    return isAsked ? { from: dayOf(now - ASKED_DAYS * DAY_MS), to: dayOf(now), item: null, ...begun } : null;
  }

  async #done({ item }: Comparison): Promise<void> {
    const { database, clock } = this.#deps;
    this.#under = null;
    if (item !== null) {
      const receipt = { number: item, outcome: 'applied', code: null, detail: null, by: null, at: clock.now() } as const;
      return answerUplinkItem(database, receipt);
    }
    this.#comparedOn = dayOf(clock.now());
    // That of each day keeps nobody from asking for another.
    if (this.#isAsked) this.#askedAt = clock.monotonic();
    this.#isAsked = false;
  }

  /** Whether it is compared. Both sides go on meanwhile, so what differs at once is looked at again when all of it has come. */
  async #compare(under: Comparison, chain: UplinkChain, signal: AbortSignal): Promise<boolean> {
    const { database, node, division } = this.#deps;
    const { first } = under;
    if (first === null) {
      const found = await this.#look(under, signal);
      if (found === null || found.size === 0) return true;
      under.first = { found, mark: await takeObserved(database, node, division), line: null };
      return false;
    }
    const place = first.line === null ? ((await readReader(database, UPLINK_READER))?.sequence ?? 0) : 0;
    if (first.line === null && (await isObservedReached(database, first.mark, place)))
      first.line = (await readUplinkChain(database))?.built ?? null;
    if (first.line === null || chain.acknowledged < first.line) return false;
    const second = await this.#look(under, signal);
    if (second !== null) await this.#tellAnew(under, settled(first.found, second));
    return true;
  }

  /** What differs now; null: the node above has no digests. */
  async #look({ from, to }: Comparison, signal: AbortSignal): Promise<Differences | null> {
    const { database, division, link } = this.#deps;
    const { capabilities } = await link.agree();
    if (!capabilities.some((capability) => capability === 'digests')) return null;
    const span = { from: Date.parse(`${from}T00:00:00Z`), to: Date.parse(`${to}T00:00:00Z`) + DAY_MS };
    const { digests } = await link.call(() => link.client.digests(from, to, signal));
    return differencesOf(await digestRecord(database, span, objectsToldOf(division)), digests);
  }

  async #tellAnew({ from, to }: Comparison, differing: Differences): Promise<void> {
    const { database, logger } = this.#deps;
    const shown = new Map([...differing].map(([place, { own, other }]) => [place, `${own} ${other}`]));
    const fresh = [...shown].flatMap(([place, both]) => (this.#toldAnew.get(place) === both ? [] : [place]));
    for (const place of this.#toldAnew.keys()) if (place >= from && place.slice(0, to.length) <= to) this.#toldAnew.delete(place);
    for (const [place, both] of shown) this.#toldAnew.set(place, both);
    if (fresh.length === 0) return;
    logger.warn({ from, to, differing: fresh.length }, 'the node above has another record of some days than this one: they are told anew');
    await wantAnew(
      database,
      fresh.map((place): WantedAnew => {
        const [day = '', bucket] = place.split(' ');
        return [day, Number(bucket)];
      }),
    );
  }
}
