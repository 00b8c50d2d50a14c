import { ApiIndex, ObjectDetail, ObjectPage, Problem } from '@beacontower/contracts';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { createApi } from './server.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, objectBody, setState, startHarness } from './test-harness.ts';
import { VERSION } from './version.ts';

let harness: Harness;
let app: App;

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  for (const [id, division] of [
    ['bj:a', 'cn'],
    ['bj:b', 'cn.gd'],
    ['bj:c', 'cn.gd.guangzhou'],
    ['bj:d', 'cn.gdx'],
  ] as const) {
    await insertEntity(database, 'object', objectBody(id, division));
  }
  await setState(database, 'bj:a', null, 'up', NOW - 5_000);
  await setState(database, 'bj:a', 'bj:a/icmp4', 'up', NOW - 5_000);
  await setState(database, 'bj:b', null, 'down', NOW - 1_000);
  app = await harness.app();
});
afterAll(() => harness?.close());

const get = async (url: string, token?: string) => app.inject({ url, headers: bearer(token) });

describe('objects', () => {
  it('lists all with their states, unknown where nothing was judged', async () => {
    const page = ObjectPage.parse((await get('/api/v1/objects')).json());
    expect(page.items.map((item) => [item.id, item.state])).toEqual([
      ['bj:a', 'up'],
      ['bj:b', 'down'],
      ['bj:c', 'unknown'],
      ['bj:d', 'unknown'],
    ]);
    expect(page.items[0]?.checks).toEqual([
      { id: 'bj:a/icmp4', kind: 'icmp', family: 4, state: 'up', since: new Date(NOW - 5_000).toISOString() },
    ]);
    expect(page.nextCursor).toBeNull();
  });

  it.each([
    ['state=unknown', ['bj:c', 'bj:d']],
    ['division=cn.gd', ['bj:b', 'bj:c']],
    ['q=OBJECT%20bj:b', ['bj:b']],
    ['q=%25', []],
    ['class=user-access', []],
    ['kind=device&state=up', ['bj:a']],
  ])('filters by %s', async (query, expected) => {
    const page = ObjectPage.parse((await get(`/api/v1/objects?${query}`)).json());
    expect(page.items.map((item) => item.id)).toEqual(expected);
  });

  it('pages by id, and an object that comes in between shifts nothing', async () => {
    const first = ObjectPage.parse((await get('/api/v1/objects?limit=2')).json());
    expect(first.items.map((item) => item.id)).toEqual(['bj:a', 'bj:b']);
    await insertEntity(harness.database, 'object', objectBody('bj:aa', 'cn.zz'));
    const second = ObjectPage.parse((await get(`/api/v1/objects?limit=2&cursor=${first.nextCursor}`)).json());
    expect(second.items.map((item) => item.id)).toEqual(['bj:c', 'bj:d']);
    expect(second.nextCursor).toBeNull();
  });

  it('gives one object whole', async () => {
    const detail = ObjectDetail.parse((await get('/api/v1/objects/bj:b')).json());
    expect(detail).toMatchObject({ id: 'bj:b', state: 'down', checks: [{ address: '127.0.0.2', intervalMs: 10_000, latest: null }] });
  });
});

describe('tokens', () => {
  it('scopes what is seen, and stops when revoked', async () => {
    const token = await createToken(app, ['viewer'], ['cn.gd']);
    const page = ObjectPage.parse((await get('/api/v1/objects', token)).json());
    expect(page.items.map((item) => item.id)).toEqual(['bj:b', 'bj:c']);
    expect((await get('/api/v1/objects/bj:d', token)).statusCode).toBe(404);
    expect((await get('/api/v1/tokens', token)).statusCode).toBe(403);
    const tokens = (await get('/api/v1/tokens')).json() as { items: { id: string; divisions: string[] }[] };
    const id = tokens.items.find((item) => item.divisions[0] === 'cn.gd')?.id;
    expect((await app.inject({ method: 'DELETE', url: `/api/v1/tokens/${id}`, headers: bearer() })).statusCode).toBe(204);
    const refused = await get('/api/v1/objects', token);
    expect(refused.statusCode).toBe(401);
    expect(refused.headers['www-authenticate']).toContain('Bearer');
    expect(Problem.parse(refused.json()).code).toBe('unauthorized');
  });
});

