import {
  type Maintenance,
  type MaintenanceQuery,
  type NewMaintenance,
  type Page,
  timestamp,
  timestampOrNull,
} from '@beacontower/contracts';
import { divisionCovers, objectsCover } from '@beacontower/domain';
import { forgetCovered } from '../accounting/forget.ts';
import { appendLog, statementEntry } from '../log.ts';
import type { Database, Queryable } from '../pool.ts';
import { Conditions, type Scope, scopeCovers } from './conditions.ts';
import { decodeCursor, TimeAndIdKey, toPage } from './cursor.ts';

/** What planned work covers. */
export interface MaintenanceCover {
  readonly objects: readonly string[];
  readonly divisions: readonly string[];
}

interface Row {
  id: string;
  title: string;
  objects: string[];
  divisions: string[];
  starts_at: number;
  ends_at: number;
  created_at: number;
  created_by: string;
  approved_at: number | null;
  approved_by: string | null;
  cancelled_at: number | null;
  cancelled_by: string | null;
  node: string | null;
  revision: number;
}

/** Planned work that is approved and under way. */
export async function activeMaintenance(db: Queryable, now: number): Promise<MaintenanceCover[]> {
  const result = await db.query<{ objects: string[]; divisions: string[] }>(
    'SELECT objects, divisions FROM maintenance WHERE approved_at <= $1 AND cancelled_at IS NULL AND starts_at <= $1 AND ends_at > $1',
    [now],
  );
  return result.rows;
}

/** Whether any of the planned work covers the object. */
export function underMaintenance(covers: readonly MaintenanceCover[], object: string, division: string): boolean {
  return covers.some(
    (cover) => objectsCover(cover.objects, object) || cover.divisions.some((covered) => divisionCovers(covered, division)),
  );
}

/** Planned work that concerns the scope, the latest start first. */
export async function listMaintenance(db: Queryable, query: MaintenanceQuery, scope: Scope, now: number): Promise<Page<Maintenance>> {
  const after = decodeCursor('maintenance', TimeAndIdKey, query.cursor);
  const where = new Conditions();
  where.concerning(scope);
  if (query.active !== undefined) {
    const at = where.value(now);
    const active = `(p.cancelled_at IS NULL AND p.approved_at <= ${at} AND p.starts_at <= ${at} AND p.ends_at > ${at})`;
    where.add(`${active} IS ${query.active === 'true' ? '' : 'NOT '}TRUE`);
  }
  if (query.object !== undefined) where.add(covers(where, query.object, scope));
  if (after) where.add(`(p.starts_at, p.id) < (${where.value(after[0])}, ${where.value(after[1])}::uuid)`);
  const limit = where.value(query.limit + 1);
  const result = await db.query<Row>(
    `SELECT p.* FROM maintenance p ${where} ORDER BY p.starts_at DESC, p.id DESC LIMIT ${limit}`,
    where.values,
  );
  const inScope = await visibleObjects(db, result.rows, scope);
  return toPage(
    result.rows,
    query.limit,
    'maintenance',
    (row) => [row.starts_at, row.id],
    (row) => viewOf(row, inScope),
  );
}

// `underMaintenance` as a condition on the row `p`; of an object outside the scope nothing is said.
function covers(where: Conditions, object: string, scope: Scope): string {
  const id = where.value(object);
  return `EXISTS (SELECT FROM inventory i WHERE i.entity = 'object' AND i.id = ${id} AND i.superseded_at IS NULL AND i.valid_to IS NULL
    AND ${where.coverage('i.division', scope)}
    AND (p.objects && ARRAY[i.id, split_part(i.id, '/', 1)]
      OR EXISTS (SELECT FROM unnest(p.divisions) AS d (path) WHERE d.path IN ('', i.division) OR starts_with(i.division, d.path || '.'))))`;
}

