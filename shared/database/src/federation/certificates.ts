/** What the authority of this node issued to nodes below. */
import type { Queryable } from '../pool.ts';

/** A certificate as it was issued. Times are epoch ms. */
export interface StoredCertificate {
  readonly serial: string;
  readonly node: string;
  readonly division: string;
  readonly fingerprint: string;
  readonly certificate: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly revokedAt: number | null;
  readonly [column: string]: unknown;
}

const CERTIFICATE = `serial, node, division, fingerprint, certificate, not_before AS "notBefore", not_after AS "notAfter", revoked_at AS "revokedAt"`;

/** Notes what was issued, and by whose word. */
export async function saveCertificate(
  tx: Queryable,
  issued: Omit<StoredCertificate, 'revokedAt'>,
  by: { readonly now: number; readonly actor: string },
): Promise<void> {
  const { serial, node, division, fingerprint, certificate, notBefore, notAfter } = issued;
  await tx.query(
    `INSERT INTO federation_certificates (serial, node, division, fingerprint, certificate, not_before, not_after, issued_at, issued_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [serial, node, division, fingerprint, certificate, notBefore, notAfter, by.now, by.actor],
  );
}

/** One that was issued here, revoked ones included; null: there is none, or its node is none of those that report here and it was not revoked. */
export async function findCertificate(db: Queryable, serial: string): Promise<StoredCertificate | null> {
  const { rows } = await db.query<StoredCertificate>(
    `SELECT ${CERTIFICATE} FROM federation_certificates c WHERE serial = $1 AND (revoked_at IS NOT NULL
       OR EXISTS (SELECT FROM federation_nodes n WHERE n.node = c.node AND n.removed_at IS NULL))`,
    [serial],
  );
  return rows[0] ?? null;
}

/** What a node may show at a moment: neither ended nor revoked, the newest first. */
export async function readGoodCertificates(db: Queryable, node: string, now: number): Promise<StoredCertificate[]> {
  const { rows } = await db.query<StoredCertificate>(
    `SELECT ${CERTIFICATE} FROM federation_certificates WHERE node = $1 AND revoked_at IS NULL AND not_after > $2 ORDER BY not_after DESC, serial`,
    [node, now],
  );
  return rows;
}

/** Revokes all that a node may show; returns how many. */
export async function revokeCertificates(
  tx: Queryable,
  node: string,
  { now, actor, reason }: { readonly now: number; readonly actor: string; readonly reason: string },
): Promise<number> {
  const { rowCount } = await tx.query(
    'UPDATE federation_certificates SET revoked_at = $2, revoked_by = $3, reason = $4 WHERE node = $1 AND revoked_at IS NULL',
    [node, now, actor, reason],
  );
  return rowCount ?? 0;
}
