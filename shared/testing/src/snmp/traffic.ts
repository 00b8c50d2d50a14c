/** Counters that move as exact functions of time, so that a test knows what truly passed between two instants. */
import type { BerWriter } from './ber.ts';
import type { Source } from './tree.ts';

/** The counters of an interface that an agent moves. */
export const AGENT_COUNTERS = [
  'inOctets',
  'inUnicast',
  'inMulticast',
  'inBroadcast',
  'outOctets',
  'outUnicast',
  'outMulticast',
  'outBroadcast',
  'inErrors',
  'outErrors',
  'inDiscards',
  'outDiscards',
] as const;
export type AgentCounter = (typeof AGENT_COUNTERS)[number];

/** What flows through an interface. `day + noise` is below 1, so that no counter ever goes back by itself. */
export interface TrafficProfile {
  /** Mean rate, bit/s. */
  readonly inBps: number;
  readonly outBps: number;
  /** Amplitude of the wave of a day, as a share of the mean; highest at 13:00 UTC (21:00 in China). None unless told. */
  readonly day?: number;
  /** Amplitude of the irregular waves of minutes to an hour, as a share of the mean. None unless told. */
  readonly noise?: number;
  /** Mean size of a packet, bytes; 800 unless told. */
  readonly packetBytes?: number;
  /** Errors and discards a second, each way. */
  readonly errors?: number;
  readonly discards?: number;
}

const DAY_S = 86_400;
const TURN = 2 * Math.PI;
/** Periods of the irregular waves, s: no one a multiple of another, so that their sum does not repeat within days. */
const NOISE_PERIODS_S = [97, 613, 3_989];

/** An integer hash turned into [0, 1): the same seed gives the same traffic on every machine. */
export function fraction(seed: number): number {
  let value = (seed ^ 0x9e37_79b9) >>> 0;
  value = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2_ae35);
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
}

/** Seconds of mean traffic that passed since `fromMs`: the integral of the waves, in closed form. */
class Waves {
  readonly #amplitude: number[] = [];
  readonly #turnsPerMs: number[] = [];
  readonly #phase: number[] = [];

  constructor({ day = 0, noise = 0 }: TrafficProfile, seed: number) {
    if (day < 0 || noise < 0 || day + noise >= 1) throw new RangeError('day and noise are at least 0 and together below 1');
    // The rate is 1 + day·sin(turn), a quarter of a turn at 13:00 UTC.
    if (day > 0) this.#add(day, DAY_S, 0.25 - 13 / 24 + 0.02 * fraction(seed));
    if (noise > 0)
      for (const [i, period] of NOISE_PERIODS_S.entries()) this.#add(noise / NOISE_PERIODS_S.length, period, fraction(seed * 7 + i));
  }

