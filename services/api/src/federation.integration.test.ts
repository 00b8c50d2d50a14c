/** Inviting, letting in and putting out by the API: by whom, with what answers, and what stands in the audit. */
import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { decodeInvitation, hashToken } from '@beacontower/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, type Harness, insertEntity, NOW, startHarness } from './test-harness.ts';
import { putToken } from './token.fixture.ts';

/** A certificate of an authority: what it is of is of no matter here. */
function anyCertificate(): string {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  return execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', '/dev/null', '-subj', '/CN=test'], {
    encoding: 'utf8',
    stdio: 'pipe',
  });
}
const KEY = '0'.repeat(15) + '7'.padEnd(49, 'f');
const CODE = '0000-0007';

let harness: Harness;
let app: App;
let secure: string;
let administer: string;
let request = '';

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app({});
  const { database } = harness;
  await insertEntity(database, 'node', { id: 'bj', name: '中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
  secure = await putToken(database, 'an', ['security-administrator'], ['']);
  administer = await putToken(database, 'guan', ['system-administrator'], ['']);
});
afterAll(() => harness?.close());

const invited = { node: 'gd', division: 'cn.gd', name: '广东' };
const call = (method: 'GET' | 'POST' | 'DELETE', path: string, token: string, payload?: object) =>
  app.inject({ method, url: `/api/v1/federation/${path}`, headers: bearer(token), ...(payload === undefined ? {} : { payload }) });
const codeOf = (answer: { json(): unknown }) => (answer.json() as { code: string }).code;

async function audited(): Promise<{ action: string; result: string }[]> {
  const { rows } = await harness.database.query<{ action: string; result: string }>(
    "SELECT action, result FROM audit WHERE action LIKE '%federation%' ORDER BY id",
  );
  return rows;
}

describe('inviting', () => {
  it('is of no use before somebody can report here', async () => {
    const answer = await call('POST', 'invitations', administer, invited);
    expect([answer.statusCode, codeOf(answer)]).toEqual([409, 'listener-off']);
  });

  it('gives a token once, which names the address and the authority, and of which only a hash is kept', async () => {
    const { database } = harness;
    const certificate = anyCertificate();
    await database.query('INSERT INTO federation_authority (certificate, sealed_key, created_at) VALUES ($1, $2, 0)', [certificate, 'x']);
    await database.query(
      "INSERT INTO federation_server (certificate, sealed_key, names, not_after, url) VALUES ('', '', '{noc.cn}', 0, 'https://noc.cn:8444')",
    );
    const answer = await call('POST', 'invitations', administer, invited);
    expect(answer.statusCode, answer.body).toBe(201);
    const made = answer.json() as { id: string; token: string; state: string; expiresAt: string };
    expect(made).toMatchObject({ state: 'open', expiresAt: new Date(NOW + 72 * 3_600_000).toISOString() });
    expect(answer.headers.location).toBe(`/api/v1/federation/invitations/${made.id}`);
    const said = decodeInvitation(made.token);
    expect(said).toMatchObject({
      url: 'https://noc.cn:8444',
      authority: createHash('sha256').update(new X509Certificate(certificate).raw).digest('hex'),
    });
    const { rows } = await database.query<{ hash: Buffer }>('SELECT secret_hash AS hash FROM federation_invitations');
    expect(rows[0]?.hash.equals(hashToken(said?.secret ?? ''))).toBe(true);
    const list = await call('GET', 'invitations', secure);
    expect(list.body).toContain('广东');
    expect(list.body).not.toContain(said?.secret);
  });

  it.each([
    ['this node itself', { ...invited, node: 'bj' }, 409, 'own-node'],
    ['what lies outside', { ...invited, division: 'jp' }, 409, 'outside-division'],
    ['what is no id', { ...invited, node: 'GD 1' }, 400, 'invalid-request'],
    ['for years', { ...invited, hours: 10_000 }, 400, 'invalid-request'],
    ['to an address without TLS', { ...invited, url: 'http://noc.cn' }, 400, 'invalid-request'],
    ['with what is not known', { ...invited, token: 'x' }, 400, 'invalid-request'],
  ])('is refused for %s', async (_what, body, status, code) => {
    const answer = await call('POST', 'invitations', administer, body);
    expect([answer.statusCode, codeOf(answer)]).toEqual([status, code]);
  });

  it('is taken back while nobody has used it', async () => {
    const { id } = (await call('POST', 'invitations', administer, { ...invited, node: 'hb' })).json() as { id: string };
    expect((await call('DELETE', `invitations/${id}`, administer)).statusCode).toBe(204);
    const again = await call('DELETE', `invitations/${id}`, administer);
    expect([again.statusCode, codeOf(again)]).toEqual([409, 'already-used']);
  });
});

