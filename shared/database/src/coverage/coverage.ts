import {
  addCoverage,
  type Connected,
  type ConnectedCounts,
  type Coverage,
  countConnected,
  coverageOf,
  divisionsWithin,
  isWholeCountry,
  listInForce,
  localDate,
  UNIT_LEVELS,
  type UnitLevel,
} from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { type Scope, scopeCovers } from '../queries/conditions.ts';
import { type DivisionList, readDivisionLists } from './lists.ts';
import { readPlaces } from './places.ts';
import { type Moment, presentOf, readDatedVersions } from './present.ts';

/** What is asked of the coverage. Moments are epoch ms; a state is that of the last millisecond before its moment, as periods are half-open. */
export interface CoverageQuery {
  /** Dotted path; absent: the division of the node. */
  readonly division?: string | undefined;
  /** The end of the period. */
  readonly at: number;
  /** Its beginning, with whose state growth is compared. */
  readonly from: number;
  /** Id of a list of divisions; absent: the one in force at each of the two moments. */
  readonly list?: string | undefined;
  readonly scope: Scope;
}

/** A list of divisions as it is named beside the numbers it gave. */
export type ListFacts = Omit<DivisionList, 'divisions'>;

/** A connection whose code stands in none of the lists in use. */
export interface UnlistedConnection {
  readonly code: string;
  readonly name: string | null;
}

/** The coverage at one moment. */
export interface CoverageState {
  readonly at: number;
  readonly list: ListFacts | null;
  readonly corpsList: ListFacts | null;
  readonly withoutCorps: Coverage;
  readonly withCorps: Coverage;
  readonly unlisted: readonly UnlistedConnection[];
  readonly total: ConnectedCounts;
  readonly byLevel: Readonly<Record<UnitLevel, ConnectedCounts>>;
}

/** The coverage at the end and at the beginning of a period. */
export interface CoverageAnswer {
  readonly division: string;
  /** Divisions that have no code in the inventory, so that no list can be asked about them. */
  readonly withoutCode: readonly string[];
  /** Of these, those that are no divisions of the inventory at all. */
  readonly unknown: readonly string[];
  readonly now: CoverageState;
  readonly before: CoverageState;
}

/** The answer, or why there is none; `lists` are the ids of the lists there are. */
export type CoverageResult =
  | CoverageAnswer
  | { readonly problem: 'unknown-list'; readonly lists: readonly string[] }
  | { readonly problem: 'no-such-division' };

/** Coverage of a division by the lists of its time, with and without the Corps, and what is connected in numbers. */
export async function readCoverage(db: Queryable, query: CoverageQuery): Promise<CoverageResult> {
  const lists = await readDivisionLists();
  const ids = lists.filter((list) => list.kind === 'divisions').map(({ id }) => id);
  if (query.list !== undefined && !ids.includes(query.list)) return { problem: 'unknown-list', lists: ids };
  const places = await readPlaces(db, query.division, query.scope);
  if (places === null) return { problem: 'no-such-division' };
  const [connections, units, applications, tallies] = await Promise.all([
    readDatedVersions(db, 'connection'),
    readDatedVersions(db, 'unit'),
    readDatedVersions(db, 'application'),
    readDatedVersions(db, 'tally'),
  ]);
  const inside = <T extends { readonly division: string }>(items: readonly T[]): T[] =>
    items.filter((item) => scopeCovers(places.paths, item.division));
  const stateAt = (end: number): CoverageState => {
    const moment: Moment = { at: end - 1, day: localDate(end - 1, places.timeZone) };
    const connected: Connected = {
      units: inside(presentOf(units, moment)),
      applications: inside(presentOf(applications, moment)),
      tallies: inside(presentOf(tallies, moment)),
    };
    const levels = UNIT_LEVELS.map((level) => [level, countConnected(connected, level)] as const);
    return {
      at: end,
      ...coverageBy(lists, query.list, moment.day, places.codes, presentOf(connections, moment)),
      total: countConnected(connected),
      byLevel: Object.fromEntries(levels) as Record<UnitLevel, ConnectedCounts>,
    };
  };
  const { division, withoutCode, unknown } = places;
  return { division, withoutCode, unknown, now: stateAt(query.at), before: stateAt(query.from) };
}

function coverageBy(
  lists: readonly DivisionList[],
  wanted: string | undefined,
  day: string,
  codes: readonly string[],
  connections: readonly { id: string; name: string | null }[],
): Pick<CoverageState, 'list' | 'corpsList' | 'withoutCorps' | 'withCorps' | 'unlisted'> {
  const list = wanted === undefined ? listInForce(lists, 'divisions', day) : (lists.find(({ id }) => id === wanted) ?? null);
  const corpsList = listInForce(lists, 'corps', day);
  const connected = new Set(connections.map(({ id }) => id));
  const withoutCorps = coverageOf(divisionsWithin(list?.divisions ?? [], codes), connected);
  const corps = coverageOf(divisionsWithin(corpsList?.divisions ?? [], codes), connected);
  const listed = new Set([list, corpsList].flatMap((each) => each?.divisions ?? []).map(({ code }) => code));
  return {
    list: factsOf(list),
    corpsList: factsOf(corpsList),
    withoutCorps,
    withCorps: addCoverage(withoutCorps, corps),
    unlisted: codes.some(isWholeCountry) ? connections.filter(({ id }) => !listed.has(id)).map(({ id, name }) => ({ code: id, name })) : [],
  };
}

function factsOf(list: DivisionList | null): ListFacts | null {
  if (list === null) return null;
  const { divisions: _, ...facts } = list;
  return facts;
}
