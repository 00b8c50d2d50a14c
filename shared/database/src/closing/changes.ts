import { type FigureChanges, MOST_CHANGES_NAMED, type ObjectiveBody } from '@beacontower/contracts';
import { ACCOUNT_COLUMNS } from '../accounting/index.ts';
import type { Queryable } from '../pool.ts';
import { RECLASSIFICATION_COLUMNS } from '../reclassifications/index.ts';
import { accountOf } from './columns.ts';

export interface ChangesQuery {
  /** The version that is being made, its members written. */
  readonly figure: string;
  readonly previous: { readonly id: string; readonly knownUntil: number };
  readonly from: number;
  readonly to: number;
  readonly objective: Pick<ObjectiveBody, 'division'>;
}

/** What differs from the version before, and what was recorded since (in the same millisecond, too) that it may follow from. */
export async function changesSince(db: Queryable, query: ChangesQuery): Promise<FigureChanges> {
  const members = await changedMembers(db, query);
  const objects = [...new Set(members.map(({ object }) => object))];
  return {
    members: named(members),
    transitions: await changedTransitions(db, query, objects),
    plannedWork: await changedPlannedWork(db, query, objects),
    reclassifications: await changedReclassifications(db, query, objects),
    charges: await changedCharges(db, query, objects),
  };
}

function named<T>(items: readonly T[]): { count: number; items: T[] } {
  return { count: items.length, items: items.slice(0, MOST_CHANGES_NAMED) };
}

async function changedMembers(db: Queryable, { figure, previous }: ChangesQuery): Promise<FigureChanges['members']['items']> {
  const columns = ACCOUNT_COLUMNS.map(([column]) => column);
  const side = (name: string) => columns.map((column) => `${name}.${column} AS ${name}_${column}`).join(', ');
  const tuple = (name: string) => `(${columns.map((column) => `${name}.${column}`).join(', ')})`;
  const result = await db.query<{ object: string; basis: 'experienced' | 'responsible' }>(
    `SELECT coalesce(a.object_id, b.object_id) AS object, coalesce(a.basis, b.basis) AS basis, ${side('b')}, ${side('a')}
     FROM (SELECT * FROM closed_figure_members WHERE figure = $1) AS a
     FULL JOIN (SELECT * FROM closed_figure_members WHERE figure = $2) AS b ON b.object_id = a.object_id AND b.basis = a.basis
     WHERE ${tuple('a')} IS DISTINCT FROM ${tuple('b')} ORDER BY 1, 2`,
    [figure, previous.id],
  );
  return result.rows.map((row) => ({
    object: row.object,
    basis: row.basis,
    before: accountOf(row, 'b_'),
    after: accountOf(row, 'a_'),
  }));
}

type Counted = { total: number };

async function changedTransitions(db: Queryable, query: ChangesQuery, objects: readonly string[]): Promise<FigureChanges['transitions']> {
  const { previous, from, to } = query;
  const result = await db.query<FigureChanges['transitions']['items'][number] & Counted>(
    `SELECT id, subject AS object, from_state AS "from", to_state AS "to", at, recorded_at AS "recordedAt", superseded_at AS "supersededAt",
       count(*) OVER () AS total
     FROM transitions WHERE subject = ANY ($1) AND subject_kind = 'object' AND latest >= $2 AND earliest < $3
       AND (recorded_at >= $4 OR superseded_at >= $4)
     ORDER BY subject, at, id LIMIT ${MOST_CHANGES_NAMED}`,
    [objects, from, to, previous.knownUntil],
  );
  return untotalled(result.rows);
}

// Those of members whose account differs, by name, by their device or by their division: of the whole record, the others explain nothing here.
const CONCERNS = `(objects && $4 OR EXISTS (SELECT 1 FROM closed_figure_members m, unnest(divisions) AS d (path)
  WHERE m.figure IN ($5, $6) AND m.object_id = ANY ($4) AND (d.path = '' OR m.division = d.path OR starts_with(m.division, d.path || '.'))))`;

const concerned = ({ figure, previous, from, to }: ChangesQuery, objects: readonly string[]): unknown[] => [
  from,
  to,
  previous.knownUntil,
  objects.flatMap((id) => [id, id.split('/')[0] ?? id]),
  figure,
  previous.id,
];

async function changedPlannedWork(db: Queryable, query: ChangesQuery, objects: readonly string[]): Promise<FigureChanges['plannedWork']> {
  const result = await db.query<FigureChanges['plannedWork']['items'][number] & Counted>(
    `SELECT id, title, node, starts_at AS "startsAt", ends_at AS "endsAt", approved_at AS "approvedAt", approved_by AS "approvedBy",
       cancelled_at AS "cancelledAt", cancelled_by AS "cancelledBy", received_at AS "receivedAt", count(*) OVER () AS total FROM maintenance
     WHERE starts_at < $2 AND ends_at > $1 AND (approved_at >= $3 OR cancelled_at >= $3 OR received_at >= $3) AND ${CONCERNS}
     ORDER BY starts_at, id LIMIT ${MOST_CHANGES_NAMED}`,
    concerned(query, objects),
  );
  return untotalled(result.rows);
}

async function changedReclassifications(
  db: Queryable,
  query: ChangesQuery,
  objects: readonly string[],
): Promise<FigureChanges['reclassifications']> {
  const result = await db.query<FigureChanges['reclassifications']['items'][number] & Counted>(
    `SELECT ${RECLASSIFICATION_COLUMNS}, count(*) OVER () AS total FROM reclassifications
     WHERE starts_at < $2 AND ends_at > $1 AND (recorded_at >= $3 OR withdrawn_at >= $3 OR received_at >= $3) AND ${CONCERNS}
     ORDER BY recorded_at, id LIMIT ${MOST_CHANGES_NAMED}`,
    concerned(query, objects),
  );
  return untotalled(result.rows);
}

async function changedCharges(db: Queryable, query: ChangesQuery, objects: readonly string[]): Promise<FigureChanges['charges']> {
  const { previous, from, to } = query;
  const result = await db.query<FigureChanges['charges']['items'][number] & Counted>(
    `SELECT n.id AS incident, n.number, n.cause_object AS cause, coalesce(n.charged_party, n.party) AS party, e.at, e.kind, e.actor,
       count(*) OVER () AS total
     FROM incidents n JOIN incident_events e ON e.incident_id = n.id
     WHERE (e.at >= $4 OR e.received_at >= $4) AND n.started_earliest < $3 AND coalesce(n.resolved_at, n.closed_at, $3) >= $2
       AND EXISTS (SELECT 1 FROM incident_members m WHERE m.incident_id = n.id AND m.object_id = ANY ($1))
     ORDER BY e.id LIMIT ${MOST_CHANGES_NAMED}`,
    [objects, from, to, previous.knownUntil],
  );
  return untotalled(result.rows);
}

/** Rows that each tell how many there are, as a list that tells it once. */
function untotalled<T>(rows: readonly (T & Counted)[]): { count: number; items: T[] } {
  return { count: rows[0]?.total ?? 0, items: rows.map(({ total: _, ...item }) => item as T) };
}
