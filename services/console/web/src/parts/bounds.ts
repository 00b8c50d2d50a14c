/** Where an interval of availability lies against its target, for drawing; all of 0…1, positions too. */
export interface Bounds {
  readonly value: number | null;
  readonly lowest: number | null;
  readonly highest: number | null;
  readonly target: number;
}

export interface BoundsPlaces {
  readonly target: number;
  /** Null: there is no figure. */
  readonly from: number | null;
  readonly to: number | null;
  readonly value: number | null;
  /** The interval goes on beyond the left edge. */
  readonly cut: boolean;
}

/** The target stands at this part of the width: what is left of it is three times what may be lost, so that a miss can be seen. */
const TARGET_AT = 0.75;

/** Lays an interval out on a scale that ends at 100 % and on which the target always stands at the same place. */
export function placeBounds({ value, lowest, highest, target }: Bounds): BoundsPlaces {
  const budget = Math.max(1 - target, 1e-6);
  const width = budget / (1 - TARGET_AT);
  const place = (figure: number) => Math.min(1, Math.max(0, 1 - (1 - figure) / width));
  const low = lowest ?? value;
  const high = highest ?? value;
  return {
    target: TARGET_AT,
    from: low === null ? null : place(low),
    to: high === null ? null : place(high),
    value: value === null ? null : place(value),
    cut: low !== null && 1 - low > width,
  };
}
