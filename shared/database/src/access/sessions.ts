import { createHash, randomBytes } from 'node:crypto';
import {
  EXCLUSIVE_ROLES,
  type NewAccessPolicy,
  ROLES,
  type RoleName,
  type SESSION_METHODS,
  type SessionStage,
} from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { policyOf } from './policy.ts';

export type SessionMethod = (typeof SESSION_METHODS)[number];

/** A session that has not ended, with whom it is of and what holds for it now. Times are epoch ms. */
export interface Session {
  readonly id: string;
  /** Null: of a token. */
  readonly accountId: string | null;
  readonly tokenId: string | null;
  readonly name: string;
  readonly displayName: string;
  readonly roles: readonly RoleName[];
  readonly divisions: readonly string[];
  readonly csrf: string;
  readonly stage: SessionStage;
  readonly method: SessionMethod;
  readonly source: string | null;
  readonly createdAt: number;
  readonly seenAt: number;
  readonly expiresAt: number;
  readonly secondFactor: boolean;
  readonly passwordSetAt: number | null;
  readonly policy: NewAccessPolicy;
}

/** A new secret of a cookie: 256 random bits, of which only the SHA-256 is kept. */
export function newSessionSecret(): string {
  return randomBytes(32).toString('base64url');
}

export function hashSessionSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** What a session begins with. */
export interface NewSession {
  readonly id: string;
  readonly accountId: string | null;
  readonly tokenId: string | null;
  readonly hash: Buffer;
  readonly csrf: string;
  readonly stage: SessionStage;
  readonly method: SessionMethod;
  readonly source: string | null;
  readonly agent: string;
  readonly now: number;
  readonly expiresAt: number;
}

const LONGEST_AGENT = 300;

export async function insertSession(tx: Queryable, session: NewSession): Promise<void> {
  await tx.query(
    `INSERT INTO sessions (id, account_id, token_id, hash, csrf, stage, method, source, agent, created_at, seen_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)`,
    [
      session.id,
      session.accountId,
      session.tokenId,
      session.hash,
      session.csrf,
      session.stage,
      session.method,
      session.source,
      session.agent.slice(0, LONGEST_AGENT),
      session.now,
      session.expiresAt,
    ],
  );
}

/** The session of a cookie, when it has not been ended, and neither its account disabled nor its token revoked or expired. */
export async function findSession(db: Queryable, hash: Buffer, now: number): Promise<Session | undefined> {
  const result = await db.query<Session & { policy: Partial<NewAccessPolicy> | null }>(
    `SELECT s.id, s.account_id AS "accountId", s.token_id AS "tokenId", coalesce(a.name, t.name) AS name,
       coalesce(a.display_name, t.name) AS "displayName", coalesce(a.roles, t.roles) AS roles,
       coalesce(a.divisions, t.divisions) AS divisions, s.csrf, s.stage, s.method, s.source, s.created_at AS "createdAt",
       s.seen_at AS "seenAt", s.expires_at AS "expiresAt", a.second_factor_since IS NOT NULL AS "secondFactor",
       a.password_set_at AS "passwordSetAt", (SELECT body FROM access_policy) AS policy
     FROM sessions s LEFT JOIN accounts a ON a.id = s.account_id LEFT JOIN api_tokens t ON t.id = s.token_id
     WHERE s.hash = $1 AND s.ended_at IS NULL AND a.disabled_at IS NULL AND t.revoked_at IS NULL
       AND (t.expires_at IS NULL OR t.expires_at > $2)`,
    [hash, now],
  );
  const row = result.rows[0];
  return row && { ...row, roles: ROLES.filter((role) => row.roles.includes(role)), policy: policyOf(row.policy) };
}

/** Notes that a person used a session. */
export async function touchSession(db: Queryable, id: string, now: number): Promise<void> {
  await db.query('UPDATE sessions SET seen_at = greatest(seen_at, $2) WHERE id = $1 AND ended_at IS NULL', [id, now]);
}

/** A session goes a step on: from then on it answers to another secret, so that what was known before opens nothing more. */
export async function advanceSession(tx: Queryable, id: string, stage: SessionStage, hash: Buffer, now: number): Promise<void> {
  await tx.query('UPDATE sessions SET stage = $2, hash = $3, seen_at = greatest(seen_at, $4) WHERE id = $1', [id, stage, hash, now]);
}

/** Which sessions are to end: one; those of an account but one. */
export type WhichSessions = { readonly id: string } | { readonly account: string; readonly but?: string | undefined };

/** Ends sessions; returns how many had not ended. */
export async function endSessions(
  tx: Queryable,
  which: WhichSessions,
  end: { readonly by: string; readonly because: string; readonly now: number },
): Promise<number> {
  const [where, values] =
    'id' in which ? ['id = $4', [which.id]] : ['account_id = $4 AND ($5::uuid IS NULL OR id <> $5)', [which.account, which.but ?? null]];
  const result = await tx.query(
    `UPDATE sessions SET ended_at = $1, ended_by = $2, ended_because = $3 WHERE ended_at IS NULL AND ${where as string}`,
    [end.now, end.by, end.because, ...(values as (string | null)[])],
  );
  return result.rowCount ?? 0;
}

/** Sessions that are open without a second factor which is asked for from now on have to set one up before they go on. */
export async function demandSecondFactors(tx: Queryable, of: NewAccessPolicy['secondFactor']): Promise<void> {
  if (of === 'optional') return;
  await tx.query(
    `UPDATE sessions s SET stage = 'enrol' FROM accounts a
     WHERE a.id = s.account_id AND s.ended_at IS NULL AND s.stage = 'full' AND s.method = 'password' AND a.second_factor_since IS NULL
       AND ($1::text[] IS NULL OR a.roles && $1)`,
    [of === 'everyone' ? null : EXCLUSIVE_ROLES],
  );
}