  #add(amplitude: number, periodS: number, phase: number): void {
    this.#amplitude.push((amplitude * periodS) / TURN);
    this.#turnsPerMs.push(1 / (periodS * 1_000));
    this.#phase.push(phase);
  }

  integral(atMs: number): number {
    let sum = 0;
    for (let i = 0; i < this.#amplitude.length; i++) {
      const turns = atMs * (this.#turnsPerMs[i] as number) + (this.#phase[i] as number);
      sum -= (this.#amplitude[i] as number) * Math.cos(TURN * (turns - Math.floor(turns)));
    }
    return sum;
  }
}

interface Segment {
  readonly fromMs: number;
  readonly profile: TrafficProfile;
  /** Per counter: how many for a second of mean traffic (errors and discards: for a second). */
  readonly rates: readonly number[];
  readonly waves: readonly [Waves, Waves];
  readonly origin: readonly [number, number];
  /** Per counter: what had passed before the segment. */
  readonly base: readonly number[];
}

function ratesOf({ inBps, outBps, packetBytes = 800, errors = 0, discards = 0 }: TrafficProfile): number[] {
  const inward = inBps / 8;
  const outward = outBps / 8;
  const packets = (octets: number) => [octets, (0.97 * octets) / packetBytes, (0.02 * octets) / packetBytes, (0.01 * octets) / packetBytes];
  return [...packets(inward), ...packets(outward), errors, errors, discards, discards];
}

/** Which of the two directions a counter counts: 0 in, 1 out. */
const DIRECTION = AGENT_COUNTERS.map((name) => (name.startsWith('in') ? 0 : 1));
const WIDE = 2 ** 32;

/** The counters of one interface: what truly passed, and what the counters show of it. */
export class InterfaceCounters {
  readonly #seed: number;
  readonly #segments: Segment[] = [];
  /** Per counter: what had passed when the counter last stood at its start value. */
  readonly #zeroed: number[] = AGENT_COUNTERS.map(() => 0);
  readonly #startHigh = new Uint32Array(AGENT_COUNTERS.length);
  readonly #startLow = new Uint32Array(AGENT_COUNTERS.length);
  /** The moment that `#seconds` is of: all counters of a poll are read at one moment. */
  #memoMs = Number.NaN;
  #seconds: readonly [number, number] = [0, 0];
  /** What `visible` found last; two halves, since an object a counter would be garbage by the million. */
  high = 0;
  low = 0;

  constructor(profile: TrafficProfile, seed: number, fromMs: number) {
    this.#seed = seed;
    this.setProfile(profile, fromMs);
  }

  get profile(): TrafficProfile {
    return (this.#segments.at(-1) as Segment).profile;
  }

  /** From this moment on traffic is so; what passed before stays passed. */
  setProfile(profile: TrafficProfile, fromMs: number): void {
    const base = AGENT_COUNTERS.map((_, counter) => (this.#segments.length === 0 ? 0 : this.#total(counter, fromMs)));
    const waves = [new Waves(profile, 2 * this.#seed), new Waves(profile, 2 * this.#seed + 1)] as const;
    const origin = [waves[0].integral(fromMs), waves[1].integral(fromMs)] as const;
    this.#segments.push({ fromMs, profile, rates: ratesOf(profile), waves, origin, base });
    this.#memoMs = Number.NaN;
  }

  /** How many truly passed in `[fromMs, toMs]`, whatever happened to the counters between. */
  increment(counter: AgentCounter, fromMs: number, toMs: number): number {
    const index = AGENT_COUNTERS.indexOf(counter);
    return this.#total(index, toMs) - this.#total(index, fromMs);
  }

  /** The counter stands at this value now and goes on from there. */
  set(counter: AgentCounter, value: bigint, nowMs: number): void {
    const index = AGENT_COUNTERS.indexOf(counter);
    this.#zeroed[index] = this.#total(index, nowMs);
    this.#startHigh[index] = Number((value >> 32n) & 0xffff_ffffn);
    this.#startLow[index] = Number(value & 0xffff_ffffn);
  }

  /** Every counter begins at zero again. */
  zero(nowMs: number): void {
    for (const counter of AGENT_COUNTERS) this.set(counter, 0n, nowMs);
  }

  /** Leaves what the counter shows at that moment in `high` and `low`. */
  visible(counter: number, atMs: number): void {
    const passed = this.#total(counter, atMs) - (this.#zeroed[counter] as number);
    const passedHigh = Math.floor(passed / WIDE);
    const low = (this.#startLow[counter] as number) + (passed - passedHigh * WIDE);
    const carry = low >= WIDE ? 1 : 0;
    this.low = low - carry * WIDE;
    this.high = ((this.#startHigh[counter] as number) + passedHigh + carry) >>> 0;
  }

  /** What the 64-bit counter shows at that moment. */
  value(counter: AgentCounter, atMs: number): bigint {
    this.visible(AGENT_COUNTERS.indexOf(counter), atMs);
    return (BigInt(this.high) << 32n) + BigInt(this.low);
  }

  #total(counter: number, atMs: number): number {
    let at = this.#segments.length - 1;
    while (at > 0 && atMs < (this.#segments[at] as Segment).fromMs) at--;
    const segment = this.#segments[at] as Segment;
    const seconds = this.#passed(segment, atMs, at === this.#segments.length - 1);
    const plain = counter >= 8 ? (atMs - segment.fromMs) / 1_000 : (seconds[DIRECTION[counter] as number] as number);
    return (segment.base[counter] as number) + Math.floor((segment.rates[counter] as number) * plain);
  }

  #passed(segment: Segment, atMs: number, latest: boolean): readonly [number, number] {
    if (latest && atMs === this.#memoMs) return this.#seconds;
    const straight = (atMs - segment.fromMs) / 1_000;
    const { waves, origin } = segment;
    const seconds = [straight + waves[0].integral(atMs) - origin[0], straight + waves[1].integral(atMs) - origin[1]] as const;
    if (latest) {
      this.#memoMs = atMs;
      this.#seconds = seconds;
    }
    return seconds;
  }
}

/** A counter of one interface as a variable; of two when the old table counts multicast and broadcast together. */
export class CounterSource implements Source {
  readonly tag: number;
  readonly #counters: InterfaceCounters;
  readonly #first: number;
  readonly #second: number;
  readonly #wide: boolean;

  constructor(tag: number, wide: boolean, counters: InterfaceCounters, names: readonly AgentCounter[]) {
    this.tag = tag;
    this.#wide = wide;
    this.#counters = counters;
    this.#first = AGENT_COUNTERS.indexOf(names[0] as AgentCounter);
    this.#second = names[1] === undefined ? -1 : AGENT_COUNTERS.indexOf(names[1]);
  }

  write(writer: BerWriter, at: number): void {
    const counters = this.#counters;
    counters.visible(this.#first, at);
    let { low } = counters;
    if (this.#wide) {
      writer.unsigned(this.tag, counters.high, low);
      return;
    }
    if (this.#second >= 0) {
      counters.visible(this.#second, at);
      low = (low + counters.low) % WIDE;
    }
    writer.unsigned(this.tag, 0, low);
  }
}
