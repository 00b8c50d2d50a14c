/** How this node came to report to another: its request, its certificate, and the one that takes its place. Keys and tokens are sealed before they come here. */
import { timestampOrNull, type UplinkView } from '@beacontower/contracts';
import type { Queryable, Transaction } from '../pool.ts';
import { retireGiven } from './retire-given.ts';
import { UPLINK_READER } from './uplink.ts';

/** Channel notified when this node joined, left, or has another certificate. */
export const MEMBERSHIP_CHANNEL = 'beacontower_uplink_membership';

/** What is kept of the node above. Times are epoch ms. */
export interface UplinkMembership {
  readonly state: 'enrolling' | 'enrolled' | 'left';
  readonly url: string;
  readonly sealedToken: string | null;
  readonly enrolment: string | null;
  readonly code: string | null;
  /** PEM. */
  readonly authority: string | null;
  readonly authorityFingerprint: string;
  readonly parent: string | null;
  readonly certificate: string | null;
  readonly sealedKey: string;
  readonly notAfter: number | null;
  readonly nextSealedKey: string | null;
  readonly [column: string]: unknown;
}

/** Null when this node never joined another. */
export async function readMembership(db: Queryable): Promise<UplinkMembership | null> {
  const { rows } = await db.query<UplinkMembership>(
    `SELECT state, url, sealed_token AS "sealedToken", enrolment, code, authority, authority_fingerprint AS "authorityFingerprint", parent,
       certificate, sealed_key AS "sealedKey", not_after AS "notAfter", next_sealed_key AS "nextSealedKey" FROM uplink`,
  );
  return rows[0] ?? null;
}

/** What a node begins to join with. */
export interface Joining {
  readonly url: string;
  readonly sealedToken: string;
  readonly sealedKey: string;
  readonly authority: string;
  readonly authorityFingerprint: string;
  readonly parent: string;
}

/**
 * Begins to join. The same node above goes on with the log that it has of this one; another one is told everything from the beginning, in a
 * new incarnation.
 */
export async function beginJoining(tx: Transaction, joining: Joining, now: number): Promise<void> {
  const { url, sealedToken, sealedKey, authority, authorityFingerprint, parent } = joining;
  const { rows } = await tx.query<{ authority: string }>('SELECT authority_fingerprint AS authority FROM uplink FOR UPDATE');
  if (rows[0] !== undefined && rows[0].authority !== authorityFingerprint) await forgetParent(tx, now);
  await tx.query(
    `INSERT INTO uplink (url, state, sealed_token, sealed_key, authority, authority_fingerprint, parent, joined_at, incarnation)
     VALUES ($1, 'enrolling', $2, $3, $4, $5, $6, $7, gen_random_uuid())
     ON CONFLICT (singleton) DO UPDATE SET url = excluded.url, state = 'enrolling', sealed_token = excluded.sealed_token,
       sealed_key = excluded.sealed_key, authority = excluded.authority, authority_fingerprint = excluded.authority_fingerprint,
       parent = excluded.parent, joined_at = excluded.joined_at, enrolment = NULL, code = NULL, certificate = NULL, not_after = NULL,
       next_certificate = NULL, next_sealed_key = NULL, failure = NULL`,
    [url, sealedToken, sealedKey, authority, authorityFingerprint, parent, now],
  );
  await tellMembership(tx);
}

// What another node above acknowledged says nothing of this one.
async function forgetParent(tx: Transaction, now: number): Promise<void> {
  await tx.query('DELETE FROM uplink');
  await tx.query('DELETE FROM uplink_log');
  await tx.query('DELETE FROM uplink_items');
  await tx.query('DELETE FROM log_readers WHERE name = $1', [UPLINK_READER]);
  await retireGiven(tx, now);
}

