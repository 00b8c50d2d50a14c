/** Levels of divisions whose coverage (覆盖率) is published, from the top. */
export const COVERAGE_LEVELS = ['province', 'city', 'county'] as const;
export type CoverageLevel = (typeof COVERAGE_LEVELS)[number];

/** One division of a list. `code` is of GB/T 2260 (six digits), or internal (it begins with a letter). */
export interface ListedDivision {
  readonly code: string;
  readonly name: string;
  readonly level: CoverageLevel;
  /** Code of the division above; null for a province. */
  readonly parent: string | null;
}

/** What every list of divisions is chosen by: those of the state (`divisions`), and those of the Corps (`corps`), which have no codes of GB/T 2260. */
export interface DatedList {
  readonly id: string;
  readonly kind: 'divisions' | 'corps';
  /** `YYYY-MM-DD`: in force from this day on, until the next list of its kind. */
  readonly date: string;
}

/**
 * The list of a kind in force on a day: the latest whose date is not after it. Before the first list the first is taken, since an older
 * denominator is not known; null when there is none of the kind.
 */
export function listInForce<L extends DatedList>(lists: readonly L[], kind: DatedList['kind'], day: string): L | null {
  const ofKind = lists.filter((list) => list.kind === kind).sort((a, b) => (a.date < b.date ? -1 : 1));
  return ofKind.filter((list) => list.date <= day).at(-1) ?? ofKind[0] ?? null;
}

/** Whether a code is the one of the whole country, which no list holds. */
export function isWholeCountry(code: string): boolean {
  return code === '000000' || code === '100000';
}

/** The divisions at or below one of `codes`; all of them where one is that of the whole country. */
export function divisionsWithin(divisions: readonly ListedDivision[], codes: readonly string[]): ListedDivision[] {
  if (codes.some(isWholeCountry)) return [...divisions];
  const byCode = new Map(divisions.map((division) => [division.code, division]));
  const inside = (division: ListedDivision): boolean => ancestry(division, byCode).some((code) => codes.includes(code));
  return divisions.filter(inside);
}

/** A division's own code and those above it, from below. A list whose parents run in a circle ends all the same. */
export function ancestry(division: ListedDivision, byCode: ReadonlyMap<string, ListedDivision>): string[] {
  const codes: string[] = [];
  for (let at: ListedDivision | undefined = division; at !== undefined && !codes.includes(at.code); ) {
    codes.push(at.code);
    at = at.parent === null ? undefined : byCode.get(at.parent);
  }
  return codes;
}
