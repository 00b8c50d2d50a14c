/** The budget of a period running down, as points of a drawing. Pure. */
import type { ObjectiveDays } from '@beacontower/contracts';

/** A moment of the period and what is left of the budget then, as parts of the whole; below 0: overdrawn. */
export interface BurnPoint {
  /** 0 to 1 through the period. */
  readonly at: number;
  readonly left: number;
  readonly leftMost: number;
  readonly leftLeast: number;
}

/** A point for the beginning and one for the end of each day; none when no time of the period counts. */
export function burnPoints({ from, to, budgetMs, items }: Pick<ObjectiveDays, 'from' | 'to' | 'budgetMs' | 'items'>): BurnPoint[] {
  if (budgetMs <= 0) return [];
  const start = Date.parse(from);
  const length = Date.parse(to) - start;
  const left = (spent: number) => (budgetMs - spent) / budgetMs;
  const days = items.map((day) => ({
    at: (Date.parse(day.to) - start) / length,
    left: left(day.consumedMs),
    leftMost: left(day.consumedLeastMs),
    leftLeast: left(day.consumedMostMs),
  }));
  return [{ at: 0, left: 1, leftMost: 1, leftLeast: 1 }, ...days];
}

/** The lowest value drawn: a whole budget overdrawn at most, so that the rest can still be read. */
export function floorOf(points: readonly BurnPoint[]): number {
  const least = points.reduce((lowest, point) => Math.min(lowest, point.left), 0);
  const doubted = points.reduce((lowest, point) => Math.min(lowest, point.leftLeast), 0);
  const wanted = Math.min(least, Math.max(doubted, -0.5));
  return wanted >= 0 ? 0 : Math.max(-1, Math.floor(wanted * 4) / 4);
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly floor: number;
}

/** Where a value stands, cut to the drawing. */
export function placeOf({ width, height, floor }: Frame, at: number, left: number): readonly [x: number, y: number] {
  const inside = Math.min(1, Math.max(floor, left));
  return [round(at * width), round(((1 - inside) / (1 - floor)) * height)];
}

/** The line of the estimate, and the band in which the truth lies. */
export function burnPaths(points: readonly BurnPoint[], frame: Frame): { line: string; band: string } {
  const path = (some: readonly (readonly [number, number])[]) =>
    some.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x} ${y}`).join('');
  const line = path(points.map(({ at, left }) => placeOf(frame, at, left)));
  const most = points.map(({ at, leftMost }) => placeOf(frame, at, leftMost));
  const least = points.map(({ at, leftLeast }) => placeOf(frame, at, leftLeast)).reverse();
  return { line, band: points.length === 0 ? '' : `${path([...most, ...least])}Z` };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
