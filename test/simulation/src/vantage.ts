import { type CompiledPlan, compilePlan, createIcmpMetrics, Round } from '@beacontower/collector-icmp';
import { type Fping, LOST, PassFailed, type PassRequest, type PassResult, type RoundStamp } from '@beacontower/collector-sdk';
import type { IcmpShardPlan, ObservationBatch } from '@beacontower/contracts';
import type { Interval } from '@beacontower/domain';
import { createRegistry } from '@beacontower/runtime';
import type { TrueTime, WallClock } from './clock.ts';
import { ANCHORS, type Network, PARTITION, shardOf, type Watched, ZONE } from './network.ts';
import type { Random } from './random.ts';

/** When probes of one check truly met an open way, and when a cut one, in one round. True time. */
export interface Sight {
  firstReply: TrueTime;
  lastReply: TrueTime;
  firstLoss: TrueTime;
  lastLoss: TrueTime;
}

/** A batch with the moment it was appended and what was truly seen in its round, by check. */
export interface Seen {
  readonly batch: ObservationBatch;
  readonly appendedAt: TrueTime;
  readonly sights: ReadonlyMap<number, Sight>;
}

// One for all networks: what is counted is of no interest here.
const metrics = createIcmpMetrics(createRegistry({}, false));

/** Takes rounds as the ICMP collector does, by its own code, with a network in the place of fping. */
export class Vantage {
  readonly #network: Network;
  readonly #clock: WallClock;
  readonly #random: Random;
  readonly #plans = new Map<number, CompiledPlan>();
  readonly #byAddress = new Map<string, { key: number; down: readonly Interval[]; lossy: readonly Interval[] }>();

  constructor(network: Network, clock: WallClock, random: Random) {
    this.#network = network;
    this.#clock = clock;
    this.#random = random;
    for (const { paths } of network.watched) for (const path of paths) this.#byAddress.set(path.address, path);
    ANCHORS.forEach((address, family) => {
      this.#byAddress.set(address, { key: 0, down: family === 0 ? network.troubles.anchorGone : [], lossy: [] });
    });
    for (const interval of new Set(network.watched.map(({ policy }) => policy.intervalMs)))
      this.#plans.set(interval, planOf(network, interval));
  }

