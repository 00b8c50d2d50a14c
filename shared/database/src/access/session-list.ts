import { type Page, type SessionSummary, timestamp } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { type Scope, scopeCovers } from '../queries/conditions.ts';
import type { SessionMethod } from './sessions.ts';

interface Row {
  id: string;
  account: string | null;
  name: string;
  divisions: string[];
  method: SessionMethod;
  stage: SessionSummary['stage'];
  source: string | null;
  agent: string;
  createdAt: number;
  seenAt: number;
  expiresAt: number;
}

/** Nobody looks through more; the oldest of so many are ended one by one from the newest on, or with their account. */
const MOST = 1_000;

/** Sessions that go on, newest first. `scope`: whose account's or token's divisions all lie in it. */
export async function listSessions(
  db: Queryable,
  query: { readonly account?: string | undefined; readonly id?: string; readonly token?: string | undefined },
  given: { readonly scope: Scope; readonly current: string | null; readonly now: number },
): Promise<Page<SessionSummary>> {
  const result = await db.query<Row>(
    `SELECT s.id, s.account_id AS account, coalesce(a.name, t.name) AS name, coalesce(a.divisions, t.divisions) AS divisions, s.method,
       s.stage, s.source, s.agent, s.created_at AS "createdAt", s.seen_at AS "seenAt", s.expires_at AS "expiresAt"
     FROM sessions s LEFT JOIN accounts a ON a.id = s.account_id LEFT JOIN api_tokens t ON t.id = s.token_id
     WHERE s.ended_at IS NULL AND s.expires_at > $1 AND ($2::uuid IS NULL OR s.account_id = $2) AND ($3::uuid IS NULL OR s.id = $3)
       AND ($4::uuid IS NULL OR s.token_id = $4)
     ORDER BY s.created_at DESC, s.id DESC LIMIT ${MOST}`,
    [given.now, query.account ?? null, query.id ?? null, query.token ?? null],
  );
  const items = result.rows
    .filter(({ divisions }) => divisions.every((division) => scopeCovers(given.scope, division)))
    .map(
      ({ divisions: _, ...row }): SessionSummary => ({
        ...row,
        createdAt: timestamp(row.createdAt),
        seenAt: timestamp(row.seenAt),
        expiresAt: timestamp(row.expiresAt),
        current: row.id === given.current,
      }),
    );
  return { items, nextCursor: null };
}

/** A session that is over by time, with what is told of it. */
export interface OverSession {
  readonly id: string;
  readonly name: string;
  readonly because: 'idle' | 'expired';
}

/** Ends the sessions that are over by time, and tells which they were. `idleMs`: what a person's session may lie idle. */
export async function endOverSessions(tx: Queryable, idleMs: number, now: number): Promise<OverSession[]> {
  const result = await tx.query<OverSession>(
    `WITH over AS (
       UPDATE sessions SET ended_at = $1::bigint, ended_by = 'beacontower',
         ended_because = CASE WHEN expires_at <= $1 THEN 'expired' ELSE 'idle' END
       WHERE ended_at IS NULL AND (expires_at <= $1 OR (method <> 'token' AND seen_at <= $1 - $2::bigint))
       RETURNING id, account_id, token_id, ended_because)
     SELECT o.id, coalesce(a.name, t.name) AS name, o.ended_because AS because
     FROM over o LEFT JOIN accounts a ON a.id = o.account_id LEFT JOIN api_tokens t ON t.id = o.token_id`,
    [now, idleMs],
  );
  return result.rows;
}

/** Forgets sessions that ended before; the audit keeps what was done in them. */
export async function forgetSessions(db: Queryable, before: number): Promise<number> {
  return (await db.query('DELETE FROM sessions WHERE ended_at < $1', [before])).rowCount ?? 0;
}
