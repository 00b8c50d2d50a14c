import { type Objective, ObjectiveBody } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope, scopeTouches } from './conditions.ts';

/** An object of an objective, as the inventory of the period knew it last. */
export interface ObjectiveMember {
  readonly id: string;
  readonly name: string;
  readonly division: string;
  readonly party: string | null;
  readonly weight: number;
}

/** The objectives whose division the scope covers or lies in, by id, with how many objects of the scope each has today. */
export async function listObjectives(db: Queryable, scope: Scope, now: number): Promise<Objective[]> {
  const bodies = await currentObjectives(db, scope);
  return Promise.all(bodies.map(async (body) => viewOf(body, (await objectiveMembers(db, body, scope, now, now + 1)).length)));
}

/** One objective of today; undefined when unknown or none of the scope's concern. */
export async function findObjective(db: Queryable, id: string, scope: Scope): Promise<ObjectiveBody | undefined> {
  return (await currentObjectives(db, scope, id))[0];
}

/** The objects that belonged to the objective at some time in `[from, to)` and lie inside the scope, by id. */
export async function objectiveMembers(
  db: Queryable,
  objective: ObjectiveBody,
  scope: Scope,
  from: number,
  to: number,
): Promise<ObjectiveMember[]> {
  const where = new Conditions();
  where.add("i.entity = 'object' AND i.superseded_at IS NULL");
  where.add(`i.valid_from < ${where.value(to)} AND (i.valid_to IS NULL OR i.valid_to > ${where.value(from)})`);
  where.within('i.division', scope);
  where.within('i.division', [objective.division]);
  if (objective.objects !== null) where.add(`i.id = ANY (${where.value(objective.objects)}::text[])`);
  else if (objective.class !== null) where.equal('i.class', objective.class);
  const result = await db.query<{ id: string; name: string; division: string; party: string | null; weight: number }>(
    `SELECT DISTINCT ON (i.id) i.id, i.name, i.division, i.body ->> 'party' AS party, (i.body ->> 'weight')::float8 AS weight
     FROM inventory i ${where} ORDER BY i.id, i.valid_from DESC`,
    where.values,
  );
  return result.rows;
}

async function currentObjectives(db: Queryable, scope: Scope, id?: string): Promise<ObjectiveBody[]> {
  const where = new Conditions();
  where.add("i.entity = 'objective' AND i.superseded_at IS NULL AND i.valid_to IS NULL");
  where.equal('i.id', id);
  const result = await db.query<{ body: unknown }>(`SELECT i.body FROM inventory i ${where} ORDER BY i.id`, where.values);
  return result.rows.map((row) => ObjectiveBody.parse(row.body)).filter((body) => scopeTouches(scope, body.division));
}

function viewOf(body: ObjectiveBody, members: number): Objective {
  return {
    id: body.id,
    name: body.name,
    nameEn: body.nameEn,
    class: body.class,
    division: body.division,
    target: body.target,
    aggregate: body.aggregate,
    period: body.period,
    calendar: body.calendar,
    timeZone: body.timeZone,
    members,
  };
}

/** Names of divisions and parties, for the groups of a report. */
export async function entityNames(db: Queryable, entity: 'division' | 'party'): Promise<Map<string, string>> {
  const result = await db.query<{ id: string; name: string }>(
    'SELECT id, name FROM inventory WHERE entity = $1 AND superseded_at IS NULL AND valid_to IS NULL',
    [entity],
  );
  return new Map(result.rows.map((row) => [row.id, row.name]));
}
