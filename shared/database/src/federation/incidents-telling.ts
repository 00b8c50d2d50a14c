/** What the node above is told of incidents: as they stand, with what is new of their timelines and of who is in them. */
import type { IncidentLine, IncidentMember, IncidentPayload } from '@beacontower/contracts';
import { divisionCovers } from '@beacontower/domain';
import { readAffected } from '../incidents/incidents.ts';
import type { Queryable } from '../pool.ts';
import { type IncidentView, readIncidentViews, takeUntoldLines } from './incidents-view.ts';
import { readDivisionsOf } from './read-for-uplink.ts';

/** Objects that are named of each incident, beside those that came or went. */
const FIRST = 20;
const MEMBERS_A_LINE = 1_000;
const LINES_A_LINE = 1_000;
/** A line of the log has 512 KiB at most, and more in it than these. */
const BYTES_A_LINE = 200_000;

/** Whose incidents are told, and for which divisions. */
export interface TellingScope {
  readonly node: string;
  readonly division: string;
}

/**
 * What is to be said of these incidents, in the order given; nothing of those outside the scope. Call it in the transaction in which the lines
 * are made: what is handed back counts as told.
 */
export async function tellIncidents(tx: Queryable, scope: TellingScope, ids: readonly string[]): Promise<IncidentPayload[]> {
  const views = await readIncidentViews(tx, scope.node, [...new Set(ids)], 'up');
  const told = [...new Set(ids)].flatMap((id) => {
    const view = views.get(id);
    return view !== undefined && view.tiers.length > 0 && divisionCovers(scope.division, view.division) ? [view] : [];
  });
  if (told.length === 0) return [];
  const wanted = told.map(({ id }) => id);
  const lines = await takeUntoldLines(tx, scope.node, wanted);
  const members = await takeUntoldMembers(tx, scope, wanted);
  const affected = await readAffected(tx, wanted, FIRST);
  const named = await readDivisionsOf(tx, [...new Set([...affected.values()].flatMap(({ objects }) => objects))]);
  return told.flatMap((view) => {
    const { total = 0, objects = [] } = affected.get(view.id) ?? {};
    const first = objects.filter((object) => divisionCovers(scope.division, named.get(object) ?? ''));
    return payloadsOf(view, { total, first }, lines.get(view.id) ?? [], members.get(view.id) ?? []);
  });
}

function payloadsOf(
  { facts, tiers, escalated }: IncidentView,
  members: { readonly total: number; readonly first: string[] },
  lines: readonly IncidentLine[],
  changes: readonly IncidentMember[],
): IncidentPayload[] {
  const parts = partsOf(lines, LINES_A_LINE);
  const changed = partsOf(changes, MEMBERS_A_LINE);
  return Array.from({ length: Math.max(1, parts.length, changed.length) }, (_, part) => ({
    incident: { ...facts, members: { ...members, changes: changed[part] ?? [] } },
    tiers: tiers.slice(0, 8),
    escalated,
    lines: parts[part] ?? [],
  }));
}

function partsOf<T>(items: readonly T[], most: number): T[][] {
  const parts: T[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item));
    const last = parts.at(-1);
    if (last === undefined || last.length === most || bytes + size > BYTES_A_LINE) {
      parts.push([item]);
      bytes = size;
    } else {
      last.push(item);
      bytes += size;
    }
  }
  return parts;
}

// A row that somebody is just changing is passed over: whoever changes it writes a row of the log, and it is told with that.
async function takeUntoldMembers(
  tx: Queryable,
  { division }: TellingScope,
  ids: readonly string[],
): Promise<Map<string, IncidentMember[]>> {
  const { rows } = await tx.query<IncidentMember & { incident: string; [column: string]: unknown }>(
    `WITH untold AS (
       SELECT m.incident_id, m.object_id, m.joined_at FROM incident_members m JOIN incidents n ON n.id = m.incident_id
       WHERE m.incident_id = ANY ($1::uuid[]) AND m.told IS DISTINCT FROM coalesce(m.left_at, 0)
         AND (n.home IS NULL OR EXISTS (SELECT FROM federation_nodes f WHERE f.node = n.home))
       FOR NO KEY UPDATE OF m SKIP LOCKED)
     UPDATE incident_members m SET told = coalesce(m.left_at, 0) FROM untold u
     WHERE m.incident_id = u.incident_id AND m.object_id = u.object_id AND m.joined_at = u.joined_at
     RETURNING m.incident_id AS incident, m.object_id AS object, m.role, m.joined_at AS "joinedAt", m.left_at AS "leftAt"`,
    [ids],
  );
  const divisions = await readDivisionsOf(tx, [...new Set(rows.map(({ object }) => object))]);
  const members = new Map<string, IncidentMember[]>();
  for (const { incident, ...member } of rows) {
    if (!divisionCovers(division, divisions.get(member.object) ?? '')) continue;
    const known = members.get(incident);
    if (known === undefined) members.set(incident, [member]);
    else known.push(member);
  }
  return members;
}

/** Incidents numbered after `after`, the oldest first: what was there before this node first reported is told so, piece by piece. */
export async function readIncidentsNumbered(
  db: Queryable,
  after: number,
  limit: number,
): Promise<{ readonly ids: readonly string[]; readonly last: number; readonly isWhole: boolean }> {
  const { rows } = await db.query<{ id: string; number: number }>(
    'SELECT id, number FROM incidents WHERE number > $1 ORDER BY number LIMIT $2',
    [after, limit],
  );
  return { ids: rows.map(({ id }) => id), last: rows.at(-1)?.number ?? after, isWhole: rows.length < limit };
}

/** Nothing counts as told any more: this node reports to another, or begins anew. What is told twice is taken in once. */
export async function forgetToldIncidents(tx: Queryable): Promise<void> {
  await tx.query('UPDATE incident_events SET told = false WHERE told');
  await tx.query('UPDATE incident_members SET told = NULL WHERE told IS NOT NULL');
}