describe('a request', () => {
  beforeAll(async () => {
    const { rows } = await harness.database.query<{ id: string }>(
      `INSERT INTO federation_enrolments (id, invitation, node, division, name, software, request, key_fingerprint, source, state, requested_at)
       SELECT gen_random_uuid(), id, 'gd', 'cn.gd', '广东', 'x 1', '', $1, '192.0.2.1', 'waiting', $2 FROM federation_invitations WHERE node = 'gd'
       RETURNING id`,
      [KEY, NOW],
    );
    request = rows[0]?.id ?? '';
  });

  it('is shown without its code, and let in with it alone, by who may', async () => {
    const list = await call('GET', 'requests?state=waiting', administer);
    expect(list.json()).toMatchObject({ items: [{ id: request, node: 'gd', source: '192.0.2.1', state: 'waiting' }] });
    expect(list.body).not.toContain(CODE);
    expect((await call('POST', `requests/${request}/approve`, administer, { code: CODE })).statusCode).toBe(403);
    const wrong = await call('POST', `requests/${request}/approve`, secure, { code: '1234-5678' });
    expect([wrong.statusCode, codeOf(wrong)]).toEqual([409, 'code-differs']);
    expect((await call('POST', `requests/${request}/approve`, secure, { code: '7' })).statusCode).toBe(400);
    const done = await call('POST', `requests/${request}/approve`, secure, { code: CODE });
    expect(done.json()).toMatchObject({ state: 'approved', decidedBy: 'an', fetched: false });
    const again = await call('POST', `requests/${request}/refuse`, secure, { reason: 'x' });
    expect([again.statusCode, codeOf(again)]).toEqual([409, 'already-decided']);
  });

  it('that was let in is put out again, with a reason', async () => {
    expect((await call('POST', 'nodes/gd/revoke', secure, {})).statusCode).toBe(400);
    expect((await call('POST', 'nodes/gd/revoke', secure, { reason: '密钥泄露' })).statusCode).toBe(204);
    expect((await call('POST', 'nodes/gd/revoke', secure, { reason: '密钥泄露' })).statusCode).toBe(404);
    const { rows } = await harness.database.query('SELECT state FROM federation_enrolments WHERE id = $1', [request]);
    // What was approved and not fetched yet is fetched no more.
    expect(rows).toEqual([{ state: 'refused' }]);
  });

  it('leaves a row in the audit, done or refused', async () => {
    const rows = await audited();
    for (const action of ['federation.invite', 'federation.withdraw', 'federation.approve', 'federation.revoke'])
      expect(rows).toContainEqual({ action, result: 'done' });
    expect(rows).toContainEqual({ action: 'POST /api/v1/federation/requests/:id/approve', result: 'denied' });
    expect(rows).toContainEqual({ action: 'POST /api/v1/federation/requests/:id/approve', result: 'refused' });
  });
});

it('the node above is shown to administrators', async () => {
  expect((await call('GET', 'uplink', administer)).json()).toMatchObject({ state: 'none', url: null, built: 0 });
});
