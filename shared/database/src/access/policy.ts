import { type AccessPolicy, DEFAULT_ACCESS_POLICY, type NewAccessPolicy, timestamp } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';

interface Row {
  body: NewAccessPolicy;
  revision: number;
  changed_at: number;
  changed_by: string;
}

/** What holds now; the defaults, with revision 0, until somebody decided. */
export async function readAccessPolicy(db: Queryable): Promise<AccessPolicy> {
  const row = (await db.query<Row>('SELECT body, revision, changed_at, changed_by FROM access_policy')).rows[0];
  if (!row) return { ...DEFAULT_ACCESS_POLICY, revision: 0, changedAt: null, changedBy: null };
  return {
    ...policyOf(row.body),
    revision: row.revision,
    changedAt: timestamp(row.changed_at),
    changedBy: row.changed_by,
  };
}

/** A stored policy; what an older version did not know yet has its default. */
export function policyOf(body: Partial<NewAccessPolicy> | null): NewAccessPolicy {
  return { ...DEFAULT_ACCESS_POLICY, ...body };
}

/** Sets the policy when its revision is still `expected`; null: whatever it is. The new revision, or undefined when it has changed. */
export async function writeAccessPolicy(
  tx: Queryable,
  policy: NewAccessPolicy,
  expected: number | null,
  by: { readonly actor: string; readonly now: number },
): Promise<number | undefined> {
  const values = [JSON.stringify(policy), by.now, by.actor, expected];
  const result = await tx.query<{ revision: number }>(
    `INSERT INTO access_policy AS p (body, revision, changed_at, changed_by)
       SELECT $1::jsonb, 1, $2::bigint, $3::text WHERE $4::integer IS NULL OR $4 = 0 OR EXISTS (SELECT FROM access_policy)
     ON CONFLICT (singleton) DO UPDATE SET body = excluded.body, revision = p.revision + 1, changed_at = excluded.changed_at,
       changed_by = excluded.changed_by WHERE $4::integer IS NULL OR p.revision = $4
     RETURNING revision`,
    values,
  );
  return result.rows[0]?.revision;
}
