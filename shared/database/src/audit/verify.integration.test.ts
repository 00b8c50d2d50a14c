import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSigningKey } from '@beacontower/runtime';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { appendAudit } from '../access/audit.ts';
import { createDatabase } from '../pool.ts';
import { appendCheckpoint, checkpointFile, readCheckpoints } from './checkpoint-file.ts';
import { linkWaitingAudit, signAuditHead } from './checkpoints.ts';
import { listAudit, readAudit } from './list.ts';
import { type AuditExpectation, verifyAudit } from './verify.ts';

const NOW = Date.UTC(2026, 2, 10, 12);
const directory = mkdtempSync(join(tmpdir(), 'bt-audit-'));
const signer = makeSigningKey(join(directory, 'signing.key'));
const stranger = makeSigningKey(join(directory, 'stranger.key'));
let held: TestDatabase;

beforeAll(async () => {
  held = await startDatabase();
});

// Every test tampers with a chain of its own: forty rows, the tenth and the last signed.
beforeEach(async () => {
  await behindTheBack('TRUNCATE audit_checkpoints, audit_unlinked, audit_chain, audit RESTART IDENTITY CASCADE');
  for (let i = 1; i <= 40; i++) {
    await append(i);
    if (i === 10 || i === 40) await signAuditHead(held.database, signer, NOW + i);
  }
});

afterEach(async () => rmSync(checkpointFile(directory), { force: true }));

afterAll(async () => {
  await held.stop();
  rmSync(directory, { recursive: true });
});

it('finds nothing wrong with a chain nobody touched, whatever stands in it', async () => {
  await appendAudit(held.database, {
    at: NOW,
    actor: '值班长 \u{1F525} "quoted"\n',
    source: null,
    action: '',
    object: '',
    result: 'done',
    detail: { z: 1e21, a: [null, true, '\u00e9\u0065\u0301'], nested: { 键: -0.5 } },
  });
  const found = await verify();
  expect(found).toMatchObject({ rows: 41, waiting: 0, checkpoints: 2, signedUpTo: 40, faultCount: 0, faults: [] });
  expect(found.head?.sequence).toBe(41);
});

it.each<[string, string[], { code: string; sequence: number | null }[]]>([
  ['a changed row', ["UPDATE audit SET actor = 'somebody else' WHERE id = 5"], [{ code: 'row-changed', sequence: 5 }]],
  [
    'a moved boundary between two fields',
    ["UPDATE audit SET actor = actor || 'x', action = substr(action, 2) WHERE id = 5"],
    [{ code: 'row-changed', sequence: 5 }],
  ],
  ['an empty field in place of a missing one', ["UPDATE audit SET source = '' WHERE id = 7"], [{ code: 'row-changed', sequence: 7 }]],
  ['a row that is gone', ['DELETE FROM audit WHERE id = 20'], [{ code: 'row-missing', sequence: 20 }]],
  [
    'a row and its link that are gone',
    ['DELETE FROM audit_chain WHERE sequence = 20', 'DELETE FROM audit WHERE id = 20'],
    [{ code: 'missing-link', sequence: 20 }],
  ],
  [
    'a link put in the place of another',
    ["UPDATE audit_chain SET previous = sha256('x') WHERE sequence = 15"],
    [
      { code: 'link-broken', sequence: 15 },
      { code: 'row-changed', sequence: 15 },
    ],
  ],
  [
    'a row put in beside the chain',
    ["INSERT INTO audit (at, actor, action, object, result) VALUES (1, 'x', 'y', '', 'done')"],
    [{ code: 'unlinked', sequence: null }],
  ],
  [
    'a tail cut off',
    ['DELETE FROM audit_chain WHERE sequence > 30', 'DELETE FROM audit WHERE id > 30'],
    [{ code: 'checkpoint-differs', sequence: 40 }],
  ],
  [
    'a link put in far away',
    ["INSERT INTO audit_chain SELECT 9000000000000000, 41, '\\x00', '\\x00'"],
    [
      { code: 'missing-link', sequence: 41 },
      { code: 'row-missing', sequence: 9_000_000_000_000_000 },
    ],
  ],
  [
    'a checkpoint changed',
    ["UPDATE audit_checkpoints SET hash = sha256('x') WHERE sequence = 10"],
    [{ code: 'checkpoint-unsigned', sequence: 10 }],
  ],
  [
    'all of it gone',
    ['DELETE FROM audit_chain', 'DELETE FROM audit'],
    [
      { code: 'checkpoint-differs', sequence: 10 },
      { code: 'checkpoint-differs', sequence: 40 },
    ],
  ],
])('tells of %s, and where', async (_name, statements, expected) => {
  for (const statement of statements) await behindTheBack(statement);
  const found = await verify();
  expect(found.faults.map(({ code, sequence }) => ({ code, sequence }))).toEqual(expected);
  expect(found.faultCount).toBe(expected.length);
});

