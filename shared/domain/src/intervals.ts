/** A half-open span of time `[from, to)`, epoch ms. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Sorts, drops what is empty and joins what touches. */
export function union(intervals: readonly Interval[]): Interval[] {
  const sorted = intervals.filter((interval) => interval.to > interval.from).sort((a, b) => a.from - b.from);
  const result: Interval[] = [];
  for (const interval of sorted) {
    const last = result[result.length - 1];
    if (last && interval.from <= last.to) result[result.length - 1] = { from: last.from, to: Math.max(last.to, interval.to) };
    else result.push({ from: interval.from, to: interval.to });
  }
  return result;
}

/** What lies in both; each argument must be sorted and disjoint (as `union` makes it). */
export function intersect(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  let i = 0;
  let j = 0;
  for (let x = a[i], y = b[j]; x && y; x = a[i], y = b[j]) {
    const from = Math.max(x.from, y.from);
    const to = Math.min(x.to, y.to);
    if (to > from) result.push({ from, to });
    if (x.to < y.to) i++;
    else j++;
  }
  return result;
}

/** What lies in `a` and not in `b`; each argument must be sorted and disjoint. */
export function subtract(a: readonly Interval[], b: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  let j = 0;
  for (const interval of a) {
    let from = interval.from;
    while (j < b.length && (b[j]?.to ?? 0) <= from) j++;
    for (let k = j; k < b.length && (b[k]?.from ?? 0) < interval.to; k++) {
      const hole = b[k] as Interval;
      if (hole.from > from) result.push({ from, to: hole.from });
      from = Math.max(from, hole.to);
    }
    if (from < interval.to) result.push({ from, to: interval.to });
  }
  return result;
}

/** Total length, ms; the argument must be disjoint. */
export function length(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, interval) => sum + (interval.to - interval.from), 0);
}
