import { FigureNumbers, type Page } from '@beacontower/contracts';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from '../queries/conditions.ts';
import { decodeCursor, TextKey, toPage } from '../queries/cursor.ts';
import { type ClosedFigureHead, type ClosedMember, HEAD_COLUMNS, type HeadRow, readClosedMembers } from './read.ts';

/** A version in a list, with the figure of the whole. */
export interface ListedFigure extends ClosedFigureHead {
  readonly whole: FigureNumbers;
  readonly membersChanged: number;
}

export interface ClosedFiguresQuery {
  readonly objective?: string | undefined;
  /** Only periods that touch `[from, to)`. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const Key = z.tuple([z.number().int(), z.number().int(), z.guid()]);

/** Every version of closed periods whose objective the scope covers or lies in: the latest period first, its latest version first. */
export async function listClosedFigures(db: Queryable, query: ClosedFiguresQuery, scope: Scope): Promise<Page<ListedFigure>> {
  const after = decodeCursor('periods', Key, query.cursor);
  const where = new Conditions();
  where.equal('f.objective', query.objective);
  if (query.from !== undefined) where.add(`f.period_to > ${where.value(query.from)}`);
  if (query.to !== undefined) where.add(`f.period_from < ${where.value(query.to)}`);
  if (!scope.includes('')) {
    const own = where.value(scope);
    where.add(`EXISTS (SELECT 1 FROM unnest(${own}::text[]) AS s (path) WHERE f.division = '' OR f.division = s.path
      OR starts_with(f.division, s.path || '.') OR starts_with(s.path, f.division || '.'))`);
  }
  if (after) {
    const [to, version, id] = after.map((part) => where.value(part));
    where.add(`(f.period_to, f.version, f.id) < (${to}::bigint, ${version}::int, ${id}::uuid)`);
  }
  const result = await db.query<HeadRow & { whole: unknown; changed: number | null }>(
    `SELECT ${HEAD_COLUMNS}, f.body -> 'figures' -> 0 AS whole, (f.body -> 'changes' -> 'members' ->> 'count')::int AS changed
     FROM closed_figures f ${where} ORDER BY f.period_to DESC, f.version DESC, f.id DESC LIMIT ${where.value(query.limit + 1)}`,
    where.values,
  );
  return toPage(
    result.rows,
    query.limit,
    'periods',
    (row) => [row.to, row.version, row.id],
    ({ whole, changed, ...row }) => ({ ...row, whole: FigureNumbers.parse(whole), membersChanged: changed ?? 0 }),
  );
}

/** The members of a version inside the scope, by id, in pages. */
export async function pageClosedMembers(
  db: Queryable,
  figure: string,
  query: { readonly limit: number; readonly cursor?: string | undefined },
  scope: Scope,
): Promise<Page<ClosedMember>> {
  const after = decodeCursor('closed-members', TextKey, query.cursor);
  const rows = await readClosedMembers(db, figure, { scope, after: after?.[0], limit: query.limit + 1 });
  return toPage(
    rows,
    query.limit,
    'closed-members',
    (row) => [row.id],
    (row) => row,
  );
}

/** The ends of the closed periods of each objective, as `from to`, not before `since`. */
export async function readClosedPeriods(db: Queryable, since: number): Promise<Map<string, Set<string>>> {
  const result = await db.query<{ objective: string; from: number; to: number }>(
    'SELECT objective, period_from AS "from", period_to AS "to" FROM closed_figures WHERE version = 1 AND period_to >= $1',
    [since],
  );
  const periods = new Map<string, Set<string>>();
  for (const { objective, from, to } of result.rows) {
    const own = periods.get(objective) ?? new Set();
    periods.set(objective, own.add(`${from} ${to}`));
  }
  return periods;
}

/** Since when each objective of today exists, by valid time; epoch ms. */
export async function readObjectiveStarts(db: Queryable): Promise<Map<string, number>> {
  const result = await db.query<{ id: string; start: number }>(
    "SELECT id, min(valid_from) AS start FROM inventory WHERE entity = 'objective' AND superseded_at IS NULL GROUP BY id",
  );
  return new Map(result.rows.map(({ id, start }) => [id, start]));
}

/** The public keys that evidence was signed with, with the moments of the first and the last. */
export async function readUsedKeys(db: Queryable): Promise<{ publicKey: string; first: number; last: number }[]> {
  const result = await db.query<{ publicKey: string; first: number; last: number }>(
    `SELECT body -> 'evidence' ->> 'publicKey' AS "publicKey", min(closed_at) AS first, max(closed_at) AS last
     FROM closed_figures GROUP BY 1 ORDER BY last DESC`,
  );
  return result.rows;
}
