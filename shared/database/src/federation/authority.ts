/** The authority of this node, what it issued, and the invitations and requests of nodes below. Keys are sealed before they come here. */
import type { Queryable } from '../pool.ts';

export interface StoredAuthority {
  /** PEM. */
  readonly certificate: string;
  readonly sealedKey: string;
  readonly [column: string]: unknown;
}

export async function readAuthority(db: Queryable): Promise<StoredAuthority | null> {
  const { rows } = await db.query<StoredAuthority>('SELECT certificate, sealed_key AS "sealedKey" FROM federation_authority');
  return rows[0] ?? null;
}

/** Of two that make one at once the first stays; returns the one that is there. */
export async function keepAuthority(
  db: Queryable,
  made: Pick<StoredAuthority, 'certificate' | 'sealedKey'>,
  now: number,
): Promise<StoredAuthority> {
  await db.query('INSERT INTO federation_authority (certificate, sealed_key, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    made.certificate,
    made.sealedKey,
    now,
  ]);
  return (await readAuthority(db)) ?? made;
}

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

export async function saveCertificate(
  tx: Queryable,
  issued: Omit<StoredCertificate, 'revokedAt'>,
  by: { readonly now: number; readonly actor: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO federation_certificates (serial, node, division, fingerprint, certificate, not_before, not_after, issued_at, issued_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      issued.serial,
      issued.node,
      issued.division,
      issued.fingerprint,
      issued.certificate,
      issued.notBefore,
      issued.notAfter,
      by.now,
      by.actor,
    ],
  );
}

export async function findCertificate(db: Queryable, serial: string): Promise<StoredCertificate | null> {
  const { rows } = await db.query<StoredCertificate>(
    `SELECT ${CERTIFICATE} FROM federation_certificates c WHERE serial = $1
       AND EXISTS (SELECT FROM federation_nodes n WHERE n.node = c.node AND n.removed_at IS NULL)`,
    [serial],
  );
  return rows[0] ?? null;
}

/** Lets a node in, or in again after it was removed. */
export async function enrolNode(
  tx: Queryable,
  node: { readonly node: string; readonly name: string; readonly division: string; readonly timeZone: string },
  now: number,
): Promise<void> {
  await tx.query(
    `INSERT INTO federation_nodes (node, name, division, time_zone, enrolled_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (node) DO UPDATE SET name = excluded.name, division = excluded.division, via = NULL, removed_at = NULL`,
    [node.node, node.name, node.division, node.timeZone, now],
  );
}

/** What the listener shows. */
export interface StoredServer extends StoredAuthority {
  readonly names: readonly string[];
  readonly notAfter: number;
}

export async function readServer(db: Queryable): Promise<StoredServer | null> {
  const { rows } = await db.query<StoredServer>(
    'SELECT certificate, sealed_key AS "sealedKey", names, not_after AS "notAfter" FROM federation_server',
  );
  return rows[0] ?? null;
}

export async function saveServer(
  db: Queryable,
  server: Pick<StoredServer, 'certificate' | 'sealedKey' | 'names' | 'notAfter'>,
): Promise<void> {
  await db.query(
    `INSERT INTO federation_server (certificate, sealed_key, names, not_after) VALUES ($1, $2, $3, $4)
     ON CONFLICT (singleton) DO UPDATE SET certificate = excluded.certificate, sealed_key = excluded.sealed_key, names = excluded.names, not_after = excluded.not_after`,
    [server.certificate, server.sealedKey, server.names, server.notAfter],
  );
}
