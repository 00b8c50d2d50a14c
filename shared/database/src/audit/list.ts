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
  sequence: number | null;
  hash: Buffer | null;
}

const COLUMNS = 'a.id, a.at, a.actor, a.source, a.action, a.object, a.result, a.detail, c.sequence, c.hash';
const FROM = 'FROM audit a LEFT JOIN audit_chain c ON c.audit_id = a.id';
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
  const result = await db.query<Row>(`SELECT ${COLUMNS} ${FROM} ${conditions} ORDER BY a.id DESC LIMIT ${limit}`, conditions.values);
  return toPage(result.rows, query.limit, 'audit', (row) => [row.id], viewOf);
}

/** Every row that is there at the beginning, oldest first, a batch at a time: memory for one batch, however many there are. */
export async function* readAudit(db: Queryable, filters: AuditFilters): AsyncGenerator<AuditRow[]> {
  const last = await db.query<{ id: number | null }>('SELECT max(id) AS id FROM audit');
  const to = last.rows[0]?.id ?? 0;
  for (let after = 0; after < to; ) {
    const conditions = conditionsOf(filters);
    const [from, until] = [conditions.value(after), conditions.value(to)];
    conditions.add(`a.id > ${from} AND a.id <= ${until}`);
    // Said of the links too: a merge would otherwise begin at the first of them for every batch.
    const linked = `${FROM} AND c.audit_id > ${from} AND c.audit_id <= ${until}`;
    const result = await db.query<Row>(`SELECT ${COLUMNS} ${linked} ${conditions} ORDER BY a.id LIMIT ${EXPORT_BATCH}`, conditions.values);
    if (result.rows.length > 0) yield result.rows.map(viewOf);
    if (result.rows.length < EXPORT_BATCH) return;
    after = result.rows.at(-1)?.id ?? to;
  }
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

function viewOf({ at, hash, id: _id, ...row }: Row): AuditRow {
  return { ...row, at: timestamp(at), hash: hash?.toString('hex') ?? null };
}