it('tells of a past that was changed and linked anew, by what was signed before', async () => {
  await behindTheBack("UPDATE audit SET actor = 'somebody else' WHERE id = 5");
  await linkAnew();
  const found = await verify();
  expect(found.faults.map(({ code, sequence }) => [code, sequence])).toEqual([
    ['checkpoint-differs', 10],
    ['checkpoint-differs', 40],
  ]);
  expect(found.signedUpTo).toBe(0);
});

it('tells of a tail cut off with its checkpoints, by those kept outside and by a place written down', async () => {
  const { head } = await verify();
  const path = checkpointFile(directory);
  await append(41);
  const signed = await signAuditHead(held.database, signer, NOW);
  if (signed === null) throw new Error('nothing was signed');
  appendCheckpoint(path, signed);
  await behindTheBack('DELETE FROM audit_chain WHERE sequence > 30');
  await behindTheBack('DELETE FROM audit_checkpoints WHERE sequence > 30');
  await behindTheBack('DELETE FROM audit WHERE id > 30');
  expect((await verify()).faultCount).toBe(0);
  expect((await verify({ kept: readCheckpoints(path).checkpoints })).faults.map(({ code, sequence }) => [code, sequence])).toEqual([
    ['checkpoint-differs', 41],
    ['checkpoint-differs', 41],
  ]);
  expect((await verify({ head })).faults).toMatchObject([{ code: 'checkpoint-differs', sequence: 40 }]);
});

it('trusts no checkpoint that another key signed', async () => {
  await append(41);
  await signAuditHead(held.database, stranger, NOW);
  const found = await verify();
  expect(found.faults).toMatchObject([{ code: 'checkpoint-unsigned', sequence: 41 }]);
  expect(found.signedUpTo).toBe(40);
  expect((await verify({ keys: [signer.publicKey, stranger.publicKey] })).faults).toEqual([]);
});

it('signs a place once, and nothing where there is nothing', async () => {
  expect(await signAuditHead(held.database, signer, NOW)).toBeNull();
  await behindTheBack('TRUNCATE audit_checkpoints, audit_unlinked, audit_chain, audit CASCADE');
  expect(await signAuditHead(held.database, signer, NOW)).toBeNull();
  expect(await verify()).toMatchObject({ rows: 0, head: null, faults: [] });
});

it('names the first hundred faults and counts all', async () => {
  for (let i = 41; i <= 150; i++) await append(i);
  await behindTheBack("UPDATE audit SET result = 'done?'");
  const found = await verify();
  expect(found.faults).toHaveLength(100);
  expect(found.faultCount).toBe(150);
});

it('waits for rows of transactions that cannot link themselves, and not for ever', async () => {
  await held.database.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await appendAudit(tx, { ...entry(41), at: NOW });
  });
  expect(await verify()).toMatchObject({ rows: 41, waiting: 1, faults: [] });
  expect((await verify({ now: NOW + 3_600_000 })).faults).toMatchObject([{ code: 'unlinked' }]);
  expect(await linkWaitingAudit(held.database)).toBe(1);
  expect(await verify({ now: NOW + 3_600_000 })).toMatchObject({ rows: 41, waiting: 0, faults: [] });
});

it('keeps rows, links and checkpoints from being changed by statements', async () => {
  for (const table of ['audit', 'audit_chain', 'audit_checkpoints']) {
    await expect(held.database.query(`DELETE FROM ${table}`)).rejects.toThrow('only ever appended');
    await expect(held.database.query(`TRUNCATE ${table} CASCADE`)).rejects.toThrow('only ever appended');
  }
  await expect(held.database.query("UPDATE audit SET actor = 'x'")).rejects.toThrow('only ever appended');
});

