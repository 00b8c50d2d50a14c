import { type Page, type ReclassificationQuery, type ReclassificationView, timestamp, timestampOrNull } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope, scopeCovers } from '../queries/conditions.ts';
import { decodeCursor, TimeAndIdKey, toPage } from '../queries/cursor.ts';
import { visibleObjects } from '../queries/maintenance.ts';
import { RECLASSIFICATION_COLUMNS, type Reclassification, type ReclassificationRow } from './reclassifications.ts';

const SELECT = `SELECT ${RECLASSIFICATION_COLUMNS} FROM reclassifications p`;

/** Those that concern the scope, withdrawn ones too, the latest start first. */
export async function listReclassifications(
  db: Queryable,
  query: ReclassificationQuery,
  scope: Scope,
): Promise<Page<ReclassificationView>> {
  const after = decodeCursor('reclassifications', TimeAndIdKey, query.cursor);
  const where = new Conditions();
  where.concerning(scope);
  if (query.from !== undefined) where.add(`p.ends_at > ${where.value(query.from)}`);
  if (query.to !== undefined) where.add(`p.starts_at < ${where.value(query.to)}`);
  if (query.withdrawn !== undefined) where.add(`p.withdrawn_at IS ${query.withdrawn === 'true' ? 'NOT ' : ''}NULL`);
  if (after) where.add(`(p.starts_at, p.id) < (${where.value(after[0])}, ${where.value(after[1])}::uuid)`);
  const limit = where.value(query.limit + 1);
  const result = await db.query<ReclassificationRow>(
    `${SELECT} ${where} ORDER BY p.starts_at DESC, p.id DESC LIMIT ${limit}`,
    where.values,
  );
  const inScope = await visibleObjects(db, result.rows, scope);
  return toPage(
    result.rows,
    query.limit,
    'reclassifications',
    (row) => [row.startsAt, row.id],
    (row) => viewOf(row, inScope),
  );
}

/** One of them; undefined when unknown or none of the scope's concern. `whole` says that the scope covers all of it. */
export async function findReclassification(
  db: Queryable,
  id: string,
  scope: Scope,
): Promise<{ stated: Reclassification; view: ReclassificationView; whole: boolean } | undefined> {
  const where = new Conditions();
  where.equal('p.id', id);
  where.concerning(scope);
  const [stated] = (await db.query<ReclassificationRow>(`${SELECT} ${where}`, where.values)).rows;
  if (!stated) return undefined;
  const view = viewOf(stated, await visibleObjects(db, [stated], scope));
  const whole = view.objects.length === stated.objects.length && stated.divisions.every((division) => scopeCovers(scope, division));
  return { stated, view, whole };
}

/** Which of these objects are, or once were, in the inventory inside the scope. */
export async function knownObjects(db: Queryable, objects: readonly string[], scope: Scope): Promise<ReadonlySet<string>> {
  const where = new Conditions();
  where.add("i.entity = 'object' AND i.superseded_at IS NULL");
  where.add(`i.id = ANY (${where.value(objects)}::text[])`);
  where.within('i.division', scope);
  const result = await db.query<{ id: string }>(`SELECT DISTINCT i.id FROM inventory i ${where}`, where.values);
  return new Set(result.rows.map(({ id }) => id));
}

function viewOf(row: Reclassification, inScope: ReadonlySet<string>): ReclassificationView {
  return {
    id: row.id,
    node: row.node,
    effect: row.effect,
    objects: row.objects.filter((object) => inScope.has(object)),
    divisions: [...row.divisions],
    startsAt: timestamp(row.startsAt),
    endsAt: timestamp(row.endsAt),
    party: row.party,
    reason: row.reason,
    recordedAt: timestamp(row.recordedAt),
    recordedBy: row.recordedBy,
    withdrawnAt: timestampOrNull(row.withdrawnAt),
    withdrawnBy: row.withdrawnBy,
    withdrawnReason: row.withdrawnReason,
  };
}
