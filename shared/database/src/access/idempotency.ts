import type { Queryable } from '../pool.ts';

/** A stored answer. */
export interface StoredAnswer {
  readonly status: number;
  readonly payload: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a key said about a request: go on, the answer it had, still under way, or another request used the key. */
export type KeyClaim =
  | { readonly kind: 'new' }
  | { readonly kind: 'answered'; readonly answer: StoredAnswer }
  | { readonly kind: 'under-way' }
  | { readonly kind: 'other-request' };

/** After this, a request without an answer is taken to have died with its process, and the key may be used again. */
const ABANDONED_MS = 60_000;

/** Claims a key of a token for a request. Of two at once, one gets `new` and the other `under-way`. */
export async function claimKey(db: Queryable, token: string, key: string, requestHash: Buffer, now: number): Promise<KeyClaim> {
  const claimed = await db.query(
    `INSERT INTO idempotency_keys (token_id, key, request_hash, created_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (token_id, key) DO UPDATE SET created_at = excluded.created_at
       WHERE idempotency_keys.status IS NULL AND idempotency_keys.request_hash = excluded.request_hash AND idempotency_keys.created_at < $5
     RETURNING key`,
    [token, key, requestHash, now, now - ABANDONED_MS],
  );
  if (claimed.rowCount === 1) return { kind: 'new' };
  const result = await db.query<{ request_hash: Buffer; status: number | null; response: Omit<StoredAnswer, 'status'> | null }>(
    'SELECT request_hash, status, response FROM idempotency_keys WHERE token_id = $1 AND key = $2',
    [token, key],
  );
  const row = result.rows[0];
  if (!row) return { kind: 'under-way' };
  if (!row.request_hash.equals(requestHash)) return { kind: 'other-request' };
  if (row.status === null || row.response === null) return { kind: 'under-way' };
  return { kind: 'answered', answer: { status: row.status, ...row.response } };
}

/** Stores the answer of a claimed key. */
export async function storeAnswer(db: Queryable, token: string, key: string, answer: StoredAnswer): Promise<void> {
  await db.query('UPDATE idempotency_keys SET status = $3, response = $4 WHERE token_id = $1 AND key = $2', [
    token,
    key,
    answer.status,
    JSON.stringify({ payload: answer.payload, headers: answer.headers }),
  ]);
}

/** Gives a key back after a failure of ours, so that the request may be tried again. */
export async function releaseKey(db: Queryable, token: string, key: string): Promise<void> {
  await db.query('DELETE FROM idempotency_keys WHERE token_id = $1 AND key = $2 AND status IS NULL', [token, key]);
}

/** Forgets keys older than `before`. Returns how many. */
export async function forgetKeys(db: Queryable, before: number): Promise<number> {
  const result = await db.query('DELETE FROM idempotency_keys WHERE created_at < $1', [before]);
  return result.rowCount ?? 0;
}
