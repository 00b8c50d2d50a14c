import type { Queryable } from '../pool.ts';

/** Who follows live events: ids of sessions, and of tokens that were sent themselves. */
export interface Callers {
  readonly sessions: readonly string[];
  readonly tokens: readonly string[];
}

/** Those of them that have not ended, been revoked or expired, nor had their account disabled: of a thousand in one question. */
export async function readCallersLeft(db: Queryable, { sessions, tokens }: Callers, now: number): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT s.id FROM sessions s LEFT JOIN accounts a ON a.id = s.account_id LEFT JOIN api_tokens t ON t.id = s.token_id
     WHERE s.id = ANY ($1::uuid[]) AND s.ended_at IS NULL AND s.expires_at > $3 AND a.disabled_at IS NULL AND t.revoked_at IS NULL
       AND (t.expires_at IS NULL OR t.expires_at > $3)
     UNION ALL
     SELECT t.id FROM api_tokens t WHERE t.id = ANY ($2::uuid[]) AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > $3)`,
    [sessions, tokens, now],
  );
  return new Set(rows.map(({ id }) => id));
}
