import type { StreamEntry } from '@beacontower/contracts';
import type { Transition } from '@beacontower/domain';
import { Partition, type PartitionInventory, packSnapshot, unpackSnapshot } from '@beacontower/service-pipeline';
import { phaseOf, Wheel } from '@beacontower/service-scheduler';
import { type TrueTime, WallClock } from './clock.ts';
import { type Network, PARTITION, shardOf, ZONE } from './network.ts';
import { Random } from './random.ts';
import { type Sight, Vantage, within } from './vantage.ts';

/** An entry of the partition's stream in the order in which it was judged, and what it led to. */
export interface Judged {
  readonly entry: StreamEntry;
  readonly sights: ReadonlyMap<number, Sight>;
  /** Checks of which it was said that nobody knows, by their id. */
  readonly lost: readonly string[];
  /** Keys of the checks that were in the inventory. */
  readonly known: ReadonlySet<number>;
}

/** What the watching came to. */
export interface Observed {
  readonly clock: WallClock;
  readonly judged: readonly Judged[];
  /** Transitions in the order of their recording, by object or check. */
  readonly transitions: ReadonlyMap<string, readonly Transition[]>;
  readonly judgedUntil: number;
}

interface Arrival {
  readonly at: TrueTime;
  readonly entry: StreamEntry;
  readonly sights: ReadonlyMap<number, Sight>;
}

const NOBODY: ReadonlyMap<number, Sight> = new Map();
/** The scheduler looks at its clock at least this often, ms. */
const LONGEST_SLEEP_MS = 5_000;

/** Watches a network for its span, and until all of it is judged. */
export async function observe(network: Network): Promise<Observed> {
  return new Watching(network).run();
}

class Watching {
  readonly #network: Network;
  readonly #random: Random;
  readonly #clock: WallClock;
  readonly #schedulerClock: WallClock;
  readonly #vantage: Vantage;
  readonly #wheel = new Wheel();
  readonly #intervals = new Map<string, number>();
  readonly #judge: Judge;
  readonly #stream: Arrival[] = [];
  #rounds: { at: TrueTime; shard: string; tick: number }[] = [];

  constructor(network: Network) {
    this.#network = network;
    this.#random = new Random(network.seed + 0x5eed);
    const { clockSteps, clockUncertaintyMs, clockErrors, troubles } = network;
    this.#clock = new WallClock(clockSteps, clockUncertaintyMs, clockErrors);
    this.#schedulerClock = new WallClock([...clockSteps, ...troubles.schedulerSteps], 0, [0]);
    this.#vantage = new Vantage(network, this.#clock, this.#random);
    this.#judge = new Judge(network, this.#clock);
    for (const { policy } of network.watched) this.#intervals.set(shardOf(policy.intervalMs), policy.intervalMs);
    for (const [shard, intervalMs] of this.#intervals) {
      const phaseMs = phaseOf(network.seed % 8, ZONE, intervalMs, 8);
      this.#wheel.add({ shard, intervalMs, phaseMs }, this.#schedulerClock.at(0), { added: undefined, closed: undefined });
    }
  }

