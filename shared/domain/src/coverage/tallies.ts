import type { DatedBody } from './presence.ts';

/** Levels that units, terminals and applications are counted by: the central units, and those of each level below. */
export const UNIT_LEVELS = ['central', 'province', 'city', 'county'] as const;
export type UnitLevel = (typeof UNIT_LEVELS)[number];

export interface CountedUnit {
  readonly level: UnitLevel;
  readonly terminals: number | null;
  readonly internetExit: boolean;
}
export interface CountedApplication {
  readonly level: UnitLevel;
}
/** What a division reports in numbers alone; a number that is null is not reported. */
export interface CountedTally extends DatedBody {
  readonly id: string;
  readonly division: string;
  readonly level: UnitLevel;
  readonly units: number | null;
  readonly terminals: number | null;
  readonly applications: number | null;
}

/** Units, terminals and applications connected: those that are named, and what is reported in numbers. */
export interface ConnectedCounts {
  readonly units: number;
  /** The part of `units` that has a name. */
  readonly namedUnits: number;
  /** Null when neither a unit nor a tally says any. */
  readonly terminals: number | null;
  readonly applications: number;
  /** Named units that use the unified Internet exit (统一互联网出口). */
  readonly internetExitUnits: number;
}

/** What is there at one moment. */
export interface Connected {
  readonly units: readonly CountedUnit[];
  readonly applications: readonly CountedApplication[];
  readonly tallies: readonly CountedTally[];
}

/** Of the tallies of one division and level the one with the latest `since` counts (by id where that is the same). */
export function talliesInForce(tallies: readonly CountedTally[]): CountedTally[] {
  const newest = new Map<string, CountedTally>();
  for (const tally of [...tallies].sort(byDate)) newest.set(`${tally.division} ${tally.level}`, tally);
  return [...newest.values()];
}

const dateOf = (tally: CountedTally): string => `${tally.since ?? ''} ${tally.id}`;
const byDate = (a: CountedTally, b: CountedTally): number => (dateOf(a) < dateOf(b) ? -1 : 1);

/** Counts of one level; of all levels together without one. */
export function countConnected(connected: Connected, level?: UnitLevel): ConnectedCounts {
  const of = <T extends { readonly level: UnitLevel }>(items: readonly T[]): T[] =>
    items.filter((item) => level === undefined || item.level === level);
  const units = of(connected.units);
  const tallies = of(talliesInForce(connected.tallies));
  const sum = (numbers: readonly (number | null)[]): number => numbers.reduce<number>((total, each) => total + (each ?? 0), 0);
  const terminals = [...units, ...tallies].map((each) => each.terminals);
  return {
    units: units.length + sum(tallies.map((tally) => tally.units)),
    namedUnits: units.length,
    terminals: terminals.some((each) => each !== null) ? sum(terminals) : null,
    applications: of(connected.applications).length + sum(tallies.map((tally) => tally.applications)),
    internetExitUnits: units.filter((unit) => unit.internetExit).length,
  };
}