/** One planned work; undefined when unknown or none of the scope's concern. `whole` says that the scope covers all of it. */
export async function findMaintenance(
  db: Queryable,
  id: string,
  scope: Scope,
): Promise<{ view: Maintenance; whole: boolean; startsAt: number; endsAt: number } | undefined> {
  const where = new Conditions();
  where.equal('p.id', id);
  where.concerning(scope);
  const result = await db.query<Row>(`SELECT p.* FROM maintenance p ${where}`, where.values);
  const row = result.rows[0];
  if (!row) return undefined;
  const view = viewOf(row, await visibleObjects(db, [row], scope));
  const whole = view.objects.length === row.objects.length && row.divisions.every((division) => scopeCovers(scope, division));
  return { view, whole, startsAt: row.starts_at, endsAt: row.ends_at };
}

/** Writes planned work; the same id again changes nothing, so that a repeated request is harmless. */
export function insertMaintenance(db: Database, id: string, plan: NewMaintenance, actor: string, now: number): Promise<void> {
  return db.transaction(async (tx) => {
    const { rowCount } = await tx.query(
      `INSERT INTO maintenance (id, title, objects, divisions, starts_at, ends_at, created_at, created_by)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
      [id, plan.title, plan.objects, plan.divisions, plan.startsAt, plan.endsAt, now, actor],
    );
    if (rowCount === 1) await appendLog(tx, [statementEntry('maintenance', id, now)], now);
  });
}

/** Approves or cancels planned work of this node if it still has the revision (null: whatever it has). Returns whether it did. */
export function markMaintenance(
  db: Database,
  id: string,
  mark: 'approved' | 'cancelled',
  revision: number | null,
  actor: string,
  now: number,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const result = await tx.query<MaintenanceCover & { starts: number; ends: number; [column: string]: unknown }>(
      `UPDATE maintenance SET ${mark}_at = $3, ${mark}_by = $4, revision = revision + 1
       WHERE id = $1 AND node IS NULL AND ($2::int IS NULL OR revision = $2) AND cancelled_at IS NULL AND ${mark}_at IS NULL
       RETURNING objects, divisions, starts_at AS starts, ends_at AS ends`,
      [id, revision, now, actor],
    );
    const [row] = result.rows;
    if (row === undefined) return false;
    // What is over by now stays as it was: approval counts before the beginning only, a cancellation from its moment on.
    const from = Math.max(row.starts, mark === 'cancelled' ? now : row.starts);
    if (from < row.ends) await forgetCovered(tx, row, from, row.ends);
    await appendLog(tx, [statementEntry('maintenance', id, now)], now);
    return true;
  });
}

/** The objects named by rows that the scope covers, past ones too; all when the scope is everything. */
export async function visibleObjects(db: Queryable, rows: readonly MaintenanceCover[], scope: Scope): Promise<ReadonlySet<string>> {
  const ids = [...new Set(rows.flatMap((row) => row.objects))];
  if (scope.includes('') || ids.length === 0) return new Set(ids);
  const where = new Conditions();
  where.add("i.entity = 'object' AND i.superseded_at IS NULL");
  where.add(`i.id = ANY (${where.value(ids)}::text[])`);
  where.within('i.division', scope);
  const result = await db.query<{ id: string }>(`SELECT DISTINCT i.id FROM inventory i ${where}`, where.values);
  return new Set(result.rows.map((row) => row.id));
}

function viewOf(row: Row, inScope: ReadonlySet<string>): Maintenance {
  return {
    id: row.id,
    title: row.title,
    objects: row.objects.filter((object) => inScope.has(object)),
    divisions: row.divisions,
    startsAt: timestamp(row.starts_at),
    endsAt: timestamp(row.ends_at),
    createdAt: timestamp(row.created_at),
    createdBy: row.created_by,
    approvedAt: timestampOrNull(row.approved_at),
    approvedBy: row.approved_by,
    cancelledAt: timestampOrNull(row.cancelled_at),
    cancelledBy: row.cancelled_by,
    node: row.node,
    excludedFromAvailability: row.approved_at !== null && row.approved_at <= row.starts_at,
    revision: row.revision,
  };
}
