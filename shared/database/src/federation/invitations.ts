/** Invitations of nodes that shall report here. Of the token's secret only the SHA-256 is kept. */
import { createHash, X509Certificate } from 'node:crypto';
import { type Invitation, type NewInvitation, type Page, timestamp } from '@beacontower/contracts';
import { divisionCovers } from '@beacontower/domain';
import type { By } from '../access/account-acts.ts';
import { appendAudit } from '../access/audit.ts';
import { hashToken } from '../access/tokens.ts';
import { readNodeIdentity } from '../inventory/identity.ts';
import { readCurrentEntities } from '../inventory/read.ts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope, scopeCovers } from '../queries/conditions.ts';
import { decodeCursor, TimeAndIdKey, toPage } from '../queries/cursor.ts';
import { readAuthority, readServer } from './authority.ts';
import { encodeInvitation, newInvitationSecret } from './invitation-token.ts';
import { FederationFault } from './membership.ts';

interface Row {
  readonly id: string;
  readonly node: string;
  readonly division: string;
  readonly name: string;
  readonly created_at: number;
  readonly created_by: string;
  readonly expires_at: number;
  readonly used_at: number | null;
  readonly withdrawn_at: number | null;
  readonly [column: string]: unknown;
}

const HOUR_MS = 3_600_000;

/**
 * Invites a node; returns the token, which is kept nowhere. Throws a `FederationFault`, `listener-off` where nobody can report yet and no
 * address is given.
 */
export async function issueInvitation(tx: Queryable, id: string, invited: NewInvitation, by: By): Promise<string> {
  const [authority, server] = [await readAuthority(tx), await readServer(tx)];
  const url = invited.url ?? server?.url ?? null;
  if (authority === null || url === null)
    throw new FederationFault(
      'listener-off',
      'nobody can report here: set BEACONTOWER_FEDERATION_LISTEN and BEACONTOWER_FEDERATION_NAMES, and start the node anew',
    );
  const secret = newInvitationSecret();
  await inviteNode(tx, id, invited, hashToken(secret), by);
  const fingerprint = createHash('sha256').update(new X509Certificate(authority.certificate).raw).digest('hex');
  return encodeInvitation({ url, authority: fingerprint, secret });
}

/** Invites a node. Throws a `FederationFault` for one that cannot report here: this node itself, one that another speaks for, one outside this node's division. */
async function inviteNode(tx: Queryable, id: string, invited: NewInvitation, secretHash: Buffer, by: By): Promise<void> {
  const { node, division, name, hours } = invited;
  const { now, actor, source } = by;
  await requireInvitable(tx, node, division);
  const { rowCount } = await tx.query(
    `INSERT INTO federation_invitations (id, node, division, name, secret_hash, created_at, created_by, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
    [id, node, division, name, secretHash, now, actor, now + hours * HOUR_MS],
  );
  if (rowCount === 0)
    throw new FederationFault('already-created', 'this request made an invitation before; its token was shown once and is kept nowhere');
  const detail = { node, division, name, hours };
  await appendAudit(tx, { at: now, actor, source, action: 'federation.invite', object: id, result: 'done', detail });
}

async function requireInvitable(tx: Queryable, node: string, division: string): Promise<void> {
  if ((await readNodeIdentity(tx))?.node === node) throw new FederationFault('own-node', `${node} is this node itself`);
  const [own] = await readCurrentEntities(tx, 'node');
  if (own !== undefined && !divisionCovers(own.division, division))
    throw new FederationFault('outside-division', `${division} lies outside the division of this node, ${own.division}`);
  const { rows } = await tx.query<{ via: string | null }>('SELECT via FROM federation_nodes WHERE node = $1 AND removed_at IS NULL', [
    node,
  ]);
  const via = rows[0]?.via ?? null;
  if (via !== null) throw new FederationFault('node-relayed', `${node} reports to ${via}, which speaks for it here`);
}

/** Invitations within a scope, the newest first. */
export async function listInvitations(
  db: Queryable,
  query: { readonly limit: number; readonly cursor?: string | undefined },
  scope: Scope,
  now: number,
): Promise<Page<Invitation>> {
  const before = decodeCursor('invitations', TimeAndIdKey, query.cursor);
  const where = new Conditions();
  where.within('division', scope);
  if (before) where.add(`(created_at, id) < (${where.value(before[0])}, ${where.value(before[1])}::uuid)`);
  const { rows } = await db.query<Row>(
    `SELECT * FROM federation_invitations ${where} ORDER BY created_at DESC, id DESC LIMIT ${where.value(query.limit + 1)}`,
    where.values,
  );
  const key = (row: Row) => [row.created_at, row.id];
  return toPage(rows, query.limit, 'invitations', key, (row) => viewOf(row, now));
}

/** One invitation; null when there is none within the scope. */
export async function findInvitation(db: Queryable, id: string, scope: Scope, now: number): Promise<Invitation | null> {
  const { rows } = await db.query<Row>('SELECT * FROM federation_invitations WHERE id = $1', [id]);
  const row = rows[0];
  return row !== undefined && scopeCovers(scope, row.division) ? viewOf(row, now) : null;
}

/** Takes an invitation back. Throws a `FederationFault` when it was used: then it is the request that is refused, or the node that is put out. */
export async function withdrawInvitation(tx: Queryable, id: string, { now, actor, source }: By): Promise<void> {
  const { rowCount } = await tx.query(
    'UPDATE federation_invitations SET withdrawn_at = $2 WHERE id = $1 AND used_at IS NULL AND withdrawn_at IS NULL',
    [id, now],
  );
  if (rowCount === 0) throw new FederationFault('already-used', 'the invitation was used or withdrawn before');
  await appendAudit(tx, { at: now, actor, source, action: 'federation.withdraw', object: id, result: 'done', detail: {} });
}

function viewOf(row: Row, now: number): Invitation {
  const { id, node, division, name } = row;
  return {
    ...{ id, node, division, name },
    state: stateOf(row, now),
    createdAt: timestamp(row.created_at),
    createdBy: row.created_by,
    expiresAt: timestamp(row.expires_at),
  };
}

function stateOf(row: Row, now: number): Invitation['state'] {
  if (row.used_at !== null) return 'used';
  if (row.withdrawn_at !== null) return 'withdrawn';
  return row.expires_at <= now ? 'expired' : 'open';
}
