import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { ObjectPage } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from '../context.ts';
import { bearer, type Harness, insertEntity, objectBody, startHarness } from '../test-harness.ts';

let harness: Harness;
let app: App;

beforeAll(async () => {
  harness = await startHarness();
  for (let n = 0; n < 50; n++) await insertEntity(harness.database, 'object', objectBody(`bj:o${n}`, 'cn.gd'));
  app = await harness.app();
});
afterAll(() => harness?.close());

const get = (url: string, encoding: string) => app.inject({ url, headers: { ...bearer(), 'accept-encoding': encoding } });

describe('an answer', () => {
  it.each([
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ])('of some length is compressed by %s for who takes it', async (encoding, open) => {
    const answer = await get('/api/v1/objects?limit=50', encoding);
    expect(answer.headers).toMatchObject({ 'content-encoding': encoding, 'content-type': 'application/json; charset=utf-8' });
    expect(String(answer.headers.vary)).toContain('accept-encoding');
    expect(ObjectPage.parse(JSON.parse(open(answer.rawPayload).toString())).items).toHaveLength(50);
  });

  it.each([
    ['is short', '/api/v1/objects?limit=1', 'gzip'],
    ['is wanted as it is', '/api/v1/objects?limit=50', 'identity'],
    ['is for nobody in particular', '/openapi.json', 'gzip'],
  ])('is not when it %s', async (_when, url, encoding) => {
    expect((await get(url, encoding)).headers['content-encoding']).toBeUndefined();
  });

  it('that is kept compressed is not compressed again', async () => {
    const answer = await get('/api/v1/objects/index', 'gzip, br');
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(answer.rawPayload).toString())).toMatchObject({ total: 50 });
  });
});
