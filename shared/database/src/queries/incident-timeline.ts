/** The timeline of an incident, as far as the scope goes. */
import { type IncidentDetail, timestamp } from '@beacontower/contracts';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import type { Scope } from './conditions.ts';
import { visibleObjects } from './maintenance.ts';
import { visibleIncidents } from './timeline.ts';

type Detail = Record<string, unknown>;

/** What of a line names something that may lie elsewhere. `into`: an incident by its number, or that which was split off, by its id. */
const Names = z.object({
  object: z.string().optional().catch(undefined),
  objects: z.array(z.string()).catch([]),
  incident: z.uuid().optional().catch(undefined),
  into: z.uuid().optional().catch(undefined),
});
type Names = z.infer<typeof Names>;

/** The lines, oldest first. What happened is told to everybody who may see the incident; objects and other incidents are named only inside the scope. */
export async function readTimeline(db: Queryable, incident: string, scope: Scope): Promise<IncidentDetail['timeline']> {
  const result = await db.query<{ at: number; kind: string; actor: string; detail: Detail; node: string | null }>(
    'SELECT at, kind, actor, detail, node FROM incident_events WHERE incident_id = $1 ORDER BY id',
    [incident],
  );
  const lines = inOrder(result.rows).map((row) => ({ row, names: Names.parse(row.detail) }));
  const objects = await visibleObjects(
    db,
    lines.map(({ names }) => ({ objects: objectsOf(names), divisions: [] })),
    scope,
  );
  const incidents = await visibleIncidents(db, [...new Set(lines.flatMap(({ names }) => incidentsOf(names)))], scope);
  return lines.map(({ row, names }) => {
    const known = withoutStrangers(row.detail, names, objects, incidents);
    return { ...row, at: timestamp(row.at), detail: withTimes(known) };
  });
}

// Lines of other tiers come when they come; those of one alone are in the order in which they were written.
function inOrder<T extends { readonly at: number; readonly node: string | null }>(rows: readonly T[]): readonly T[] {
  return rows.some(({ node }) => node !== null) ? rows.toSorted((a, b) => a.at - b.at) : rows;
}

const given = (name: string | undefined): string[] => (name === undefined ? [] : [name]);
const objectsOf = ({ object, objects }: Names): string[] => [...given(object), ...objects];
const incidentsOf = ({ incident, into }: Names): string[] => [...given(incident), ...given(into)];

function withoutStrangers(detail: Detail, names: Names, objects: ReadonlySet<string>, incidents: ReadonlySet<string>): Detail {
  const known = { ...detail };
  if (names.object !== undefined && !objects.has(names.object)) delete known.object;
  if (Array.isArray(detail.objects)) known.objects = names.objects.filter((object) => objects.has(object));
  if (incidentsOf(names).some((other) => !incidents.has(other))) for (const key of ['incident', 'into', 'number']) delete known[key];
  return known;
}

const EdgeDetail = z.object({ at: z.number(), earliest: z.number(), latest: z.number() });

// The record keeps an edge in epoch ms; an answer has all its times in RFC 3339.
function withTimes(detail: Detail): Detail {
  const edge = EdgeDetail.safeParse(detail.edge).data;
  if (!edge) return detail;
  return { ...detail, edge: { at: timestamp(edge.at), earliest: timestamp(edge.earliest), latest: timestamp(edge.latest) } };
}
