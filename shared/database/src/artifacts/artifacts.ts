import { createHash, randomUUID } from 'node:crypto';
import type { Database, Queryable } from '../pool.ts';

/** Bytes that are kept and handed out: an evidence bundle, or a file of a report. */
export interface Artifact {
  readonly id: string;
  readonly kind: 'evidence' | 'report';
  /** File name under which it is handed out. */
  readonly name: string;
  readonly mediaType: string;
  /** Bytes as they are stored. */
  readonly size: number;
  /** SHA-256 of the stored bytes, as hexadecimal digits. */
  readonly sha256: string;
  readonly createdAt: number;
}

export type NewArtifact = Pick<Artifact, 'kind' | 'name' | 'mediaType'>;

/** Bytes of one part; the schema says at most 1 MiB. */
const PART_BYTES = 1 << 20;
/** Parts fetched in one query while reading. */
const PARTS_AT_ONCE = 4;

/** Keeps the bytes in one transaction: all of them, or nothing. Memory holds one part, whatever the length. */
export async function writeArtifact(
  db: Database,
  artifact: NewArtifact,
  bytes: AsyncIterable<Uint8Array>,
  now: number = Date.now(),
): Promise<{ id: string; size: number; sha256: string }> {
  return db.transaction((tx) => writeArtifactParts(tx, artifact, bytes, now));
}

/** The same inside the caller's transaction, whose snapshot the bytes may be made from while they are written. */
export async function writeArtifactParts(
  tx: Queryable,
  { kind, name, mediaType }: NewArtifact,
  bytes: AsyncIterable<Uint8Array>,
  now: number,
): Promise<{ id: string; size: number; sha256: string }> {
  const id = randomUUID();
  // Size and digest are known at the end; nobody sees the row before.
  await tx.query("INSERT INTO artifacts (id, kind, name, media_type, size, sha256, created_at) VALUES ($1, $2, $3, $4, 0, '', $5)", [
    id,
    kind,
    name,
    mediaType,
    now,
  ]);
  const hash = createHash('sha256');
  let size = 0;
  let part = 0;
  for await (const chunk of inParts(bytes)) {
    hash.update(chunk);
    size += chunk.byteLength;
    await tx.query('INSERT INTO artifact_parts (artifact, part, bytes) VALUES ($1, $2, $3)', [id, part++, chunk]);
  }
  const digest = hash.digest();
  await tx.query('UPDATE artifacts SET size = $2, sha256 = $3 WHERE id = $1', [id, size, digest]);
  return { id, size, sha256: digest.toString('hex') };
}

/** What is known of it; undefined when there is none such. */
export async function findArtifact(db: Queryable, id: string): Promise<Artifact | undefined> {
  const result = await db.query<{ [K in keyof Artifact]: Artifact[K] }>(
    `SELECT id, kind, name, media_type AS "mediaType", size, encode(sha256, 'hex') AS sha256, created_at AS "createdAt"
     FROM artifacts WHERE id = $1`,
    [id],
  );
  return result.rows[0];
}

/** Its bytes in order, a few parts at a time. Throws when a part is missing: a file cut short must not pass for whole. */
export async function* readArtifact(db: Queryable, id: string): AsyncGenerator<Uint8Array> {
  let next = 0;
  let size = 0;
  for (;;) {
    const result = await db.query<{ part: number; bytes: Buffer }>(
      'SELECT part, bytes FROM artifact_parts WHERE artifact = $1 AND part >= $2 ORDER BY part LIMIT $3',
      [id, next, PARTS_AT_ONCE],
    );
    for (const { part, bytes } of result.rows) {
      if (part !== next) throw new Error(`part ${next} of artifact ${id} is missing`);
      next++;
      size += bytes.byteLength;
      yield bytes;
    }
    if (result.rows.length < PARTS_AT_ONCE) break;
  }
  const known = await findArtifact(db, id);
  if (known?.size !== size) throw new Error(`artifact ${id} has ${size} bytes where ${known?.size ?? 'none'} are known`);
}

/** Chunks of any length as parts of exactly `PART_BYTES`, the last one excepted. */
async function* inParts(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let pending: Uint8Array[] = [];
  let held = 0;
  for await (const chunk of bytes) {
    let rest = chunk;
    while (held + rest.byteLength >= PART_BYTES) {
      const wanted = PART_BYTES - held;
      yield Buffer.concat([...pending, rest.subarray(0, wanted)]);
      rest = rest.subarray(wanted);
      pending = [];
      held = 0;
    }
    // A copy: who made the chunk may use its memory again.
    if (rest.byteLength > 0) pending.push(Buffer.from(rest));
    held += rest.byteLength;
  }
  if (held > 0) yield Buffer.concat(pending);
}
