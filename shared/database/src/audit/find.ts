import type { AuditEntry } from '../access/audit.ts';
import type { Queryable } from '../pool.ts';

/** Whether this very row is there already: a commit may have been done of which no word came back. */
export async function hasAuditEntry(db: Queryable, { at, actor, action, object, result, detail }: AuditEntry): Promise<boolean> {
  const found = await db.query(
    `SELECT 1 FROM audit WHERE at = $1 AND actor = $2 AND action = $3 AND object = $4 AND result = $5 AND detail @> $6::jsonb LIMIT 1`,
    [at, actor, action, object, result, JSON.stringify(detail)],
  );
  return found.rowCount === 1;
}
