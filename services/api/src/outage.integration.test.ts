/** What the API answers while PostgreSQL or Redis is away, and that it serves again when they are back. */
import { Problem, Readiness } from '@beacontower/contracts';
import { waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, type Harness, insertEntity, objectBody, startHarness } from './test-harness.ts';

let harness: Harness;
let app: App;

beforeAll(async () => {
  harness = await startHarness();
  await insertEntity(harness.database, 'object', objectBody('bj:a', 'cn'));
  app = await harness.app({ expectedRoles: [] });
});
afterAll(() => harness?.close());

const get = (url: string) => app.inject({ url, headers: bearer() });
const dependencies = async () => Readiness.parse((await get('/readyz')).json()).dependencies;

describe('without PostgreSQL', () => {
  it('says 503 without telling why, stays alive, and comes back', async () => {
    await harness.postgres.kill();
    const answer = await get('/api/v1/objects');
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['retry-after']).toBeDefined();
    const problem = Problem.parse(answer.json());
    expect(problem.code).toBe('unavailable');
    expect(JSON.stringify(problem)).not.toMatch(/socket|connect|postgres/i);
    expect((await get('/healthz')).statusCode).toBe(200);
    expect((await dependencies()).postgresql?.status).toBe('failed');
    await harness.postgres.start();
    await waitFor(async () => (await get('/api/v1/objects')).statusCode === 200, { what: 'the API to serve again', timeoutMs: 20_000 });
  });
});

describe('without Redis', () => {
  it('answers all the same, without the newest samples', async () => {
    await harness.redisServer.kill();
    const answer = await get('/api/v1/objects/bj:a');
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ checks: [{ latest: null }] });
    expect(await dependencies()).toMatchObject({ postgresql: { status: 'ok' }, redis: { status: 'failed' } });
    expect((await get('/metrics')).body).toContain('beacontower_api_request_seconds');
  });
});
