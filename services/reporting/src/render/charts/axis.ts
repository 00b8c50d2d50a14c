/** An axis of percentages: ends, step (percent) and the digits its labels need. */
export interface Axis {
  readonly min: number;
  readonly max: number;
  readonly interval: number;
  readonly digits: number;
  /** Some bound lies beyond its end: drawn as an arrow, and said. */
  readonly isCut: boolean;
}

/** What is drawn at one place: percent; null: nothing was observed. */
export interface Measured {
  readonly value: number | null;
  readonly lowest: number | null;
  readonly highest: number | null;
}

const STEPS = 5;
/** Bounds are shown whole until they take this many times the room of the figures; then the figures could not be told apart. */
const ROOM = 5;
const SMALLEST = 0.0001;

/**
 * The axis of availabilities, percent: from below the lowest of the figures, their bounds and the target, up to 100 at most. It
 * does not begin at 0, where 99.9 and 99.99 could not be told apart, so it says where it begins; bars must not stand on it.
 */
export function availabilityAxis(items: readonly Measured[], target: number | null): Axis {
  const values = [...numbers(items, 'value'), ...(target === null ? [] : [target])];
  const lowest = Math.min(100, ...values);
  const highest = Math.max(...values, ...numbers(items, 'highest').filter((value) => value <= 100), lowest);
  const room = Math.max(highest - lowest, SMALLEST * STEPS);
  const floor = lowest - room * ROOM;
  const bounds = numbers(items, 'lowest');
  const isCut = bounds.some((bound) => bound < floor);
  const from = Math.max(0, Math.min(lowest - room * 0.15, ...bounds.filter((bound) => bound >= floor), isCut ? lowest - room * 0.6 : 100));
  return rounded(from, Math.min(100, highest + room * 0.1), 100, isCut);
}

/** The axis of times without service as percentages of the time: from 0, so that bars may stand on it. */
export function unavailabilityAxis(items: readonly Measured[], target: number | null): Axis {
  const highest = Math.max(SMALLEST * STEPS, ...numbers(items, 'value'), ...(target === null ? [] : [target]));
  const bounds = numbers(items, 'highest');
  const isCut = bounds.some((bound) => bound > highest * (1 + ROOM));
  const to = Math.max(highest * 1.1, ...bounds.filter((bound) => bound <= highest * (1 + ROOM)));
  return rounded(0, Math.min(100, isCut ? Math.max(to, highest * 1.5) : to), 100, isCut);
}

function numbers(items: readonly Measured[], key: keyof Measured): number[] {
  return items.flatMap((item) => (item.value === null || item[key] === null ? [] : [item[key]]));
}

/** Ends that are whole multiples of a round step. */
function rounded(from: number, to: number, most: number, isCut: boolean): Axis {
  const interval = roundStep(Math.max(to - from, SMALLEST) / STEPS);
  const digits = Math.max(0, -Math.floor(Math.log10(interval) + 1e-9));
  const min = Number((Math.floor(from / interval + 1e-9) * interval).toFixed(digits));
  const max = Math.min(most, Number((Math.ceil(to / interval - 1e-9) * interval).toFixed(digits)));
  return { min, max, interval, digits, isCut };
}

function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  return step * power;
}