describe('the document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const document = (await app.inject('/openapi.json')).json() as Record<string, unknown>;
    const result = await new Validator().validate(document);
    expect(result.errors ?? []).toEqual([]);
    expect(result.valid).toBe(true);
    expect(document.info).toMatchObject({ title: 'Beacontower', version: VERSION });
  });
});

describe('the index', () => {
  it('at the address that is told links to what everybody may open and to every list', async () => {
    const answer = await app.inject('/api/v1');
    expect(answer.statusCode).toBe(200);
    const { product, version, links } = ApiIndex.parse(answer.json());
    expect([product, version]).toEqual(['Beacontower', VERSION]);
    expect(Object.values(links)).toEqual(expect.arrayContaining(['/docs', '/openapi.json', '/api/v1/objects', '/api/v1/incidents']));
    for (const address of Object.values(links)) {
      if (address.startsWith('/api/')) expect(app.knownRoutes.get(address), address).toContain('GET');
      else if (address !== '/readyz') expect((await app.inject(address)).statusCode, address).toBeLessThan(400);
    }
    const lists = [...app.knownRoutes].filter(([url, methods]) => methods.has('GET') && /^\/api\/v1\/\w+$/.test(url));
    expect(Object.values(links)).toEqual(expect.arrayContaining(lists.map(([url]) => url)));
  });
});

describe('the pages', () => {
  it('speak the language asked for and show figures only to a caller with a token', async () => {
    const open = await app.inject({ url: '/', headers: { 'accept-language': 'zh-CN,en;q=0.5' } });
    expect(open.headers['content-type']).toContain('text/html');
    expect(open.body).toContain('<html lang="zh-CN">');
    expect(open.body).not.toContain('<dd>');
    const scoped = await app.inject({ url: '/', headers: bearer() });
    expect(scoped.body).toMatch(/class="down"><dt>down<\/dt><dd>1</);
  });

  it('of the reference load only what this server has, and nothing inline', async () => {
    const page = await app.inject('/docs/');
    expect(page.statusCode).toBe(200);
    expect(page.body).not.toMatch(/<script(?![^>]* src=)|<style|style=|https?:/);
    const sources = [...page.body.matchAll(/(?:src|href)="\.?\/?([^"]+)"/g)].map((match) => match[1]);
    expect(sources.length).toBeGreaterThan(3);
    for (const source of sources) expect((await app.inject(`/docs/${source}`)).statusCode, source).toBe(200);
    const script = (await app.inject('/docs/static/swagger-initializer.js')).body;
    const logo = /data:image\/svg\+xml;base64,([\w+/=]+)/.exec(script)?.[1] ?? '';
    expect(Buffer.from(logo, 'base64').toString()).toContain('烽台 Beacontower');
    expect((await app.inject('/docs/static/theme/icon.svg')).body).toContain('<svg');
    expect((await app.inject('/docs/json')).json()).toMatchObject({ openapi: '3.1.0' });
  });
});

describe('the server', () => {
  it('says what to do when its port is in use', async () => {
    const first = createApi({ listen: { host: '127.0.0.1', port: 0 }, bootstrapToken: null }, harness.deps);
    await first.start();
    const port = Number(new URL(first.url ?? '').port);
    const second = createApi({ listen: { host: '127.0.0.1', port }, bootstrapToken: null }, harness.deps);
    await expect(second.start()).rejects.toThrow(/in use: .*--listen/);
    expect(first.health()).toEqual({ status: 'ok' });
    await first.stop();
  });
});
