import { type DivisionBody, type IncidentSummary, type SEVERITIES, timestampOrNull, type WallTile } from '@beacontower/contracts';
import { type DivisionTallies, type IncidentUnderWay, NO_DIVISION } from '@beacontower/database';
import { divisionCovers, judgeTile, mergeTallies, type StateTallies } from '@beacontower/domain';

/** What the tiles are made from; everything is of the caller's scope already. */
export interface TileFacts {
  /** Of the tiles, by division. */
  readonly tallies: ReadonlyMap<string, DivisionTallies>;
  readonly underWay: readonly IncidentUnderWay[];
  readonly summaries: ReadonlyMap<string, IncidentSummary>;
  /** Divisions in which planned work is under way. */
  readonly maintained: readonly string[];
  readonly availability: ReadonlyMap<string, NonNullable<WallTile['availability']>>;
  /** Nodes that report here, by the division they speak for. */
  readonly links: ReadonlyMap<string, NonNullable<WallTile['link']>>;
}

/** The divisions right below one, by code; of a node without any, its own. */
export function tileDivisions(divisions: readonly DivisionBody[], above: string): DivisionBody[] {
  const levels = levelsOf(above) + 1;
  const below = divisions.filter(({ id }) => id !== above && divisionCovers(above, id) && levelsOf(id) === levels);
  const shown = below.length > 0 ? below : divisions.filter(({ id }) => id === above);
  return shown.sort((a, b) => compare(a.code ?? a.id, b.code ?? b.id));
}

/** The tile that each division belongs to; of those that belong to none it is the empty one. */
export function tileOfDivision(tiles: readonly DivisionBody[]): (division: string) => string {
  return (division) => tiles.find(({ id }) => divisionCovers(id, division))?.id ?? '';
}

/** One tile, with all that lies in its division and below. */
export function tileOf(division: DivisionBody, facts: TileFacts): WallTile {
  const within = (other: string) => divisionCovers(division.id, other);
  const objects = facts.tallies.get(division.id) ?? NO_DIVISION;
  const incidents = facts.underWay.filter((incident) => within(incident.division));
  const severe = incidents.some(({ severity }) => severity === 'critical' || severity === 'major');
  const link = facts.links.get(division.id) ?? null;
  // Of one that was never heard nothing is missing that was there.
  const silentSince = link?.state === 'silent' && link.since !== null ? Date.parse(link.since) : null;
  const { state, reason, since } = judgeTile({ ...objects, severe, silentSince });
  // They come with the most severe first, and then the longest; one that is worked on in another says less than one that is not.
  const worst = incidents.find(({ merged }) => !merged) ?? incidents[0];
  return {
    division: division.id,
    code: shortCode(division.id),
    name: division.name,
    nameEn: division.nameEn,
    state,
    reason,
    since: timestampOrNull(since),
    counts: countsOf(allOf(objects)),
    maintenance: facts.maintained.some((other) => within(other) || divisionCovers(other, division.id)),
    availability: facts.availability.get(division.id) ?? null,
    incidents: countSeverities(incidents),
    worst: (worst && facts.summaries.get(worst.id)) ?? null,
    link,
  };
}

/** The incidents that tiles show: of each tile its worst. */
export function worstOf(divisions: readonly DivisionBody[], underWay: readonly IncidentUnderWay[]): string[] {
  return divisions.flatMap(({ id }) => {
    const own = underWay.filter(({ division }) => divisionCovers(id, division));
    return (own.find(({ merged }) => !merged) ?? own[0])?.id ?? [];
  });
}

export function countSeverities(incidents: readonly IncidentUnderWay[]): WallTile['incidents'] {
  const counts = { critical: 0, major: 0, minor: 0, warning: 0 } satisfies Record<(typeof SEVERITIES)[number], number>;
  for (const { severity } of incidents) counts[severity]++;
  return counts;
}

/** The three groups of a division as one. */
export function allOf({ landing, carrying, others }: DivisionTallies): StateTallies {
  return mergeTallies(mergeTallies(landing, carrying), others);
}

export function mergeDivisions(a: DivisionTallies, b: DivisionTallies): DivisionTallies {
  return {
    landing: mergeTallies(a.landing, b.landing),
    carrying: mergeTallies(a.carrying, b.carrying),
    others: mergeTallies(a.others, b.others),
  };
}

export function countsOf({ up, degraded, down, unknown }: StateTallies): WallTile['counts'] {
  return { up: up.count, degraded: degraded.count, down: down.count, unknown: unknown.count };
}

const LONGEST_CODE = 4;

/** The last part of a division's path, where it is short enough to be written large. */
function shortCode(id: string): string | null {
  const last = id.slice(id.lastIndexOf('.') + 1);
  return last.length <= LONGEST_CODE ? last.toUpperCase() : null;
}

const levelsOf = (division: string) => (division === '' ? 0 : division.split('.').length);
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
