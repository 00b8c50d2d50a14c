import {
  DEFAULT_ICMP_POLICY,
  type IcmpPolicy,
  type Interval,
  type MonitoredObject,
  type ParentRule,
  partitionOf,
  shardId,
  union,
} from '@beacontower/domain';
import type { Step } from './clock.ts';
import { Random } from './random.ts';

/** One address of an object: when it truly could not be reached, and when it lost some packets. True time. */
export interface Path {
  readonly key: number;
  readonly address: string;
  readonly down: readonly Interval[];
  readonly lossy: readonly Interval[];
}

/** Planned work, true time. Only what was approved before it began is excluded. */
export interface Work extends Interval {
  readonly approvedAt: number;
}

/** An object that is probed. `present`: from its commissioning to its retirement. */
export interface Watched {
  readonly object: MonitoredObject;
  readonly policy: IcmpPolicy;
  readonly paths: readonly Path[];
  readonly present: Interval;
  readonly work: readonly Work[];
  readonly weight: number;
}

/** An object made of others, by the index of its members. */
export interface Composite {
  readonly id: string;
  readonly rule: ParentRule;
  readonly members: readonly number[];
}

/** What goes wrong with the watching, as spans of true time, and how often by chance. */
export interface Troubles {
  readonly collectorGone: readonly Interval[];
  /** The vantage's own line is cut: nothing answers, the anchors neither. */
  readonly vantageCut: readonly Interval[];
  /** One family's anchor alone is gone. */
  readonly anchorGone: readonly Interval[];
  readonly schedulerGone: readonly Interval[];
  readonly pipelineGone: readonly Interval[];
  /** What is seen meanwhile arrives late and out of order. */
  readonly late: readonly Interval[];
  readonly noTokens: readonly Interval[];
  readonly missedShare: number;
  readonly delayedShare: number;
  readonly failedShare: number;
  readonly crashes: readonly number[];
  readonly schedulerSteps: readonly Step[];
}

export interface Network {
  readonly seed: number;
  readonly spanMs: number;
  readonly watched: readonly Watched[];
  readonly composites: readonly Composite[];
  readonly troubles: Troubles;
  readonly clockSteps: readonly Step[];
  readonly clockUncertaintyMs: number;
  readonly clockErrors: readonly number[];
}

export const ZONE = 'main';
export const ANCHORS = ['192.0.2.1', '2001:db8::1'] as const;

const INTERVALS_S = [1, 2, 5, 10, 10, 15, 30, 60];
/** Rounds of all shards together: what a network may cost. */
const ROUNDS = 240;
const LONGEST_MS = 5 * 3_600_000;

/** Draws a network, its faults and what goes wrong with watching it. */
export function drawNetwork(seed: number): Network {
  const random = new Random(seed);
  const intervals = random.times(random.whole(1, 3), () => random.one(INTERVALS_S) * 1_000);
  const rate = [...new Set(intervals)].reduce((sum, interval) => sum + 1 / interval, 0);
  const spanMs = Math.min(LONGEST_MS, Math.round(ROUNDS / rate));
  const draw = new Drawing(random, spanMs);
  const watched = random.times(random.whole(2, 5), (index) => draw.watched(index, random.one(intervals)));
  return {
    seed,
    spanMs,
    watched,
    composites: draw.composites(watched.length),
    troubles: draw.troubles(Math.max(...intervals)),
    clockSteps: random.chance(0.3) ? draw.steps() : [],
    ...draw.clock(),
  };
}

class Drawing {
  readonly #random: Random;
  readonly #spanMs: number;
  #key = 0;

  constructor(random: Random, spanMs: number) {
    this.#random = random;
    this.#spanMs = spanMs;
  }

  watched(index: number, intervalMs: number): Watched {
    const random = this.#random;
    const policy = this.#policy(intervalMs);
    const shared = this.#faults(intervalMs);
    const families = random.chance(0.5) ? ([4, 6] as const) : ([random.chance(0.8) ? 4 : 6] as const);
    const paths = families.map((family): Path => {
      const own = families.length > 1 ? this.#faults(intervalMs) : [];
      return {
        key: ++this.#key,
        address: family === 4 ? `198.51.100.${this.#key}` : `2001:db8:1::${this.#key}`,
        down: union([...shared, ...own]),
        lossy: random.chance(0.3) ? this.#spans(2, 5 * intervalMs, 40 * intervalMs) : [],
      };
    });
    const id = `sim:o${index}`;
    const present = this.#present();
    return {
      object: objectOf(id, paths, policy, random.chance(0.7)),
      policy,
      paths,
      present,
      work: this.#work(intervalMs),
      weight: random.whole(1, 9),
    };
  }

  composites(watched: number): Composite[] {
    const random = this.#random;
    return random.times(random.whole(1, 2), (index) => {
      const others = random.times(watched, (member) => member).filter(() => random.chance(0.6));
      const members = others.length >= 2 ? others.slice(0, 3) : [0, 1];
      const rule = random.one<ParentRule>([{ require: 'any' }, { require: 'any' }, { require: 'all' }, { require: 'at-least', count: 2 }]);
      return { id: `sim:c${index}`, rule, members };
    });
  }

