import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditRow, AuditVerification } from '@beacontower/contracts';
import { waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, NOW, startHarness } from './test-harness.ts';
import { putToken } from './token.fixture.ts';

let held: Harness;
let app: App;
let auditor: string;
const directory = mkdtempSync(join(tmpdir(), 'bt-audit-api-'));

beforeAll(async () => {
  held = await startHarness();
  auditor = await putToken(held.database, 'auditor', ['audit-administrator'], ['']);
  app = await held.app({ auditDirectory: directory });
});

afterAll(async () => {
  await held.close();
  rmSync(directory, { recursive: true });
});

const read = async (query = '') => {
  const answer = await app.inject({ url: `/api/v1/audit${query}`, headers: bearer(auditor) });
  expect(answer.statusCode, answer.body).toBe(200);
  return (answer.json() as { items: AuditRow[] }).items;
};

describe('reading the audit', () => {
  it('is for audit administrators, and a try of others is in it', async () => {
    const answer = await app.inject({ url: '/api/v1/audit', headers: bearer() });
    expect(answer.statusCode).toBe(403);
    const [row] = await read('?result=denied');
    expect(row).toMatchObject({ actor: 'bootstrap', action: 'GET /api/v1/audit', result: 'denied', source: '127.0.0.1' });
  });

  it('is itself in it', async () => {
    await read('?actor=bootstrap');
    const [row] = await read('?action=audit.read&limit=1');
    expect(row).toMatchObject({ actor: 'auditor', action: 'audit.read', result: 'done' });
    const [, before] = await read('?action=audit.read&limit=2');
    expect(before?.detail).toMatchObject({ action: 'audit.read', limit: 1, further: false });
  });

  it('shows who did what, with its place in the chain', async () => {
    await createToken(app, ['viewer'], ['cn.gd']);
    const [row] = await read('?action=tokens&result=done&limit=1');
    expect(row).toMatchObject({ actor: 'bootstrap', action: 'POST /api/v1/tokens', detail: { status: 201 } });
    expect(row?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(row?.sequence).toBeGreaterThan(0);
    expect(JSON.stringify(row)).not.toContain('bt_');
  });

  it.each([
    '?limit=0',
    '?result=perhaps',
    '?from=yesterday',
    '?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z',
    '?actor=',
    '?other=1',
    '?cursor=x',
  ])('refuses %s', async (query) => {
    expect((await app.inject({ url: `/api/v1/audit${query}`, headers: bearer(auditor) })).statusCode).toBe(400);
  });

  it('exports it as lines, oldest first', async () => {
    const answer = await app.inject({ url: '/api/v1/audit/export?actor=bootstrap', headers: bearer(auditor) });
    expect(answer.headers['content-disposition']).toBe('attachment; filename="audit-2026-03-10.jsonl"');
    const rows = answer.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditRow);
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(rows.map(({ sequence }) => sequence)).toEqual(rows.map(({ sequence }) => sequence).sort((a, b) => Number(a) - Number(b)));
    expect(await read('?action=audit.export')).toMatchObject([{ actor: 'auditor', detail: { actor: 'bootstrap' } }]);
    expect((await app.inject({ url: '/api/v1/audit/export', headers: bearer() })).statusCode).toBe(403);
  });

  it('checks the chain, signs it, and tells what is wrong', async () => {
    await app.guardian.sign();
    const verify = async () =>
      (await app.inject({ url: '/api/v1/audit/verification', headers: bearer(auditor) })).json() as AuditVerification;
    const good = await verify();
    expect(good).toMatchObject({ faultCount: 0, faults: [], checkpoints: 1 });
    expect(good.signedUpTo).toBeGreaterThan(0);
    expect(app.guardian.health()).toEqual({ status: 'ok' });
    await tamper("UPDATE audit SET actor = 'nobody' WHERE id = 1");
    expect((await verify()).faults).toMatchObject([{ code: 'row-changed', sequence: 1 }]);
    expect(app.guardian.health()).toMatchObject({ status: 'degraded' });
    await tamper("UPDATE audit SET actor = 'bootstrap' WHERE id = 1");
    expect((await verify()).faults).toEqual([]);
    expect(await read('?action=audit.verify&result=failed')).toHaveLength(1);
  });
});

describe('an audit that cannot be written', () => {
  const create = () =>
    app.inject({ method: 'POST', url: '/api/v1/tokens', headers: bearer(), payload: { name: 'x', roles: ['viewer'], divisions: [''] } });
  const waiting = () => readdirSync(directory).filter((name) => name.startsWith('audit-waiting'));

  it('loses nothing, and stops all work until it can', async () => {
    await refuse(true);
    expect((await create()).statusCode).toBe(201);
    expect(waiting()).toEqual(['audit-waiting.test.jsonl']);
    const refused = await create();
    expect(refused.statusCode).toBe(503);
    expect(refused.json()).toMatchObject({ code: 'audit-unavailable' });
    expect((await app.inject({ url: '/api/v1/tokens', headers: bearer() })).statusCode).toBe(200);
    expect((await app.inject({ url: '/api/v1/audit', headers: bearer(auditor) })).statusCode).toBe(503);
    await refuse(false);
    await waitFor(() => !app.audit.isBehind);
    expect(waiting()).toEqual([]);
    expect((await create()).statusCode).toBe(201);
    expect(await read('?action=POST /api/v1/tokens&result=done&limit=2')).toMatchObject([{}, { detail: { late: true } }]);
  });

  it('says so where the row is kept nowhere', async () => {
    const other = await held.app();
    await refuse(true);
    const answer = await other.inject({
      method: 'POST',
      url: '/api/v1/tokens',
      headers: bearer(),
      payload: { name: 'y', roles: ['viewer'], divisions: [''] },
    });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'audit-failed' });
    await refuse(false);
    await waitFor(() => !other.audit.isBehind);
  });

  it('is taken up by the next process, and a row that was committed is not written twice', async () => {
    const entry = { at: NOW, actor: 'a', source: null, action: 'of before', object: '', result: 'done', detail: { requestId: '1' } };
    const written = { ...entry, action: 'committed' };
    await held.database.query(
      "INSERT INTO audit (at, actor, action, object, result, detail) VALUES ($1, 'a', 'committed', '', 'done', $2)",
      [NOW, JSON.stringify(written.detail)],
    );
    writeFileSync(join(directory, 'audit-waiting.test.jsonl'), `${JSON.stringify(entry)}\n${JSON.stringify(written)}\n{"torn`);
    const other = await held.app({ auditDirectory: directory });
    await waitFor(() => !other.audit.isBehind);
    expect(await read('?action=of before')).toHaveLength(1);
    expect(await read('?action=committed')).toHaveLength(1);
  });
});

async function refuse(refuses: boolean): Promise<void> {
  await held.database.query(
    refuses ? 'ALTER TABLE audit ADD CONSTRAINT full_disk CHECK (false) NOT VALID' : 'ALTER TABLE audit DROP CONSTRAINT full_disk',
  );
}

async function tamper(statement: string): Promise<void> {
  await held.database.transaction(async (tx) => {
    await tx.query('ALTER TABLE audit DISABLE TRIGGER USER');
    await tx.query(statement);
    await tx.query('ALTER TABLE audit ENABLE TRIGGER USER');
  });
}
