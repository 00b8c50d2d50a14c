/** Requests of nodes to be let in, and what a person said to them. */
import { type EnrolmentView, type EnrolmentViewQuery, type Page, timestamp, timestampOrNull } from '@beacontower/contracts';
import { spokenCode } from '@beacontower/domain';
import type { By } from '../access/account-acts.ts';
import { appendAudit } from '../access/audit.ts';
import { readCurrentEntities } from '../inventory/read.ts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from '../queries/conditions.ts';
import { decodeCursor, TimeAndIdKey, toPage } from '../queries/cursor.ts';
import { revokeCertificates } from './certificates.ts';
import { enrolNode, FederationFault, REVOCATION_CHANNEL } from './membership.ts';
import { tellNodeChange } from './watch.ts';

/** A request as it is kept. Times are epoch ms. */
export interface StoredEnrolment {
  readonly id: string;
  readonly invitation: string;
  readonly node: string;
  readonly division: string;
  readonly name: string;
  readonly software: string;
  /** PKCS #10, PEM. */
  readonly request: string;
  readonly keyFingerprint: string;
  readonly source: string;
  readonly state: EnrolmentView['state'];
  readonly requestedAt: number;
  readonly decidedAt: number | null;
  readonly decidedBy: string | null;
  readonly reason: string | null;
  readonly certificate: string | null;
  readonly [column: string]: unknown;
}

const COLUMNS = `e.id, e.invitation, e.node, e.division, e.name, e.software, e.request, e.key_fingerprint AS "keyFingerprint", e.source, e.state,
  e.requested_at AS "requestedAt", e.decided_at AS "decidedAt", e.decided_by AS "decidedBy", e.reason, e.certificate`;

/** What a node asks with. */
export type AskedEnrolment = Pick<
  StoredEnrolment,
  'id' | 'node' | 'division' | 'name' | 'software' | 'request' | 'keyFingerprint' | 'source'
>;

/** What became of asking: the request, or why there is none, in words of the protocol. */
export type Asked =
  | { readonly outcome: 'asked' | 'known'; readonly enrolment: StoredEnrolment }
  | { readonly outcome: 'token-invalid' | 'token-expired' | 'token-used' | 'key-invalid' }
  | { readonly outcome: 'request-invalid'; readonly detail: string };

/**
 * Keeps a request. The same key with the same token is the same request, however often it is sent; another key finds the token used. A key
 * that is no good (`isKeyGood`) uses nothing up; a token that is none is told before.
 */
export async function askEnrolment(
  tx: Queryable,
  secretHash: Buffer,
  asked: AskedEnrolment,
  now: number,
  isKeyGood: boolean,
): Promise<Asked> {
  const invitation = await lockInvitation(tx, secretHash);
  if (invitation === null || invitation.withdrawnAt !== null) return { outcome: 'token-invalid' };
  if (!isKeyGood) return { outcome: 'key-invalid' };
  const before = await findByInvitation(tx, invitation.id);
  if (before !== null)
    return before.keyFingerprint === asked.keyFingerprint ? { outcome: 'known', enrolment: before } : { outcome: 'token-used' };
  if (invitation.expiresAt <= now) return { outcome: 'token-expired' };
  if (asked.node !== invitation.node || asked.division !== invitation.division) {
    const detail = `the invitation is for ${invitation.node} of ${invitation.division}, not for ${asked.node} of ${asked.division}`;
    return { outcome: 'request-invalid', detail };
  }
  if (await wasKeyUsed(tx, asked.keyFingerprint)) return { outcome: 'request-invalid', detail: 'this key was used before: make a new one' };
  const { id, node, division, software, request, keyFingerprint, source } = asked;
  await tx.query(
    `INSERT INTO federation_enrolments (id, invitation, node, division, name, software, request, key_fingerprint, source, state, requested_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10)`,
    [id, invitation.id, node, division, invitation.name, software, request, keyFingerprint, source, now],
  );
  await tx.query('UPDATE federation_invitations SET used_at = $2 WHERE id = $1', [invitation.id, now]);
  const detail = { node, division, software };
  await appendAudit(tx, { at: now, actor: 'node', source, action: 'federation.ask', object: id, result: 'done', detail });
  const enrolment = await findByInvitation(tx, invitation.id);
  if (enrolment === null) throw new TypeError('a request that was just kept is not there');
  return { outcome: 'asked', enrolment };
}

async function lockInvitation(tx: Queryable, secretHash: Buffer) {
  const { rows } = await tx.query<{
    id: string;
    node: string;
    division: string;
    name: string;
    expiresAt: number;
    withdrawnAt: number | null;
  }>(
    `SELECT id, node, division, name, expires_at AS "expiresAt", withdrawn_at AS "withdrawnAt" FROM federation_invitations
     WHERE secret_hash = $1 FOR UPDATE`,
    [secretHash],
  );
  return rows[0] ?? null;
}

async function findByInvitation(tx: Queryable, invitation: string): Promise<StoredEnrolment | null> {
  const { rows } = await tx.query<StoredEnrolment>(
    `SELECT ${COLUMNS} FROM federation_enrolments e WHERE e.invitation = $1 ORDER BY e.requested_at DESC LIMIT 1 FOR UPDATE`,
    [invitation],
  );
  return rows[0] ?? null;
}

