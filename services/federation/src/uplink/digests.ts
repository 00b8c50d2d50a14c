import type { DigestAnswer } from '@beacontower/contracts';
import {
  type Database,
  digestRecord,
  type LeasedWork,
  objectsToldOf,
  type RecordDigest,
  readUplinkChain,
  type Turn,
  type WantedAnew,
  wantAnew,
} from '@beacontower/database';
import type { Clock, Logger, LoopResult } from '@beacontower/runtime';
import { LIVE } from './first-synchronisation.ts';
import type { Link } from './link.ts';

export interface DigestsDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly link: Link;
  readonly division: string;
}

const DAY_MS = 86_400_000;
/** Each day the last week is compared; when the node above asks, the last days, today among them. */
const WEEK = 7;
const ASKED_DAYS = 2;
/** Not more often than so, however often it is asked for. */
const ASKED_EVERY_MS = 600_000;

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
  /** Days and buckets that were told anew, and how both sides were then. */
  readonly #toldAnew = new Map<string, string>();

  constructor(deps: DigestsDependencies) {
    this.#deps = deps;
  }

  /** The node above finds that histories may differ. */
  ask(): void {
    this.#isAsked = true;
  }

  async pass({ signal }: Turn): Promise<LoopResult> {
    const { clock } = this.#deps;
    const now = clock.now();
    const isDaily = this.#comparedOn !== dayOf(now);
    const isAsked = this.#isAsked && (this.#askedAt === null || clock.monotonic() - this.#askedAt >= ASKED_EVERY_MS);
    if (!isDaily && !isAsked) return 'pause';
    const span = isDaily
      ? { from: dayOf(now - WEEK * DAY_MS), to: dayOf(now) }
      : { from: dayOf(now - ASKED_DAYS * DAY_MS), to: dayOf(now) };
    if (!(await this.#compare(span.from, span.to, signal))) return 'pause';
    this.#comparedOn = dayOf(now);
    this.#askedAt = clock.monotonic();
    this.#isAsked = false;
    return 'pause';
  }

  /** Whether both sides were at one place of the log, so that what they say can be compared. */
  async #compare(from: string, to: string, signal: AbortSignal): Promise<boolean> {
    const { database, division, link, logger } = this.#deps;
    const before = await readUplinkChain(database);
    if (before === null || before.building.stage !== LIVE || before.acknowledged !== before.built) return false;
    const theirs = await link.call(() => link.client.digests(from, to, signal));
    const span = { from: Date.parse(`${from}T00:00:00Z`), to: Date.parse(`${to}T00:00:00Z`) + DAY_MS };
    const ours = await digestRecord(database, span, objectsToldOf(division));
    const after = await readUplinkChain(database);
    if (theirs.applied?.sequence !== before.built || after?.built !== before.built || after.incarnation !== before.incarnation)
      return false;
    const differing = this.#newlyDiffering(ours, theirs);
    if (differing.length === 0) return true;
    logger.warn(
      { from, to, differing: differing.length },
      'the node above has another record of some days than this one: they are told anew',
    );
    await wantAnew(database, differing);
    return true;
  }

  #newlyDiffering(ours: readonly RecordDigest[], { digests }: DigestAnswer): WantedAnew[] {
    const own = new Map(ours.map((each) => [`${each.date} ${each.bucket}`, each.digest]));
    const other = new Map(digests.map((each) => [`${each.date} ${each.bucket}`, each.digest]));
    const differing = [...new Set([...own.keys(), ...other.keys()])].filter((key) => own.get(key) !== other.get(key));
    const fresh = differing.filter((key) => this.#toldAnew.get(key) !== `${own.get(key)} ${other.get(key)}`);
    this.#toldAnew.clear();
    for (const key of differing) this.#toldAnew.set(key, `${own.get(key)} ${other.get(key)}`);
    return fresh.map((key): WantedAnew => {
      const [day = '', bucket] = key.split(' ');
      return [day, Number(bucket)];
    });
  }
}
