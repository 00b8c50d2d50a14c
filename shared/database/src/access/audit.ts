import type { Queryable } from '../pool.ts';

/** One action of a user: who, from where, what, on what, with which result. `detail` holds no secret. */
export interface AuditEntry {
  readonly at: number;
  readonly actor: string;
  readonly source: string | null;
  readonly action: string;
  readonly object: string;
  readonly result: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Appends to the audit. */
export async function appendAudit(db: Queryable, entry: AuditEntry): Promise<void> {
  await db.query('INSERT INTO audit (at, actor, source, action, object, result, detail) VALUES ($1, $2, $3, $4, $5, $6, $7)', [
    entry.at,
    entry.actor,
    entry.source,
    entry.action,
    entry.object,
    entry.result,
    JSON.stringify(entry.detail),
  ]);
}