async function wasKeyUsed(tx: Queryable, keyFingerprint: string): Promise<boolean> {
  const { rows } = await tx.query('SELECT 1 FROM federation_enrolments WHERE key_fingerprint = $1 LIMIT 1', [keyFingerprint]);
  return rows.length > 0;
}

/** The request that was made with a token, locked; null when the token is not the one that it was made with. */
export async function lockOwnEnrolment(tx: Queryable, id: string, secretHash: Buffer): Promise<StoredEnrolment | null> {
  const { rows } = await tx.query<StoredEnrolment>(
    `SELECT ${COLUMNS} FROM federation_enrolments e JOIN federation_invitations i ON i.id = e.invitation
     WHERE e.id = $1 AND i.secret_hash = $2 FOR UPDATE OF e`,
    [id, secretHash],
  );
  return rows[0] ?? null;
}

/** Any request, locked; null when there is none. */
export async function lockEnrolment(tx: Queryable, id: string): Promise<StoredEnrolment | null> {
  const { rows } = await tx.query<StoredEnrolment>(`SELECT ${COLUMNS} FROM federation_enrolments e WHERE e.id = $1 FOR UPDATE`, [id]);
  return rows[0] ?? null;
}

/** Keeps the certificate that was issued to an approved request. */
export async function saveEnrolmentCertificate(tx: Queryable, id: string, certificate: string): Promise<void> {
  await tx.query('UPDATE federation_enrolments SET certificate = $2 WHERE id = $1', [id, certificate]);
}

/**
 * Lets in the node of a locked request, whose code a person there has read out. Certificates that it had before are good no more: who is let
 * in anew has a new key. Its certificate is issued when it fetches it.
 */
export async function approveEnrolment(tx: Queryable, enrolment: StoredEnrolment, code: string, by: By): Promise<void> {
  const { id, node, division, name } = enrolment;
  const { now, actor, source } = by;
  requireWaiting(enrolment);
  if (code !== spokenCode(enrolment.keyFingerprint))
    throw new FederationFault(
      'code-differs',
      'this is not the code of the request: have it read out again; if it still differs, refuse the request',
    );
  const [own] = await readCurrentEntities(tx, 'node');
  // The row of the node first, as everybody locks it who then touches its certificates.
  await enrolNode(tx, { node, name, division, timeZone: own?.timeZone ?? 'Asia/Shanghai' }, now);
  await revokeCertificates(tx, node, { now, actor, reason: 'let in anew with another key' });
  await decide(tx, enrolment, 'approved', null, by);
  await tellNodeChange(tx, { node, division, change: 'enrolled' }, now);
  await tx.query('SELECT pg_notify($1, $2)', [REVOCATION_CHANNEL, node]);
  const detail = { node, division, keyFingerprint: enrolment.keyFingerprint };
  await appendAudit(tx, { at: now, actor, source, action: 'federation.approve', object: id, result: 'done', detail });
}

/** Refuses a locked request for good: its token is used up. */
export async function refuseEnrolment(tx: Queryable, enrolment: StoredEnrolment, reason: string, by: By): Promise<void> {
  requireWaiting(enrolment);
  await decide(tx, enrolment, 'refused', reason, by);
  const { now, actor, source } = by;
  const detail = { node: enrolment.node, reason };
  await appendAudit(tx, { at: now, actor, source, action: 'federation.refuse', object: enrolment.id, result: 'done', detail });
}

function requireWaiting({ state }: StoredEnrolment): void {
  if (state !== 'waiting') throw new FederationFault('already-decided', `the request was ${state} before`);
}

async function decide(
  tx: Queryable,
  { id }: StoredEnrolment,
  state: 'approved' | 'refused',
  reason: string | null,
  { now, actor }: By,
): Promise<void> {
  await tx.query('UPDATE federation_enrolments SET state = $2, decided_at = $3, decided_by = $4, reason = $5 WHERE id = $1', [
    id,
    state,
    now,
    actor,
    reason,
  ]);
}

/** Requests within a scope, the newest first. */
export async function listEnrolments(db: Queryable, query: EnrolmentViewQuery, scope: Scope): Promise<Page<EnrolmentView>> {
  const before = decodeCursor('enrolments', TimeAndIdKey, query.cursor);
  const where = new Conditions();
  where.within('e.division', scope);
  where.equal('e.state', query.state);
  if (before) where.add(`(e.requested_at, e.id) < (${where.value(before[0])}, ${where.value(before[1])}::uuid)`);
  const { rows } = await db.query<StoredEnrolment>(
    `SELECT ${COLUMNS} FROM federation_enrolments e ${where} ORDER BY e.requested_at DESC, e.id DESC LIMIT ${where.value(query.limit + 1)}`,
    where.values,
  );
  return toPage(rows, query.limit, 'enrolments', (row) => [row.requestedAt, row.id], viewEnrolment);
}

/** A request as it is shown: without its code, which whoever approves has from the node. */
export function viewEnrolment(row: StoredEnrolment): EnrolmentView {
  const { id, node, division, name, software, source, state, decidedBy, reason } = row;
  return {
    ...{ id, node, division, name, software, source, state, decidedBy, reason },
    fetched: row.certificate !== null,
    requestedAt: timestamp(row.requestedAt),
    decidedAt: timestampOrNull(row.decidedAt),
  };
}
