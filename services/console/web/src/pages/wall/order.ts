import type { IncidentSummary, Wall } from '@beacontower/contracts';

const SEVERITY_RANK = { critical: 0, major: 1, minor: 2, warning: 3 } as const;

/** What wants a hand first: the most severe; of those what nobody here has (an offer not yet accepted is no owner, what another tier works on wants none); of those the longest. */
export function byUrgency(a: IncidentSummary, b: IncidentSummary): number {
  return (
    SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] ||
    Number(wantsNobody(a)) - Number(wantsNobody(b)) ||
    a.startedAt.localeCompare(b.startedAt) ||
    a.number - b.number
  );
}

const wantsNobody = ({ owner, taken }: IncidentSummary): boolean => owner !== null || !taken;

/** The one sentence of the wall. */
export type Headline =
  | { readonly kind: 'incident'; readonly incident: IncidentSummary; readonly others: number }
  | { readonly kind: 'trouble'; readonly down: number; readonly degraded: number; readonly unknown: number }
  | { readonly kind: 'unknown'; readonly unknown: number }
  | { readonly kind: 'quiet' };

/** What is wrong, in the order in which one must know it. "All well" is said only when it is known of every tile. */
export function headlineOf(wall: Pick<Wall, 'tiles' | 'incidents'>): Headline {
  const [incident] = wall.incidents.first.toSorted(byUrgency);
  const open = Object.values(wall.incidents.bySeverity).reduce((sum, one) => sum + one, 0);
  if (incident !== undefined) return { kind: 'incident', incident, others: Math.max(0, open - 1) };
  const { down, degraded, unknown } = countTiles(wall.tiles);
  if (down + degraded > 0) return { kind: 'trouble', down, degraded, unknown };
  return unknown > 0 || wall.tiles.length === 0 ? { kind: 'unknown', unknown } : { kind: 'quiet' };
}

/** How many tiles are in each state. */
export function countTiles(tiles: Wall['tiles']): Wall['counts'] {
  const counts = { up: 0, degraded: 0, down: 0, unknown: 0 };
  for (const { state } of tiles) counts[state] += 1;
  return counts;
}

/** Circuits: those in trouble first, then the fullest; of equals by name, so that they do not jump about. */
export function orderCircuits(circuits: Wall['circuits']): Wall['circuits'] {
  const rank = { down: 0, degraded: 1, unknown: 2, up: 3 } as const;
  return circuits.toSorted(
    (a, b) => rank[a.state] - rank[b.state] || utilisation(b) - utilisation(a) || a.name.localeCompare(b.name, 'zh'),
  );
}

/** Of the fuller direction; −1: not known. Told in steps of 5 %, for a list must not dance. */
function utilisation({ traffic }: Wall['circuits'][number]): number {
  const fuller = Math.max(traffic?.inUtilisation ?? -1, traffic?.outUtilisation ?? -1);
  return fuller < 0 ? -1 : Math.floor(fuller * 20);
}

/** Counters are read every minute or so; what is older says nothing of now. */
const TRAFFIC_MS = 600_000;

/** The traffic of a circuit as far as it is of now: at `at`, when the wall was made. */
export function trafficNow({ traffic }: Wall['circuits'][number], at: string): Wall['circuits'][number]['traffic'] {
  return traffic !== null && Date.parse(at) - Date.parse(traffic.at) <= TRAFFIC_MS ? traffic : null;
}
