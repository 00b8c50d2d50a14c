import { isSignedBy, keyFingerprint, type Signer } from '@beacontower/runtime';
import type { Database, Queryable } from '../pool.ts';

/** A place in the chain that the node signed: whoever changes the past must now have the node's key too, which is not in the database. */
export interface AuditCheckpoint {
  readonly sequence: number;
  /** Hexadecimal. */
  readonly hash: string;
  /** Epoch ms. */
  readonly at: number;
  /** Fingerprint of the key. */
  readonly keyId: string;
  /** Base64. */
  readonly signature: string;
}

interface Row {
  sequence: number;
  hash: Buffer;
  at: number;
  key_id: string;
  signature: Buffer;
}

/** Links what still waits for its place in the chain; returns how many were. */
export async function linkWaitingAudit(db: Queryable): Promise<number> {
  const result = await db.query<{ linked: number }>('SELECT audit_link_waiting() AS linked');
  return result.rows[0]?.linked ?? 0;
}

/** Signs the newest place of the chain; null when it is signed already or there is none. */
export async function signAuditHead(database: Database, signer: Signer, now: number): Promise<AuditCheckpoint | null> {
  const found = await database.query<{ sequence: number; hash: Buffer }>(
    `SELECT c.sequence, c.hash FROM audit_chain c
     WHERE NOT EXISTS (SELECT 1 FROM audit_checkpoints p WHERE p.sequence = c.sequence) AND c.sequence = (SELECT max(sequence) FROM audit_chain)`,
  );
  const head = found.rows[0];
  if (!head) return null;
  const hash = head.hash.toString('hex');
  const place = { sequence: head.sequence, hash, at: now };
  const signature = signer.sign(messageOf(place));
  const keyId = keyFingerprint(signer.publicKey);
  const inserted = await database.query(
    'INSERT INTO audit_checkpoints (sequence, hash, at, key_id, signature) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (sequence) DO NOTHING',
    [head.sequence, head.hash, now, keyId, Buffer.from(signature, 'base64')],
  );
  return inserted.rowCount === 1 ? { ...place, keyId, signature } : null;
}

/** Every checkpoint that the database holds, in order. */
export async function listAuditCheckpoints(db: Queryable): Promise<AuditCheckpoint[]> {
  const result = await db.query<Row>('SELECT sequence, hash, at, key_id, signature FROM audit_checkpoints ORDER BY sequence');
  return result.rows.map(({ sequence, hash, at, key_id, signature }) => ({
    sequence,
    hash: hash.toString('hex'),
    at,
    keyId: key_id,
    signature: signature.toString('base64'),
  }));
}

/** Whether one of the keys (base64 of SPKI) made the signature. */
export function isSignedCheckpoint(checkpoint: AuditCheckpoint, keys: readonly string[]): boolean {
  return keys.some((key) => isSignedBy(key, messageOf(checkpoint), checkpoint.signature));
}

// A first line of its own: nothing else that the key signs can be taken for a checkpoint.
function messageOf({ sequence, hash, at }: Pick<AuditCheckpoint, 'sequence' | 'hash' | 'at'>): Buffer {
  return Buffer.from(`beacontower audit checkpoint 1\n${sequence}\n${hash}\n${at}\n`, 'utf8');
}
