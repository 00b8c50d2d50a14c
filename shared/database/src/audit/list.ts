import { type AuditRow, type Page, timestamp } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { Conditions, escapeLike } from '../queries/conditions.ts';
import { decodeCursor, NumberKey, toPage } from '../queries/cursor.ts';

/** Which rows of the audit are meant; times are epoch ms, half-open. `action` is part of it, the others are whole. */
export interface AuditFilters {
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly object?: string | undefined;
  readonly result?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

interface Row {
  id: number;
  at: number;
  actor: string;
  source: string | null;
  action: string;
  object: string;
  result: string;
  detail: Record<string, unknown>;
}
interface Link {
  audit_id: number;
  sequence: number;
  hash: Buffer;
}

const COLUMNS = 'a.id, a.at, a.actor, a.source, a.action, a.object, a.result, a.detail';
const EXPORT_BATCH = 2_000;

/** Rows of the audit, newest first. */
export async function listAudit(
  db: Queryable,
  query: AuditFilters & { limit: number; cursor?: string | undefined },
): Promise<Page<AuditRow>> {
  const conditions = conditionsOf(query);
  const before = decodeCursor('audit', NumberKey, query.cursor);
  if (before !== undefined) conditions.add(`a.id < ${conditions.value(before[0])}`);
  const limit = conditions.value(query.limit + 1);
  const result = await db.query<Row>(`SELECT ${COLUMNS} FROM audit a ${conditions} ORDER BY a.id DESC LIMIT ${limit}`, conditions.values);
  const page = toPage(
    result.rows,
    query.limit,
    'audit',
    (row) => [row.id],
    (row) => row,
  );
  return { items: await withLinks(db, page.items), nextCursor: page.nextCursor };
}

/** Every row that is there at the beginning, oldest first, a batch at a time: memory for one batch, however many there are. */
export async function* readAudit(db: Queryable, filters: AuditFilters): AsyncGenerator<AuditRow[]> {
  const last = await db.query<{ id: number | null }>('SELECT max(id) AS id FROM audit');
  const to = last.rows[0]?.id ?? 0;
  for (let from = await firstFrom(db, 0); from <= to; from = await firstFrom(db, from + EXPORT_BATCH)) {
    const conditions = conditionsOf(filters);
    conditions.add(`a.id >= ${conditions.value(from)}`);
    conditions.add(`a.id < ${conditions.value(from + EXPORT_BATCH)}`);
    conditions.add(`a.id <= ${conditions.value(to)}`);
    const result = await db.query<Row>(`SELECT ${COLUMNS} FROM audit a ${conditions} ORDER BY a.id`, conditions.values);
    if (result.rows.length > 0) yield await withLinks(db, result.rows);
  }
}

async function firstFrom(db: Queryable, id: number): Promise<number> {
  const found = await db.query<{ first: number | null }>('SELECT min(id) AS first FROM audit WHERE id >= $1', [id]);
  return found.rows[0]?.first ?? Number.POSITIVE_INFINITY;
}

function conditionsOf({ actor, action, object, result, from, to }: AuditFilters): Conditions {
  const conditions = new Conditions();
  conditions.equal('a.actor', actor);
  if (action !== undefined) conditions.add(`a.action ILIKE ${conditions.value(`%${escapeLike(action)}%`)}`);
  conditions.equal('a.object', object);
  conditions.equal('a.result', result);
  if (from !== undefined) conditions.add(`a.at >= ${conditions.value(from)}`);
  if (to !== undefined) conditions.add(`a.at < ${conditions.value(to)}`);
  return conditions;
}

// Apart, by their key: joined, a planner would at times go through all links for every batch.
async function withLinks(db: Queryable, rows: readonly Row[]): Promise<AuditRow[]> {
  const ids = rows.map(({ id }) => id);
  const links = await db.query<Link>('SELECT audit_id, sequence, hash FROM audit_chain WHERE audit_id = ANY ($1::bigint[])', [ids]);
  const byRow = new Map(links.rows.map((link) => [link.audit_id, link]));
  return rows.map(({ id, at, ...row }) => {
    const link = byRow.get(id);
    return { ...row, at: timestamp(at), sequence: link?.sequence ?? null, hash: link?.hash.toString('hex') ?? null };
  });
}