it('links rows of many at once without a gap', async () => {
  const other = createDatabase({ url: held.server.url, applicationName: 'test', maxConnections: 8 });
  try {
    await Promise.all(Array.from({ length: 200 }, (_, i) => appendAudit(other, entry(i + 41))));
    expect(await verify()).toMatchObject({ rows: 240, faults: [], head: { sequence: 240 } });
  } finally {
    await other.close();
  }
});

it('lists newest first with filters and pages, and reads all oldest first', async () => {
  const first = await listAudit(held.database, { limit: 15 });
  const second = await listAudit(held.database, { limit: 30, cursor: first.nextCursor ?? undefined });
  expect([...first.items, ...second.items].map(({ sequence }) => sequence)).toEqual(Array.from({ length: 40 }, (_, i) => 40 - i));
  expect(second.nextCursor).toBeNull();
  const filtered = await listAudit(held.database, { limit: 50, actor: 'actor 1', action: 'DO_', result: 'done', from: NOW, to: NOW + 31 });
  expect(filtered.items).toEqual([]);
  const some = await listAudit(held.database, { limit: 50, actor: 'actor 1', action: 'Thing', result: 'done', from: NOW, to: NOW + 31 });
  expect(some.items.map(({ sequence }) => sequence)).toEqual([28, 25, 22, 19, 16, 13, 10, 7, 4, 1]);
  const read: (number | null)[] = [];
  for await (const batch of readAudit(held.database, { actor: 'actor 1' })) read.push(...batch.map(({ sequence }) => sequence));
  expect(read).toEqual([1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 34, 37, 40]);
});

it('reads a file of checkpoints that a crash has torn', () => {
  const path = checkpointFile(directory);
  const checkpoint = { sequence: 1, hash: 'a'.repeat(64), at: 1, keyId: 'k', signature: 's' };
  appendCheckpoint(path, checkpoint);
  appendFileSync(path, '{"sequence":2,"ha');
  appendCheckpoint(path, { ...checkpoint, sequence: 3 });
  expect(readCheckpoints(path)).toEqual({ checkpoints: [checkpoint, { ...checkpoint, sequence: 3 }], unreadable: 1 });
  expect(readCheckpoints(`${path}.none`)).toEqual({ checkpoints: [], unreadable: 0 });
});

function entry(i: number) {
  return {
    at: NOW + i,
    actor: `actor ${i % 3}`,
    source: '127.0.0.1',
    action: 'do thing',
    object: String(i),
    result: 'done',
    detail: { i },
  };
}

function append(i: number): Promise<void> {
  return appendAudit(held.database, entry(i));
}

function verify(more: Partial<AuditExpectation> = {}) {
  return verifyAudit(held.database, { keys: [signer.publicKey], kept: [], head: null, now: NOW, elapsed: () => 0, ...more });
}

/** As somebody with all rights over the database, but without the node's key. */
async function behindTheBack(statement: string): Promise<void> {
  await held.database.transaction(async (tx) => {
    await tx.query(
      'ALTER TABLE audit DISABLE TRIGGER USER; ALTER TABLE audit_chain DISABLE TRIGGER USER; ALTER TABLE audit_checkpoints DISABLE TRIGGER USER',
    );
    await tx.query('SET LOCAL session_replication_role = replica');
    await tx.query(statement);
    await tx.query('SET LOCAL session_replication_role = origin');
    await tx.query(
      'ALTER TABLE audit ENABLE TRIGGER USER; ALTER TABLE audit_chain ENABLE TRIGGER USER; ALTER TABLE audit_checkpoints ENABLE TRIGGER USER',
    );
  });
}

/** As one who knows how links are made. */
async function linkAnew(): Promise<void> {
  await behindTheBack('TRUNCATE audit_chain');
  await held.database.query(
    'DO $$ DECLARE r audit; BEGIN FOR r IN SELECT * FROM audit ORDER BY id LOOP PERFORM audit_link(r); END LOOP; END $$',
  );
}
