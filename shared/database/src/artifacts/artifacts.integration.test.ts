import { createHash, randomBytes } from 'node:crypto';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../pool.ts';
import { findArtifact, readArtifact, writeArtifact } from './artifacts.ts';

let server: TestDatabase;
let db: Database;

beforeAll(async () => {
  server = await startDatabase();
  ({ database: db } = server);
});
afterAll(() => server?.stop());

async function* chunks(bytes: Buffer, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}
async function all(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const read: Uint8Array[] = [];
  for await (const chunk of stream) read.push(chunk);
  return read;
}
const written = (bytes: Buffer, length: number) =>
  writeArtifact(db, { kind: 'report', name: 'a.bin', mediaType: 'application/octet-stream' }, chunks(bytes, length));

describe('an artifact', () => {
  it.each([
    ['nothing', 0, 10],
    ['one byte', 1, 10],
    ['exactly a part', 1 << 20, 1 << 20],
    ['many parts of small chunks', (5 << 20) + 7, 60_001],
    ['many parts of one large chunk', (9 << 20) + 1, 10 << 20],
  ])('comes back as it was written: %s', async (_, size, chunk) => {
    const bytes = randomBytes(size);
    const made = await written(bytes, chunk);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(made).toMatchObject({ size, sha256 });
    expect(await findArtifact(db, made.id)).toMatchObject({ size, sha256, name: 'a.bin', kind: 'report' });
    expect(Buffer.concat(await all(readArtifact(db, made.id))).equals(bytes)).toBe(true);
    const parts = await db.query<{ most: number | null }>('SELECT max(length(bytes)) AS most FROM artifact_parts WHERE artifact = $1', [
      made.id,
    ]);
    expect(parts.rows[0]?.most ?? 0).toBeLessThanOrEqual(1 << 20);
  });

  it('leaves nothing when what makes it fails', async () => {
    const failing = async function* () {
      yield randomBytes(3 << 20);
      throw new Error('half way');
    };
    await expect(writeArtifact(db, { kind: 'evidence', name: 'broken', mediaType: 'x' }, failing())).rejects.toThrow('half way');
    expect((await db.query("SELECT 1 FROM artifacts WHERE name = 'broken'")).rowCount).toBe(0);
  });

  it('with a part gone does not pass for whole', async () => {
    const made = await written(randomBytes(6 << 20), 100_000);
    await db.query('DELETE FROM artifact_parts WHERE artifact = $1 AND part = 2', [made.id]);
    await expect(all(readArtifact(db, made.id))).rejects.toThrow('part 2');
    await db.query('DELETE FROM artifact_parts WHERE artifact = $1 AND part > 1', [made.id]);
    await expect(all(readArtifact(db, made.id))).rejects.toThrow('bytes');
  });
});