  /** What a round that begins at `startedAt` appends. */
  async round(intervalMs: number, tick: number, startedAt: TrueTime, verdicts: ReadonlyMap<number, string>): Promise<Seen[]> {
    const compiled = this.#plans.get(intervalMs);
    if (!compiled) return [];
    const seen: Seen[] = [];
    const sights = new Map<number, Sight>();
    const look = new Looking(startedAt, (request, from) => this.#pass(request, from, sights));
    const { now, uncertaintyMs } = this.#clock.stamp(startedAt);
    const stamp: RoundStamp<IcmpShardPlan> = {
      plan: compiled.plan,
      tick,
      startedAt: now,
      startedMonotonic: startedAt,
      clockUncertaintyMs: uncertaintyMs,
      collector: 'sim',
    };
    const hasTokens = !within(this.#network.troubles.noTokens, startedAt);
    const round = new Round(
      {
        // Only `pass` of it is used.
        fping: look as unknown as Fping,
        metrics,
        monotonic: () => look.now,
        confirmations: (wanted) => (hasTokens ? wanted : this.#random.whole(0, wanted - 1)),
        append: async (batch) => {
          seen.push({ batch, appendedAt: look.now, sights });
        },
        appendSamples: async () => undefined,
      },
      compiled,
      stamp,
    );
    await round.take(this.#rowsAt(compiled, startedAt), verdicts);
    return seen;
  }

  #rowsAt({ plan }: CompiledPlan, at: TrueTime): Uint32Array {
    const present = new Set(
      this.#network.watched.flatMap(({ present, paths }) => (present.from <= at && at < present.to ? paths : []).map(({ key }) => key)),
    );
    return Uint32Array.from(plan.checks.flatMap((key, row) => (present.has(key) ? [row] : [])));
  }

  #pass({ list, probes, periodMs, timeoutMs, onReplies }: PassRequest, startedAt: TrueTime, sights: Map<number, Sight>): PassResult {
    const random = this.#random;
    if (random.chance(this.#network.troubles.failedShare)) throw new PassFailed('exit', 'simulated');
    const addresses = list.text.toString('latin1').trimEnd().split('\n');
    const rtts = new Uint32Array(addresses.length * probes).fill(LOST);
    const heard: { slot: number; probe: number; at: number }[] = [];
    let endedAt = startedAt;
    addresses.forEach((address, slot) => {
      const path = this.#byAddress.get(address);
      const sent = Array.from({ length: probes }, (_, i) => startedAt + i * periodMs + random.fraction() * 3);
      const rtt = 1 + random.fraction() * 60;
      const open = sent.map(
        (at) => path !== undefined && !within(path.down, at + rtt / 2) && !within(this.#network.troubles.vantageCut, at + rtt / 2),
      );
      const lost = lose(random, open, path !== undefined && within(path.lossy, startedAt));
      sent.forEach((at, probe) => {
        if (path && path.key > 0) note(sights, path.key, at + rtt / 2, lost[probe] ?? true);
        endedAt = Math.max(endedAt, at + (lost[probe] ? timeoutMs : rtt));
        if (lost[probe]) return;
        rtts[slot * probes + probe] = Math.round(rtt * 1_000);
        heard.push({ slot, probe, at: at + rtt });
      });
    });
    for (const { slot, probe, at } of heard.sort((a, b) => a.at - b.at))
      onReplies?.([{ slot, probe, rtt: 0 } as never], at + random.fraction() * 2);
    return { startedAt, endedAt: endedAt + 2 + random.fraction() * 10, rtts, refused: new Map() };
  }
}

/** fping's place: passes begin when what they follow on has ended. */
class Looking {
  now: TrueTime;
  readonly #take: (request: PassRequest, from: TrueTime) => PassResult;

  constructor(startedAt: TrueTime, take: (request: PassRequest, from: TrueTime) => PassResult) {
    this.now = startedAt;
    this.#take = take;
  }

  async pass(request: PassRequest): Promise<PassResult> {
    const result = this.#take(request, this.now);
    await undefined;
    this.now = Math.max(this.now, result.endedAt);
    return result;
  }
}

/** Which probes are lost. Where the way only loses some packets, one of those that would have come through does. */
function lose(random: Random, open: readonly boolean[], isLossy: boolean): boolean[] {
  const lost = open.map((isOpen) => !isOpen);
  if (!isLossy) return lost;
  const spared = random.one(open.flatMap((isOpen, index) => (isOpen ? [index] : [])));
  return lost.map((isLost, index) => isLost || (index !== spared && random.chance(0.5)));
}

// A loss where the way was open proves nothing about a cut.
function note(sights: Map<number, Sight>, key: number, at: TrueTime, isLost: boolean): void {
  const sight = sights.get(key) ?? { firstReply: Infinity, lastReply: -Infinity, firstLoss: Infinity, lastLoss: -Infinity };
  sights.set(key, sight);
  if (isLost) {
    sight.firstLoss = Math.min(sight.firstLoss, at);
    sight.lastLoss = Math.max(sight.lastLoss, at);
  } else {
    sight.firstReply = Math.min(sight.firstReply, at);
    sight.lastReply = Math.max(sight.lastReply, at);
  }
}

export function within(spans: readonly Interval[], at: number): boolean {
  return spans.some(({ from, to }) => from <= at && at < to);
}

function planOf(network: Network, intervalMs: number): CompiledPlan {
  const watched: Watched[] = network.watched.filter(({ policy }) => policy.intervalMs === intervalMs);
  return compilePlan({
    version: 1,
    shard: shardOf(intervalMs),
    partition: PARTITION,
    zone: ZONE,
    intervalMs,
    phaseMs: 0,
    anchors: [...ANCHORS],
    checks: watched.flatMap(({ paths }) => paths.map(({ key }) => key)),
    kind: 'icmp',
    policies: watched.map(({ policy }) => policy),
    addresses: watched.flatMap(({ paths }) => paths.map(({ address }) => address)),
    policy: watched.flatMap(({ paths }, index) => paths.map(() => index)),
  });
}
