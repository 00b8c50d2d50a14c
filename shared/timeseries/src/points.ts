import type { SeriesAnswer } from '@beacontower/contracts';
import type { Formula, Piece } from './formulas.ts';

type Point = SeriesAnswer['points'][number];

interface Bucket {
  weight: number;
  total: number;
  low: number;
  high: number;
}

/** Gathers rows, in any order, into the points of a series. */
export class Points {
  readonly #step: number;
  readonly #buckets = new Map<number, Bucket>();

  constructor(step: number) {
    this.#step = step;
  }

  /** Adds rows given as columns: `times`, and one column for each field of the formula. */
  add(formula: Formula, times: ArrayLike<number>, columns: readonly ArrayLike<number>[]): void {
    const values = new Array<number>(columns.length);
    for (let row = 0; row < times.length; row++) {
      for (let i = 0; i < columns.length; i++) values[i] = columns[i]?.[row] ?? Number.NaN;
      const piece = formula.piece(values);
      if (piece !== null) this.#put(times[row] ?? 0, piece);
    }
  }

  /** The points, ascending; rounding of roll-ups never puts a mean outside its bounds. */
  list(): Point[] {
    return [...this.#buckets]
      .sort(([a], [b]) => a - b)
      .map(([start, { weight, total, low, high }]): Point => {
        const mean = total / weight;
        return [start, Math.min(low, mean), mean, Math.max(high, mean)];
      });
  }

  #put(time: number, piece: Piece): void {
    const start = Math.floor(time / this.#step) * this.#step;
    const bucket = this.#buckets.get(start);
    if (bucket === undefined) {
      this.#buckets.set(start, { ...piece });
      return;
    }
    bucket.weight += piece.weight;
    bucket.total += piece.total;
    if (piece.low < bucket.low) bucket.low = piece.low;
    if (piece.high > bucket.high) bucket.high = piece.high;
  }
}
