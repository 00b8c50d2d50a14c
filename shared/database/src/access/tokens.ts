import { createHash, randomBytes } from 'node:crypto';
import { type NewToken, type Page, ROLES, type RoleName, type TokenSummary, timestamp, timestampOrNull } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import type { Scope } from '../queries/conditions.ts';
import { scopeCovers } from '../queries/conditions.ts';
import { decodeCursor, TimeAndIdKey, toPage } from '../queries/cursor.ts';

/** Who a token stands for. */
export interface TokenOwner {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly RoleName[];
  readonly divisions: Scope;
}

interface Row {
  id: string;
  name: string;
  roles: string[];
  divisions: string[];
  created_at: number;
  created_by: string;
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
}

/** SHA-256 of a token: what is stored and compared. Tokens are 256 random bits, so no slow hash is needed. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token, 'utf8').digest();
}

/** A new token of 256 random bits. */
export function newToken(): string {
  return `bt_${randomBytes(32).toString('base64url')}`;
}

/** The owner of a token that is neither revoked nor expired. */
export async function findTokenOwner(db: Queryable, hash: Buffer, now: number): Promise<TokenOwner | undefined> {
  const result = await db.query<Row>(
    'SELECT id, name, roles, divisions FROM api_tokens WHERE hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)',
    [hash, now],
  );
  const row = result.rows[0];
  return row && { id: row.id, name: row.name, roles: knownRoles(row.roles), divisions: row.divisions };
}

/** Whether a token that may still be used has a name. */
export async function tokenNamed(db: Queryable, name: string): Promise<boolean> {
  const result = await db.query('SELECT 1 FROM api_tokens WHERE lower(name) = lower($1) AND revoked_at IS NULL LIMIT 1', [name]);
  return result.rowCount === 1;
}

/** When a token expires, epoch ms; null: never. */
export async function tokenExpiry(db: Queryable, id: string): Promise<number | null> {
  return (await db.query<Row>('SELECT expires_at FROM api_tokens WHERE id = $1', [id])).rows[0]?.expires_at ?? null;
}

/** Notes that a token was used; call it at most once a minute for each. */
export async function touchToken(db: Queryable, id: string, now: number): Promise<void> {
  await db.query('UPDATE api_tokens SET last_used_at = greatest(last_used_at, $2) WHERE id = $1', [id, now]);
}

/** Stores a token by its hash. False when the id exists already (a repeated request). */
export async function insertToken(tx: Queryable, id: string, token: NewToken, hash: Buffer, actor: string, now: number): Promise<boolean> {
  const result = await tx.query(
    `INSERT INTO api_tokens (id, name, hash, roles, divisions, created_at, created_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
    [id, token.name, hash, token.roles, token.divisions, now, actor, token.expiresAt ?? null],
  );
  return result.rowCount === 1;
}

/** Tokens whose divisions all lie inside the scope, newest first. A page may be shorter than the limit for those left out. */
export async function listTokens(
  db: Queryable,
  query: { limit: number; cursor?: string | undefined },
  scope: Scope,
): Promise<Page<TokenSummary>> {
  const before = decodeCursor('tokens', TimeAndIdKey, query.cursor);
  const result = await db.query<Row>(
    `SELECT * FROM api_tokens WHERE $1::bigint IS NULL OR (created_at, id) < ($1, $2::uuid) ORDER BY created_at DESC, id DESC LIMIT $3`,
    [before?.[0] ?? null, before?.[1] ?? null, query.limit + 1],
  );
  const page = toPage(
    result.rows,
    query.limit,
    'tokens',
    (row) => [row.created_at, row.id],
    (row) => row,
  );
  return {
    items: page.items.filter((row) => row.divisions.every((division) => scopeCovers(scope, division))).map(viewOf),
    nextCursor: page.nextCursor,
  };
}

/** One token; undefined when unknown or not inside the scope. */
export async function findToken(db: Queryable, id: string, scope: Scope): Promise<TokenSummary | undefined> {
  const result = await db.query<Row>('SELECT * FROM api_tokens WHERE id = $1', [id]);
  const row = result.rows[0];
  return row?.divisions.every((division) => scopeCovers(scope, division)) ? viewOf(row) : undefined;
}

/** Revokes a token now; false when it was revoked before. */
export async function revokeToken(tx: Queryable, id: string, now: number): Promise<boolean> {
  const result = await tx.query('UPDATE api_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL', [id, now]);
  return result.rowCount === 1;
}

/**
 * Revokes the tokens that somebody made and that may more than they themselves may now, reading aside (walls read on when whoever put
 * them up leaves). Returns their ids.
 */
export async function revokeTokensBeyond(
  tx: Queryable,
  maker: string,
  left: { readonly roles: readonly RoleName[]; readonly divisions: Scope },
  now: number,
): Promise<string[]> {
  const made = await tx.query<Row>('SELECT * FROM api_tokens WHERE created_by = $1 AND revoked_at IS NULL FOR UPDATE', [maker]);
  const beyond = made.rows.filter(({ roles, divisions }) => {
    const more = knownRoles(roles).filter((role) => role !== 'viewer');
    const isWithin =
      more.every((role) => left.roles.includes(role)) && divisions.every((division) => scopeCovers(left.divisions, division));
    return more.length > 0 && !isWithin;
  });
  const ids = beyond.map(({ id }) => id);
  if (ids.length > 0) await tx.query('UPDATE api_tokens SET revoked_at = $2 WHERE id = ANY ($1)', [ids, now]);
  return ids;
}

function knownRoles(roles: readonly string[]): RoleName[] {
  return ROLES.filter((role) => roles.includes(role));
}

function viewOf(row: Row): TokenSummary {
  return {
    id: row.id,
    name: row.name,
    roles: knownRoles(row.roles),
    divisions: row.divisions,
    createdAt: timestamp(row.created_at),
    createdBy: row.created_by,
    expiresAt: timestampOrNull(row.expires_at),
    lastUsedAt: timestampOrNull(row.last_used_at),
    revokedAt: timestampOrNull(row.revoked_at),
  };
}
