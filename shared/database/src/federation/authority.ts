/** The authority of this node and what its listener shows. Keys are sealed before they come here. */
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

/** What the listener shows. */
export interface StoredServer extends StoredAuthority {
  readonly names: readonly string[];
  readonly notAfter: number;
  /** Where nodes below reach the listener; null before it was ever open. */
  readonly url: string | null;
}

export async function readServer(db: Queryable): Promise<StoredServer | null> {
  const { rows } = await db.query<StoredServer>(
    'SELECT certificate, sealed_key AS "sealedKey", names, not_after AS "notAfter", url FROM federation_server',
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

/** Notes where nodes below reach the listener: invitations name it. */
export async function saveListenerUrl(db: Queryable, url: string): Promise<void> {
  await db.query('UPDATE federation_server SET url = $1 WHERE url IS DISTINCT FROM $1', [url]);
}
