/** What happens on a day of the federated lab: drawn by a seed, so that it is the same whenever it is asked for. */
import type { SimulatedOutage } from './feed.ts';

const MINUTE_MS = 60_000;

export interface DayOptions {
  readonly seed: number;
  /** Epoch ms, half-open. */
  readonly from: number;
  readonly to: number;
  /** How often each object is out. */
  readonly outages: number;
}

/** Outages of every object: each begins and ends within the day, and none touches another of the same object. */
export function drawDay(objects: readonly string[], { seed, from, to, outages }: DayOptions): SimulatedOutage[] {
  const random = mulberry(seed);
  const share = (to - from) / outages;
  return objects.flatMap((object) =>
    Array.from({ length: outages }, (_, n) => {
      const begin = from + n * share + random() * share * 0.4;
      const lasts = 3 * MINUTE_MS + random() * (share * 0.5 - 6 * MINUTE_MS);
      return { object, from: Math.round(begin), to: Math.round(begin + lasts) };
    }),
  );
}

/** Tommy Ettinger's mulberry32: good enough for outages, and the same on every machine. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
