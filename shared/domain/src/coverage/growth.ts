/** How a number changed against the one of the period before. */
export interface Growth {
  readonly before: number | null;
  /** `now - before`; null when either is not known. */
  readonly absolute: number | null;
  /** `(now - before) / before`; null when there is none, or nothing to compare with. */
  readonly relative: number | null;
}

/** Null stands for a number that is not known: growth from nothing, or from zero, is no fraction. */
export function growth(now: number | null, before: number | null): Growth {
  if (now === null || before === null) return { before, absolute: null, relative: null };
  return { before, absolute: now - before, relative: before === 0 ? null : (now - before) / before };
}
