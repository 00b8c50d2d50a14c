import { type Interval, union } from '@beacontower/domain';

/** True time, ms from the beginning of the simulation. What the record is written in is the wall clock's time. */
export type TrueTime = number;

/** Where the wall clock of the simulation begins. */
export const EPOCH = 1_800_000_000_000;
/** How often a collector compares its clock with the reference, ms. */
const MEASURED_EVERY_MS = 30_000;

/** A moment at which the wall clock is set forward or back by so many ms. */
export interface Step {
  readonly at: TrueTime;
  readonly by: number;
}

/** The wall clock of the reference (Redis), and what a collector knows of it. */
export class WallClock {
  readonly #steps: readonly Step[];
  readonly #uncertainty: number;
  readonly #errors: readonly number[];

  /** @param errors how far off each measurement of a collector is, ms, all within `uncertainty`. */
  constructor(steps: readonly Step[], uncertainty: number, errors: readonly number[]) {
    this.#steps = [...steps].sort((a, b) => a.at - b.at);
    this.#uncertainty = uncertainty;
    this.#errors = errors;
  }

  /** What the wall clock shows, epoch ms. */
  at(time: TrueTime): number {
    return EPOCH + time + this.#steps.reduce((sum, step) => (step.at <= time ? sum + step.by : sum), 0);
  }

  /**
   * How a collector stamps what begins now (see `HostClock`): off by the error of its last measurement; a step is taken over at once,
   * since every round begins with a look for one, and widens the uncertainty by its size until the measurement after it.
   */
  stamp(time: TrueTime): { readonly now: number; readonly uncertaintyMs: number } {
    const measurement = Math.floor(time / MEASURED_EVERY_MS);
    const error = this.#errors[measurement % this.#errors.length] ?? 0;
    const widened = this.#steps
      .filter((step) => step.at <= time && step.at > measurement * MEASURED_EVERY_MS)
      .reduce((sum, step) => Math.max(sum, Math.abs(step.by)), 0);
    return { now: Math.round(this.at(time) + error), uncertaintyMs: this.#uncertainty + widened + 1 };
  }

  /** The steps, in order. */
  get steps(): readonly Step[] {
    return this.#steps;
  }

  /**
   * Spans of true time as spans of the wall clock's. A span of the wall clock that was lived through twice (after a step back) is
   * read as it was the second time in `latest`, and as it was the first time in `first`; one that was skipped is what it was before.
   */
  spans(spans: readonly Interval[]): { readonly first: Interval[]; readonly latest: Interval[] } {
    const pieces = this.#pieces();
    const mapped = pieces.map((piece) => ({
      ...piece,
      spans: union(spans)
        .map(({ from, to }) => ({ from: Math.max(from, piece.from), to: Math.min(to, piece.to) }))
        .filter(({ from, to }) => to > from)
        .map(({ from, to }) => ({
          from: from + piece.offset,
          to: to === piece.to ? Math.max(piece.nextFrom, to + piece.offset) : to + piece.offset,
        })),
    }));
    const read = (order: typeof mapped) => {
      let result: Interval[] = [];
      for (const piece of order) {
        const own = { from: piece.from + piece.offset, to: piece.to + piece.offset };
        result = union([...cut(result, own), ...piece.spans]);
      }
      return result;
    };
    return { first: read([...mapped].reverse()), latest: read(mapped) };
  }

  /** Stretches of true time between two steps; `nextFrom`: what the wall clock showed right after the stretch. */
  #pieces(): { from: number; to: number; offset: number; nextFrom: number }[] {
    const edges = [Number.NEGATIVE_INFINITY, ...this.#steps.map((step) => step.at), Number.POSITIVE_INFINITY];
    return edges.slice(0, -1).map((from, index) => {
      const to = edges[index + 1] as number;
      const offset = EPOCH + this.#steps.slice(0, index).reduce((sum, step) => sum + step.by, 0);
      return { from, to, offset, nextFrom: Number.isFinite(to) ? to + offset + (this.#steps[index]?.by ?? 0) : Number.POSITIVE_INFINITY };
    });
  }
}

function cut(spans: readonly Interval[], hole: Interval): Interval[] {
  return spans.flatMap(({ from, to }) =>
    [
      { from, to: Math.min(to, hole.from) },
      { from: Math.max(from, hole.to), to },
    ].filter((part) => part.to > part.from),
  );
}
