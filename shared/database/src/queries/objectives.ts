import { type Objective, ObjectiveBody, type Page } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { calendarsKnownUntil } from './calendars.ts';
import { Conditions, type Scope, scopeTouches } from './conditions.ts';
import { decodeCursor, TextKey, toPage } from './cursor.ts';

/** An object of an objective, as the inventory of the period knew it last. */
export interface ObjectiveMember {
  readonly id: string;
  readonly name: string;
  readonly division: string;
  readonly party: string | null;
  readonly weight: number;
  /** The longest outage that all of its checks can have missed, ms; 0 without checks. */
  readonly resolutionMs: number;
}

// What leans on others: an interface, the end of a circuit, is looked at when its device's agent is; a composite when its members are.
const LEANING = `coalesce((SELECT max(d.resolution_ms) FROM inventory d WHERE d.entity = 'object' AND d.superseded_at IS NULL AND d.valid_to IS NULL
    AND d.id IN (SELECT jsonb_array_elements_text(l.body -> 'combines' -> 'of'))), 0),
  coalesce((SELECT max(policy_resolution(a -> 'policy'))
    FROM jsonb_array_elements(l.body -> 'checks') AS c JOIN inventory d ON d.id = c ->> 'device', jsonb_array_elements(d.body -> 'checks') AS a
    WHERE d.entity = 'object' AND d.superseded_at IS NULL AND d.valid_to IS NULL AND a ->> 'kind' = 'snmp'), 0)`;
// The body is read of those alone that lean: all else of a member lies in the index inventory_members, which is a tenth of the table.
const RESOLUTION = `coalesce(CASE WHEN i.leans THEN (SELECT greatest(${LEANING}, l.resolution_ms) FROM inventory l WHERE l.row_id = i.row_id)
  ELSE i.resolution_ms END, 0)`;

/** The objectives whose division the scope covers or lies in, by id, with how many objects of the scope each has today. */
export async function listObjectives(
  db: Queryable,
  query: { limit: number; cursor?: string | undefined },
  scope: Scope,
  now: number,
): Promise<Page<Objective>> {
  const after = decodeCursor('objectives', TextKey, query.cursor);
  const bodies = (await currentObjectives(db, scope)).filter((body) => after === undefined || body.id > after[0]);
  const { items, nextCursor } = toPage(
    bodies.sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, query.limit + 1),
    query.limit,
    'objectives',
    (body) => [body.id],
    (body) => body,
  );
  const known = await calendarsKnownUntil(db);
  const counted = items.map(async (body) =>
    viewOf(body, (await objectiveMembers(db, body, scope, now, now + 1)).length, known.get(body.calendar) ?? null),
  );
  return { items: await Promise.all(counted), nextCursor };
}

/** One objective of today; undefined when unknown or none of the scope's concern. */
export async function findObjective(db: Queryable, id: string, scope: Scope): Promise<ObjectiveBody | undefined> {
  return (await currentObjectives(db, scope, id))[0];
}

/**
 * The objects that belonged to the objective at some time in `[from, to)` and lie inside the scope, by id. Interfaces that were discovered
 * belong to none that does not name them: nobody decided that their figures count.
 */
export async function objectiveMembers(
  db: Queryable,
  objective: ObjectiveBody,
  scope: Scope,
  from: number,
  to: number,
): Promise<ObjectiveMember[]> {
  const where = memberConditions(objective, scope, from, to);
  const result = await db.query<{ [K in keyof ObjectiveMember]: ObjectiveMember[K] }>(memberSelect(where), where.values);
  return result.rows;
}

/** SELECT of the fields of `ObjectiveMember`, one row an object: as its last version `i` that meets the conditions has it. */
export function memberSelect(where: Conditions, more = ''): string {
  return `SELECT DISTINCT ON (i.id) i.id, i.name, i.division, i.party, coalesce(i.weight, 1) AS weight, ${RESOLUTION} AS "resolutionMs"${more}
    FROM inventory i ${where} ORDER BY i.id, i.valid_from DESC`;
}

/** Which versions `i` of the inventory make an object a member in `[from, to)`: every criterion that is given must be met. */
export function memberConditions(objective: ObjectiveBody, scope: Scope, from: number, to: number): Conditions {
  const where = new Conditions();
  where.add("i.entity = 'object' AND i.superseded_at IS NULL");
  where.add(`i.valid_from < ${where.value(to)} AND (i.valid_to IS NULL OR i.valid_to > ${where.value(from)})`);
  where.within('i.division', scope);
  where.within('i.division', [objective.division]);
  const { kinds = null, divisions = null, parties = null, attributes = null } = objective.where ?? {};
  if (objective.objects !== null) where.add(`i.id = ANY (${where.value(objective.objects)}::text[])`);
  else if (kinds === null || !kinds.includes('interface')) where.add("i.kind <> 'interface'");
  if (objective.class !== null) where.equal('i.class', objective.class);
  if (kinds !== null) where.add(`i.kind = ANY (${where.value(kinds)}::text[])`);
  if (divisions !== null) where.within('i.division', divisions);
  if (parties !== null) where.add(`i.party = ANY (${where.value(parties)}::text[])`);
  if (attributes !== null) where.add(`i.body -> 'attributes' @> ${where.value(JSON.stringify(attributes))}::jsonb`);
  return where;
}

async function currentObjectives(db: Queryable, scope: Scope, id?: string): Promise<ObjectiveBody[]> {
  const where = new Conditions();
  where.add("i.entity = 'objective' AND i.superseded_at IS NULL AND i.valid_to IS NULL");
  where.equal('i.id', id);
  const result = await db.query<{ body: unknown }>(`SELECT i.body FROM inventory i ${where} ORDER BY i.id`, where.values);
  return result.rows.map((row) => ObjectiveBody.parse(row.body)).filter((body) => scopeTouches(scope, body.division));
}

/** An objective as it is shown; who its objects are is in its figures, by what the caller may see. */
function viewOf(body: ObjectiveBody, members: number, calendarKnownUntil: string | null): Objective {
  const { objects: _, ...shown } = body;
  return { ...shown, members, calendarKnownUntil };
}

/** Names of divisions and parties, for the groups of a report. */
export async function entityNames(db: Queryable, entity: 'division' | 'object' | 'party'): Promise<Map<string, string>> {
  const result = await db.query<{ id: string; name: string }>(
    'SELECT id, name FROM inventory WHERE entity = $1 AND superseded_at IS NULL AND valid_to IS NULL',
    [entity],
  );
  return new Map(result.rows.map((row) => [row.id, row.name]));
}
