import { ancestry, COVERAGE_LEVELS, type CoverageLevel, type ListedDivision } from './divisions.ts';

/** Coverage of one level: connected divisions over all divisions of the list. */
export interface LevelCoverage {
  readonly connected: number;
  /** Of these, connected only by what lies below them: nobody named them. */
  readonly implied: number;
  readonly total: number;
  /** `connected / total`, not rounded; null when the list has none of this level, or nothing at all is named as connected: that is not known. */
  readonly fraction: number | null;
}
export type Coverage = Readonly<Record<CoverageLevel, LevelCoverage>>;

/**
 * Coverage by level. A division is connected when it is named, or when one below it is: a county's traffic reaches the network through its
 * city and province, so that both are part of it. Where none is named anywhere, nobody keeps the record: that says nothing about coverage.
 */
export function coverageOf(divisions: readonly ListedDivision[], connected: ReadonlySet<string>): Coverage {
  const byCode = new Map(divisions.map((division) => [division.code, division]));
  const reached = new Set<string>();
  for (const division of divisions) {
    if (connected.has(division.code)) for (const code of ancestry(division, byCode)) reached.add(code);
  }
  const level = (wanted: CoverageLevel): LevelCoverage => {
    const all = divisions.filter((division) => division.level === wanted);
    const present = all.filter((division) => reached.has(division.code));
    const implied = present.filter((division) => !connected.has(division.code)).length;
    return {
      connected: present.length,
      implied,
      total: all.length,
      fraction: connected.size === 0 ? null : ratio(present.length, all.length),
    };
  };
  const [province, city, county] = COVERAGE_LEVELS.map(level) as [LevelCoverage, LevelCoverage, LevelCoverage];
  return { province, city, county };
}

/** Two coverages as one, such as that of the state's divisions and that of the Corps. */
export function addCoverage(a: Coverage, b: Coverage): Coverage {
  const level = (wanted: CoverageLevel): LevelCoverage => {
    const connected = a[wanted].connected + b[wanted].connected;
    const total = a[wanted].total + b[wanted].total;
    const known = a[wanted].fraction !== null || b[wanted].fraction !== null;
    return { connected, implied: a[wanted].implied + b[wanted].implied, total, fraction: known ? ratio(connected, total) : null };
  };
  return { province: level('province'), city: level('city'), county: level('county') };
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}