  async run(): Promise<Observed> {
    const longest = Math.max(...this.#intervals.values());
    const end = this.#network.spanMs + 4 * longest + 30_000;
    for (let at: TrueTime = 0; at < end; at = this.#nextPass(at)) {
      await this.#takeRounds(at);
      if (!within(this.#network.troubles.schedulerGone, at)) this.#turn(at);
    }
    await this.#takeRounds(Number.POSITIVE_INFINITY);
    this.#stream.sort((a, b) => a.at - b.at);
    this.#judge.process(this.#stream.splice(0), end);
    return this.#judge.result(this.#clock);
  }

  #nextPass(at: TrueTime): TrueTime {
    const now = this.#schedulerClock.at(at);
    return at + Math.min(LONGEST_SLEEP_MS, Math.max(1, this.#wheel.next(now) - now)) + this.#random.fraction() * 3;
  }

  #turn(at: TrueTime): void {
    const { rounds, closes } = this.#wheel.due(Math.floor(this.#schedulerClock.at(at)));
    for (const { shard, tick, intervalMs } of rounds) {
      this.#wheel.wasAdded(shard, tick);
      const { missedShare, delayedShare } = this.#network.troubles;
      if (this.#random.chance(missedShare)) continue;
      const delay = this.#random.chance(delayedShare) ? this.#random.fraction() * intervalMs : this.#random.fraction() * 40;
      this.#rounds.push({ at: at + delay, shard, tick });
    }
    for (const { fromTick, toTick, shard, intervalMs, clockStepBack } of closes) {
      if (clockStepBack) this.#wheel.wasSetBack(shard, toTick);
      else this.#wheel.wasClosed(shard, toTick);
      const entry: StreamEntry = { type: 'closed', shard, intervalMs, fromTick, toTick, ...(clockStepBack ? { clockStepBack } : {}) };
      this.#stream.push({ at, entry, sights: NOBODY });
    }
  }

  async #takeRounds(until: TrueTime): Promise<void> {
    const due = this.#rounds.filter((round) => round.at <= until).sort((a, b) => a.at - b.at);
    this.#rounds = this.#rounds.filter((round) => round.at > until);
    for (const { at, shard, tick } of due) await this.#takeRound(at, shard, tick);
  }

  async #takeRound(at: TrueTime, shard: string, tick: number): Promise<void> {
    const intervalMs = this.#intervals.get(shard) ?? 0;
    const isLate = this.#clock.stamp(at).now >= tick + intervalMs;
    const { collectorGone, late } = this.#network.troubles;
    if (isLate || within(collectorGone, at)) return;
    this.#deliver(at);
    for (const { batch, appendedAt, sights } of await this.#vantage.round(intervalMs, tick, at, this.#judge.verdicts)) {
      const delay = within(late, at) ? this.#random.fraction() * 3 * intervalMs : this.#random.fraction() * 5;
      this.#stream.push({ at: appendedAt + delay, entry: batch, sights });
    }
  }

  /** Hands the pipeline what has arrived by now, unless it is gone. */
  #deliver(at: TrueTime): void {
    if (within(this.#network.troubles.pipelineGone, at)) return;
    this.#stream.sort((a, b) => a.at - b.at);
    const arrived = this.#stream.findIndex((item) => item.at > at);
    this.#judge.process(this.#stream.splice(0, arrived === -1 ? this.#stream.length : arrived), at);
  }
}

/** The pipeline of one partition: commits what it found at once, and now and then dies and begins again at its last commit. */
class Judge {
  readonly #network: Network;
  readonly #clock: WallClock;
  readonly #judged: Judged[] = [];
  readonly #transitions = new Map<string, Transition[]>();
  /** Commissionings and retirements taken in so far. */
  #changes = -1;
  #known: ReadonlySet<number> = new Set();
  #partition: Partition;
  #crashes: number[];
  #committed: { readonly snapshot: Uint8Array; readonly entries: number };
  verdicts: ReadonlyMap<number, string> = new Map();

  constructor(network: Network, clock: WallClock) {
    this.#network = network;
    this.#clock = clock;
    this.#crashes = [...network.troubles.crashes].sort((a, b) => a - b);
    this.#partition = new Partition(PARTITION, { objects: [], keys: new Map(), agents: new Map() }, null);
    this.#committed = { snapshot: packSnapshot(this.#partition.snapshot()), entries: 0 };
    this.#adopt(0);
  }

  process(arrivals: readonly Arrival[], now: TrueTime): void {
    for (const { at, entry, sights } of arrivals) {
      this.#adopt(at);
      if ((this.#crashes[0] ?? Number.POSITIVE_INFINITY) <= at) this.#crash(at);
      this.#partition.process(entry);
      this.#judged.push({ entry, sights, lost: this.#commit(this.#judged.length + 1), known: this.#known });
    }
    this.#adopt(now);
    this.verdicts = this.#partition.verdicts();
  }

  result(clock: WallClock): Observed {
    return { clock, judged: this.#judged, transitions: this.#transitions, judgedUntil: this.#partition.watermarks.watermark };
  }

  #inventory(at: TrueTime): PartitionInventory {
    const watched = this.#network.watched.filter(({ present }) => present.from <= at && at < present.to);
    const keys = new Map(
      this.#network.watched.flatMap(({ object, paths }) => object.checks.map((check, index) => [check.id, paths[index]?.key ?? 0])),
    );
    return { objects: watched.map(({ object }) => object), keys, agents: new Map() };
  }

  #adopt(at: TrueTime): void {
    // After the end everything stays, or nothing would be judged to the end.
    const time = Math.min(at, this.#network.spanMs - 1);
    const changes =
      this.#network.watched.filter(({ present }) => present.from <= time).length +
      this.#network.watched.filter(({ present }) => present.to <= time).length;
    if (changes === this.#changes) return;
    this.#changes = changes;
    this.#known = new Set(
      this.#network.watched
        .filter(({ present }) => present.from <= time && time < present.to)
        .flatMap(({ paths }) => paths.map(({ key }) => key)),
    );
    this.#partition.adopt(this.#inventory(time), Math.round(this.#clock.at(at)));
    this.#commit(this.#judged.length);
    this.#committed = { snapshot: packSnapshot(this.#partition.snapshot()), entries: this.#judged.length };
  }

  #commit(entries: number): string[] {
    if (!this.#partition.hasEffects) return [];
    const lost: string[] = [];
    for (const { objectId, check, transition } of this.#partition.takeEffects().transitions) {
      const subject = check ?? objectId;
      const list = this.#transitions.get(subject);
      if (list) list.push(transition);
      else this.#transitions.set(subject, [transition]);
      if (check !== null && transition.to === 'unknown') lost.push(check);
    }
    if (this.#crashes.length > 0) this.#committed = { snapshot: packSnapshot(this.#partition.snapshot()), entries };
    return lost;
  }

  #crash(at: TrueTime): void {
    this.#crashes = this.#crashes.filter((crash) => crash > at);
    this.#partition = new Partition(
      PARTITION,
      this.#inventory(Math.min(at, this.#network.spanMs - 1)),
      unpackSnapshot(this.#committed.snapshot),
    );
    for (const { entry } of this.#judged.slice(this.#committed.entries)) this.#partition.process(entry);
    // What was not committed led to nothing, and leads to nothing again.
    if (this.#partition.hasEffects) throw new Error(`seed ${this.#network.seed}: a replay said something that was not said before`);
  }
}
