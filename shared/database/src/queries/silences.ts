import { type NewSilence, type Page, type PlanQuery, type Silence, timestamp, timestampOrNull } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope, scopeCovers } from './conditions.ts';
import { decodeCursor, TimeAndIdKey, toPage } from './cursor.ts';
import { visibleObjects } from './maintenance.ts';

interface Row {
  id: string;
  objects: string[];
  divisions: string[];
  classes: Silence['classes'];
  parties: string[];
  severities: Silence['severities'];
  kinds: Silence['kinds'];
  reason: string;
  author: string;
  created_at: number;
  starts_at: number;
  ends_at: number;
  ended_at: number | null;
  ended_by: string | null;
}

/** Silences that concern the scope, the latest start first. */
export async function listSilences(db: Queryable, query: PlanQuery, scope: Scope, now: number): Promise<Page<Silence>> {
  const after = decodeCursor('silences', TimeAndIdKey, query.cursor);
  const where = new Conditions();
  where.concerning(scope);
  if (query.active !== undefined) {
    const at = where.value(now);
    where.add(`${query.active === 'true' ? '' : 'NOT '}(p.ended_at IS NULL AND p.starts_at <= ${at} AND p.ends_at > ${at})`);
  }
  if (after) where.add(`(p.starts_at, p.id) < (${where.value(after[0])}, ${where.value(after[1])}::uuid)`);
  const limit = where.value(query.limit + 1);
  const result = await db.query<Row>(
    `SELECT p.* FROM silences p ${where} ORDER BY p.starts_at DESC, p.id DESC LIMIT ${limit}`,
    where.values,
  );
  const inScope = await visibleObjects(db, result.rows, scope);
  return toPage(
    result.rows,
    query.limit,
    'silences',
    (row) => [row.starts_at, row.id],
    (row) => viewOf(row, inScope),
  );
}

/** One silence; undefined when unknown or none of the scope's concern. `whole` says that the scope covers all of it. */
export async function findSilence(db: Queryable, id: string, scope: Scope): Promise<{ view: Silence; whole: boolean } | undefined> {
  const where = new Conditions();
  where.equal('p.id', id);
  where.concerning(scope);
  const result = await db.query<Row>(`SELECT p.* FROM silences p ${where}`, where.values);
  const row = result.rows[0];
  if (!row) return undefined;
  const view = viewOf(row, await visibleObjects(db, [row], scope));
  return {
    view,
    whole: view.objects.length === row.objects.length && row.divisions.every((division) => scopeCovers(scope, division)),
  };
}

/** Writes a silence; the same id again changes nothing. */
export async function insertSilence(tx: Queryable, id: string, silence: NewSilence, actor: string, now: number): Promise<void> {
  const { objects, divisions, classes, parties, severities, kinds, reason, startsAt, endsAt } = silence;
  await tx.query(
    `INSERT INTO silences (id, objects, divisions, classes, parties, severities, kinds, reason, author, created_at, starts_at, ends_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING`,
    [id, objects, divisions, classes, parties, severities, kinds, reason, actor, now, startsAt ?? now, endsAt],
  );
}

/** Ends a silence now; false when it had ended before. */
export async function endSilence(tx: Queryable, id: string, actor: string, now: number): Promise<boolean> {
  const result = await tx.query('UPDATE silences SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL', [id, now, actor]);
  return result.rowCount === 1;
}

function viewOf(row: Row, inScope: ReadonlySet<string>): Silence {
  return {
    id: row.id,
    objects: row.objects.filter((object) => inScope.has(object)),
    divisions: row.divisions,
    classes: row.classes,
    parties: row.parties,
    severities: row.severities,
    kinds: row.kinds,
    reason: row.reason,
    author: row.author,
    createdAt: timestamp(row.created_at),
    startsAt: timestamp(row.starts_at),
    endsAt: timestamp(row.ends_at),
    endedAt: timestampOrNull(row.ended_at),
    endedBy: row.ended_by,
  };
}