/** Notes the request that was made: its id there, and the code that is read out. */
export async function saveEnrolmentAsked(db: Queryable, enrolment: string, code: string): Promise<void> {
  await db.query(`UPDATE uplink SET enrolment = $1, code = $2 WHERE state = 'enrolling'`, [enrolment, code]);
}

/** Keeps the certificate: from now on this node reports. False when it was kept, or given up, before. */
export async function saveEnrolled(tx: Queryable, enrolment: string, certificate: string, notAfter: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE uplink SET state = 'enrolled', certificate = $2, not_after = $3, sealed_token = NULL, code = NULL
     WHERE state = 'enrolling' AND enrolment = $1`,
    [enrolment, certificate, notAfter],
  );
  if (rowCount === 0) return false;
  await tellMembership(tx);
  return true;
}

/** Keeps the key that a renewal is asked for with, so that asking again asks for the same; returns the one that is there. */
export async function keepNextKey(db: Queryable, sealedKey: string): Promise<string> {
  const { rows } = await db.query<{ key: string }>(
    `UPDATE uplink SET next_sealed_key = coalesce(next_sealed_key, $1) WHERE state = 'enrolled' RETURNING next_sealed_key AS key`,
    [sealedKey],
  );
  return rows[0]?.key ?? sealedKey;
}

/** Puts the renewed certificate, and its key, in the place of the one before. False when that was done before. */
export async function saveRenewed(tx: Queryable, sealedKey: string, certificate: string, notAfter: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE uplink SET certificate = $2, not_after = $3, sealed_key = next_sealed_key, next_sealed_key = NULL, next_certificate = NULL
     WHERE state = 'enrolled' AND next_sealed_key = $1`,
    [sealedKey, certificate, notAfter],
  );
  if (rowCount === 0) return false;
  await tellMembership(tx);
  return true;
}

/** Stops reporting; what was said stays with the node above, and the log here. False when this node reports to none. */
export async function leaveUplink(tx: Queryable): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE uplink SET state = 'left', sealed_token = NULL, code = NULL, certificate = NULL, sealed_key = '', next_sealed_key = NULL, not_after = NULL
     WHERE state <> 'left'`,
  );
  if (rowCount === 0) return false;
  await tellMembership(tx);
  return true;
}

async function tellMembership(tx: Queryable): Promise<void> {
  await tx.query('SELECT pg_notify($1, $2)', [MEMBERSHIP_CHANNEL, '']);
}

interface ViewRow {
  readonly state: UplinkMembership['state'];
  readonly url: string;
  readonly parent: string | null;
  readonly code: string | null;
  readonly not_after: number | null;
  readonly joined_at: number;
  readonly incarnation: string;
  readonly built: number;
  readonly acknowledged: number;
  readonly acknowledged_at: number | null;
  readonly heard_at: number | null;
  readonly failure: { readonly at: number; readonly code: string; readonly detail: string } | null;
  readonly [column: string]: unknown;
}

/** The link to the node above, as it is shown. */
export async function viewUplink(db: Queryable): Promise<UplinkView> {
  const { rows } = await db.query<ViewRow>(
    `SELECT state, url, parent, code, not_after, joined_at, incarnation::text AS incarnation, built, acknowledged, acknowledged_at, heard_at, failure
     FROM uplink`,
  );
  const row = rows[0];
  return {
    state: row?.state ?? 'none',
    url: row?.url ?? null,
    parent: row?.parent ?? null,
    code: row?.code ?? null,
    certificateEnds: timestampOrNull(row?.not_after ?? null),
    joinedAt: timestampOrNull(row?.joined_at ?? null),
    incarnation: row?.incarnation ?? null,
    built: row?.built ?? 0,
    acknowledged: row?.acknowledged ?? 0,
    acknowledgedAt: timestampOrNull(row?.acknowledged_at ?? null),
    heardAt: timestampOrNull(row?.heard_at ?? null),
    failure: row?.failure == null ? null : { ...row.failure, at: new Date(row.failure.at).toISOString() },
  };
}
