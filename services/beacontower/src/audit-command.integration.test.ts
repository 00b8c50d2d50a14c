import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendAudit, appendCheckpoint, checkpointFile, signAuditHead } from '@beacontower/database';
import { makeSigningKey } from '@beacontower/runtime';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { runCommandLine } from './command-line.ts';

const data = mkdtempSync(join(tmpdir(), 'bt-audit-command-'));
let held: TestDatabase;

beforeAll(async () => {
  held = await startDatabase();
  vi.stubEnv('BEACONTOWER_DATABASE_URL', held.server.url);
  for (let i = 1; i <= 20; i++)
    await appendAudit(held.database, { at: i, actor: 'a', source: null, action: 'do', object: '', result: 'done', detail: {} });
  const signed = await signAuditHead(held.database, makeSigningKey(join(data, 'signing.key')), 1);
  if (signed !== null) appendCheckpoint(checkpointFile(data), signed);
});

afterEach(() => {
  process.exitCode = undefined;
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await held.stop();
  rmSync(data, { recursive: true });
});

it('says that it agrees, where it ends, and up to where it is signed', async () => {
  const said = await run('audit', 'verify', '--data', data);
  expect(said).toMatch(
    /^20 rows checked in \d+\.\d s\nthe chain ends at 20:[0-9a-f]{64}\n1 checkpoints; signed up to 20, 0 rows since\nthe audit agrees/,
  );
  expect(process.exitCode).toBe(0);
  expect(await run('audit', 'verify', '--data', data, '--language', 'zh')).toContain('审计日志完整');
});

it('holds it against a place that was written down', async () => {
  const { head } = JSON.parse(await run('audit', 'verify', '--data', data, '--json')) as { head: { sequence: number; hash: string } };
  await run('audit', 'verify', '--data', data, '--head', `${head.sequence}:${head.hash}`);
  expect(process.exitCode).toBe(0);
  const said = await run('audit', 'verify', '--data', data, '--head', `${head.sequence}:${'0'.repeat(64)}`);
  expect(said).toContain('a place that was fixed is another now');
  expect(process.exitCode).toBe(1);
});

it('says what is wrong, where, in both languages, with exit code 1', async () => {
  await rename('b');
  expect(await run('audit', 'verify', '--data', data)).toContain(
    '  at 7: a row was changed (row-changed: row 7 (b, do, 1970-01-01T00:00:00.007Z)',
  );
  expect(process.exitCode).toBe(1);
  expect(await run('audit', 'verify', '--data', data, '--language', 'zh')).toContain('第 7 号: 记录被改动');
  const found = JSON.parse(await run('audit', 'verify', '--data', data, '--json')) as object;
  expect(found).toMatchObject({ agrees: false, faultCount: 1, faults: [{ code: 'row-changed', sequence: 7 }] });
  await rename('a');
});

it('trusts no checkpoint without the key', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'bt-audit-command-'));
  try {
    expect(await run('audit', 'verify', '--data', elsewhere)).toContain('checkpoint-unsigned');
    expect(process.exitCode).toBe(1);
    const key = makeSigningKey(join(data, 'signing.key')).publicKey;
    expect(await run('audit', 'verify', '--data', elsewhere, '--key', key)).toContain('agrees');
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

it.each([[['audit']], [['audit', 'repair']], [['audit', 'verify', '--head', '7']], [['audit', 'verify', '--key', 'x']]])(
  'refuses %j in one line',
  async (args) => {
    await expect(runCommandLine(args)).rejects.toThrow(/^(expected|--head|--key)/);
  },
);

async function rename(actor: string): Promise<void> {
  await held.database.transaction(async (tx) => {
    await tx.query('ALTER TABLE audit DISABLE TRIGGER USER');
    await tx.query('UPDATE audit SET actor = $1 WHERE id = 7', [actor]);
    await tx.query('ALTER TABLE audit ENABLE TRIGGER USER');
  });
}

async function run(...args: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
  try {
    await runCommandLine(args);
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}
