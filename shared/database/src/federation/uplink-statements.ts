/** Planned work and restatements of the past, as far as they concern the scope of the node above. */
import type { MaintenancePayload, ReclassificationPayload } from '@beacontower/contracts';
import { divisionCovers } from '@beacontower/domain';
import type { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { readDivisionsOf } from './read-for-uplink.ts';

type Maintenance = z.infer<typeof MaintenancePayload>;
type Reclassification = z.infer<typeof ReclassificationPayload>;
/** As rows are read: `node` is null of this node's own. */
type Row<T> = Omit<T, 'node'> & { readonly node: string | null };
interface Covering {
  readonly objects: readonly string[];
  readonly divisions: readonly string[];
}

const MAINTENANCE = `SELECT id, node, title, objects, divisions, starts_at AS "startsAt", ends_at AS "endsAt", created_at AS "createdAt", created_by AS "createdBy",
  approved_at AS "approvedAt", approved_by AS "approvedBy", cancelled_at AS "cancelledAt", cancelled_by AS "cancelledBy" FROM maintenance`;
const RECLASSIFICATION = `SELECT id, node, effect, objects, divisions, starts_at AS "startsAt", ends_at AS "endsAt", party, reason, recorded_at AS "recordedAt",
  recorded_by AS "recordedBy", withdrawn_at AS "withdrawnAt", withdrawn_by AS "withdrawnBy", withdrawn_reason AS "withdrawnReason" FROM reclassifications`;

/** Planned works by their ids; those that are none of the scope's concern are absent. */
export async function readMaintenanceTold(db: Queryable, ids: readonly string[], division: string): Promise<Maintenance[]> {
  const { rows } = await db.query<Row<Maintenance>>(`${MAINTENANCE} WHERE id = ANY ($1::uuid[]) ORDER BY id`, [ids]);
  const told = await narrow(db, rows, division);
  return told.map((row) => stated({ ...row, title: row.title.slice(0, 500) }));
}

/** Restatements by their ids; those that are none of the scope's concern are absent. */
export async function readReclassificationsTold(db: Queryable, ids: readonly string[], division: string): Promise<Reclassification[]> {
  const { rows } = await db.query<Row<Reclassification>>(`${RECLASSIFICATION} WHERE id = ANY ($1::uuid[]) ORDER BY id`, [ids]);
  return (await narrow(db, rows, division)).map(stated);
}

// What a node below states holds for its objects alone, here and above: passed on, it stays that node's.
const stated = <T extends { readonly node: string | null }>({ node, ...row }: T) => (node === null ? row : { ...row, node });

/** Ids after one, in their order. */
export async function readStatementIds(
  db: Queryable,
  table: 'maintenance' | 'reclassifications',
  after: string,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(`SELECT id::text AS id FROM ${table} WHERE id > $1::uuid ORDER BY id LIMIT $2`, [
    after,
    limit,
  ]);
  return rows.map(({ id }) => id);
}

const OBJECTS = 10_000;

// What covers more than the scope covers all of the scope.
async function narrow<T extends Covering>(db: Queryable, rows: readonly T[], division: string): Promise<T[]> {
  const known = await readDivisionsOf(db, [...new Set(rows.flatMap(({ objects }) => objects))]);
  return rows.flatMap((row) => {
    const objects = row.objects.filter((id) => covers(division, known.get(id))).slice(0, OBJECTS);
    const isWider = row.divisions.some((each) => divisionCovers(each, division));
    const divisions = isWider ? [division] : row.divisions.filter((each) => divisionCovers(division, each));
    return objects.length === 0 && divisions.length === 0 ? [] : [{ ...row, objects, divisions }];
  });
}

const covers = (scope: string, division: string | undefined): boolean => division !== undefined && divisionCovers(scope, division);