  troubles(intervalMs: number): Troubles {
    const random = this.#random;
    const some = (share: number, most: number, longest: number) => (random.chance(share) ? this.#spans(most, intervalMs / 2, longest) : []);
    return {
      collectorGone: some(0.4, 2, 12 * intervalMs),
      vantageCut: some(0.3, 2, 8 * intervalMs),
      anchorGone: some(0.2, 2, 10 * intervalMs),
      schedulerGone: some(0.15, 1, 8 * intervalMs),
      pipelineGone: some(0.3, 2, 20 * intervalMs),
      late: some(0.3, 2, 15 * intervalMs),
      noTokens: some(0.2, 2, 20 * intervalMs),
      missedShare: random.chance(0.5) ? 0.02 : 0,
      delayedShare: random.chance(0.3) ? 0.05 : 0,
      failedShare: random.chance(0.2) ? 0.01 : 0,
      crashes: random.chance(0.3) ? random.times(2, () => random.whole(0, this.#spanMs)) : [],
      schedulerSteps: random.chance(0.2) ? this.steps() : [],
    };
  }

  steps(): Step[] {
    const random = this.#random;
    return random.times(random.whole(1, 2), () => ({
      at: random.whole(0, this.#spanMs),
      by: random.whole(300, 5_000) * (random.chance(0.5) ? 1 : -1),
    }));
  }

  clock(): { clockUncertaintyMs: number; clockErrors: number[] } {
    const clockUncertaintyMs = this.#random.whole(1, 8);
    return { clockUncertaintyMs, clockErrors: this.#random.times(16, () => this.#random.whole(-clockUncertaintyMs, clockUncertaintyMs)) };
  }

  #policy(intervalMs: number): IcmpPolicy {
    const random = this.#random;
    const fast = intervalMs < 5_000;
    const timing = fast
      ? { probes: random.whole(1, 2), periodMs: 100, timeoutMs: 350 }
      : { probes: random.whole(1, 3), periodMs: 300, timeoutMs: 1_000 };
    const usual = random.chance(0.5);
    return {
      ...DEFAULT_ICMP_POLICY,
      ...timing,
      intervalMs,
      confirmPasses: usual ? 1 : random.whole(0, 1),
      downAfter: usual ? 1 : random.whole(1, 3),
      upAfter: usual ? 1 : random.whole(1, 3),
      unconfirmedDownAfter: usual ? 2 : random.whole(1, 3),
      unknownAfter: usual ? 2 : random.whole(1, 3),
      degradedAfter: usual ? 3 : random.whole(1, 3),
    };
  }

  /** Cuts of every length from unseen to long, and now and then a line that flaps. */
  #faults(intervalMs: number): Interval[] {
    const random = this.#random;
    const cuts = random.times(random.whole(0, 6), () => {
      const from = random.whole(0, this.#spanMs);
      return { from, to: from + random.spread(intervalMs / 20, 20 * intervalMs) };
    });
    if (!random.chance(0.25)) return cuts;
    let at = random.whole(0, this.#spanMs);
    const flaps = random.times(random.whole(3, 15), () => {
      const from = at + random.spread(intervalMs / 10, 2 * intervalMs);
      at = from + random.spread(intervalMs / 10, 2 * intervalMs);
      return { from, to: at };
    });
    return [...cuts, ...flaps];
  }

  #spans(most: number, least: number, longest: number): Interval[] {
    const random = this.#random;
    return union(
      random.times(random.whole(1, most), () => {
        const from = random.whole(0, this.#spanMs);
        return { from, to: from + random.spread(least, longest) };
      }),
    );
  }

  #present(): Interval {
    const random = this.#random;
    const from = random.chance(0.15) ? random.whole(0, this.#spanMs / 2) : 0;
    const to = random.chance(0.15) ? random.whole(this.#spanMs / 2, this.#spanMs) : this.#spanMs;
    return { from, to };
  }

  #work(intervalMs: number): Work[] {
    const random = this.#random;
    if (!random.chance(0.5)) return [];
    return random.times(random.whole(1, 4), () => {
      const from = random.whole(0, this.#spanMs);
      const span = { from, to: from + random.spread(intervalMs, 40 * intervalMs) };
      return { ...span, approvedAt: random.chance(0.7) ? from - random.whole(0, 60_000) : from + random.whole(1, 60_000) };
    });
  }
}

function objectOf(id: string, paths: readonly Path[], policy: IcmpPolicy, any: boolean): MonitoredObject {
  return {
    id,
    kind: 'device',
    name: id,
    division: 'cn',
    class: 'backbone',
    party: null,
    servingRule: any ? 'any' : 'all',
    dependency: { parents: [], rule: { require: 'any' } },
    checks: paths.map(({ key, address }) => ({
      id: checkId(key),
      objectId: id,
      kind: 'icmp',
      family: address.includes(':') ? 6 : 4,
      address,
      zone: ZONE,
      policy,
    })),
    weight: 1,
    runbook: null,
    attributes: {},
  };
}

/** The name of a check by its key. */
export function checkId(key: number): string {
  return `sim/check${key}`;
}

/** The one partition of the simulation, and the shard of an interval in it. */
export const PARTITION = partitionOf('sim', 1);
export const shardOf = (intervalMs: number): string => shardId(PARTITION, ZONE, 'icmp', intervalMs);
