/** Every registered route, whatever it does, keeps the rules of the contract. */
import { readFileSync } from 'node:fs';
import { EXPECTED_TIME, Problem } from '@beacontower/contracts';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Access, App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, objectBody, startHarness } from './test-harness.ts';
import { putToken } from './token.fixture.ts';

const UNKNOWN_ID = '3f9c2f5e-0000-4000-8000-000000000000';
const HOUR = 3_600_000;
const at = (ms: number) => new Date(ms).toISOString();

/** A body and a query with which each route would do its work, were its id known. */
const BODIES: Readonly<Record<string, object>> = {
  '/api/v1/incidents/:id/acknowledge': {},
  '/api/v1/incidents/:id/assign': { to: 'li' },
  '/api/v1/incidents/:id/accept': {},
  '/api/v1/incidents/:id/decline': { note: 'x' },
  '/api/v1/incidents/:id/comment': { text: 'x' },
  '/api/v1/incidents/:id/merge': { into: UNKNOWN_ID },
  '/api/v1/incidents/:id/unmerge': {},
  '/api/v1/incidents/:id/split': { objects: ['bj:a'] },
  '/api/v1/incidents/:id/resolve': { note: 'x' },
  '/api/v1/incidents/:id/close': {},
  '/api/v1/incidents/:id/reopen': { note: 'x' },
  '/api/v1/incidents/:id/escalate': { note: 'x' },
  '/api/v1/incidents/:id/hand-down': { node: 'gd', note: 'x' },
  '/api/v1/incidents/:id/withdraw-hand-down': { note: 'x' },
  '/api/v1/incidents/:id/accept-hand-over': {},
  '/api/v1/incidents/:id/decline-hand-over': { note: 'x' },
  '/api/v1/federation/invitations': { node: 'gd', division: 'cn.gd', name: 'x' },
  '/api/v1/federation/requests/:id/approve': { code: '0000-0000' },
  '/api/v1/federation/requests/:id/refuse': { reason: 'x' },
  '/api/v1/federation/nodes/:id/revoke': { reason: 'x' },
  '/api/v1/maintenance': { title: 'x', divisions: ['cn'], startsAt: at(NOW + HOUR), endsAt: at(NOW + 2 * HOUR) },
  '/api/v1/silences': { reason: 'x', divisions: ['cn'], endsAt: at(NOW + HOUR) },
  '/api/v1/silences/preview': { divisions: ['cn'], endsAt: at(NOW + HOUR) },
  '/api/v1/templates/preview': {},
  '/api/v1/routing/explain': { class: 'backbone', division: 'cn' },
  '/api/v1/rotas/:id/overrides': { contact: 'li', endsAt: at(NOW + HOUR), reason: 'x' },
  '/api/v1/reclassifications': {
    effect: 'exclude',
    divisions: ['cn'],
    startsAt: at(NOW - 2 * HOUR),
    endsAt: at(NOW - HOUR),
    reason: 'x',
  },
  '/api/v1/reclassifications/:id/withdraw': { reason: 'x' },
  '/api/v1/periods': { objective: 'backbone', period: '2018-H1', reason: 'x' },
  '/api/v1/reports': { period: '2018-H1' },
  '/api/v1/accounts': { name: 'li.na', displayName: 'Li' },
  '/api/v1/accounts/:id': { displayName: 'x', email: null, disabled: false },
  '/api/v1/accounts/:id/rights': { roles: ['viewer'], divisions: ['cn'] },
  '/api/v1/tokens': { name: 'x', roles: ['viewer'], divisions: ['cn'] },
};
const QUERIES: Readonly<Record<string, Record<string, string>>> = {
  '/api/v1/objects/:id/timeline': { from: at(NOW - HOUR), to: at(NOW) },
  '/api/v1/objects/:id/series': { metric: 'rtt', from: at(NOW - HOUR), to: at(NOW) },
  '/api/v1/availability': { objective: 'backbone', from: at(NOW - HOUR), to: at(NOW) },
  '/api/v1/availability/evidence': { objective: 'backbone', from: at(NOW - HOUR), to: at(NOW) },
  '/api/v1/objects/:id/evidence': { from: at(NOW - HOUR), to: at(NOW) },
  '/api/v1/coverage': { division: 'cn' },
  '/api/v1/reports/:id/file': { format: 'pdf' },
};
/** What everybody may know who has a token: the same for all divisions. */
const OF_THE_NODE = ['/api/v1/live', '/api/v1/nodes', '/api/v1/signing-keys'];
const PUBLIC = /^\/(api\/v1|healthz|readyz|metrics|openapi\.json|status\.css|docs(\/.*)?|)$/;

interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
}

let harness: Harness;
let app: App;
let viewer: string;
let nobody: string;
/** The token of who may, for each of what a route may ask of its caller. */
let callers: Partial<Record<Access, string>>;
let routes: Route[];
let parameters: Map<string, Set<string>>;

beforeAll(async () => {
  harness = await startHarness();
  await insertEntity(harness.database, 'object', objectBody('bj:a', 'cn'));
  await insertEntity(harness.database, 'objective', {
    id: 'backbone',
    name: '骨干',
    nameEn: null,
    class: 'backbone',
    objects: null,
    division: 'cn',
    target: 0.999,
    aggregate: 'mean',
    period: 'month',
    calendar: 'always',
    timeZone: 'Asia/Shanghai',
    where: null,
    rollingDays: null,
    basis: 'experienced',
    closeAfterMs: null,
    warnings: [],
  });
  app = await harness.app({ rateLimit: { max: 100_000, windowMs: 60_000 } });
  viewer = await createToken(app, ['viewer'], ['cn']);
  callers = {
    secure: await putToken(harness.database, 'security', ['security-administrator'], ['']),
    audit: await putToken(harness.database, 'audit', ['audit-administrator'], ['']),
  };
  nobody = await createToken(app, ['viewer', 'operator'], ['xx.nowhere']);
  routes = [...app.knownRoutes].flatMap(([url, methods]) => [...methods].map((method) => ({ method, url }) as Route));
  const document = (await app.inject('/openapi.json')).json() as {
    paths: Record<string, Record<string, { parameters?: { in: string; name: string }[] }>>;
  };
  parameters = new Map(
    Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, operation]): [string, Set<string>] => [
        `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`,
        new Set((operation.parameters ?? []).filter((parameter) => parameter.in === 'query').map((parameter) => parameter.name)),
      ]),
    ),
  );
});
afterAll(() => harness?.close());

/** Ids of objects, objectives, rotas and nodes are texts that people choose; all others are given. */
const isNamed = (url: string) => /^\/api\/v1\/(objects|objectives|rotas|nodes|federation\/nodes)\//.test(url);
const idFor = ({ url }: Route) => (url.startsWith('/api/v1/objectives/') ? 'backbone' : isNamed(url) ? 'bj:a' : UNKNOWN_ID);
const ofApi = () => routes.filter(({ url }) => url.startsWith('/api/v1/'));
/** Whatever comes along from the identity provider is taken. */
const isFromElsewhere = ({ url }: Route) => url.startsWith('/api/v1/session/oidc');
const accessTo = ({ method, url }: Route) => app.routeAccess.get(`${method} ${url}`) ?? 'read';
/** What asks for a caller. */
const guarded = () => ofApi().filter((route) => accessTo(route) !== 'public');
const queriesOf = (route: Route) => parameters.get(`${route.method} ${route.url}`) ?? new Set<string>();

function call(
  route: Route,
  more: { id?: string; query?: Record<string, string>; headers?: Record<string, string>; payload?: InjectOptions['payload'] } = {},
) {
  const body = BODIES[route.url];
  return app.inject({
    method: route.method,
    url: route.url.replace(':number', '7').replace(':id', encodeURIComponent(more.id ?? UNKNOWN_ID)),
    query: { ...QUERIES[route.url], ...more.query },
    headers: { ...bearer(callers[accessTo(route)]), 'if-match': '*', ...more.headers },
    ...(more.payload !== undefined ? { payload: more.payload } : route.method !== 'GET' && body ? { payload: body } : {}),
  });
}

function problem(answer: { statusCode: number; headers: Record<string, unknown>; json(): unknown }, status: number): Problem {
  expect(answer.statusCode, JSON.stringify(answer.json())).toBe(status);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  const body = Problem.parse(answer.json());
  expect(body.status).toBe(status);
  expect(JSON.stringify(body)).not.toMatch(/select |insert |node_modules|\.ts:\d|at async/i);
  return body;
}

describe('every route', () => {
  it('is in the document, or is a page', () => {
    expect(ofApi().length).toBeGreaterThan(20);
    for (const route of ofApi()) expect([...parameters.keys()]).toContain(`${route.method} ${route.url}`);
    for (const { url } of routes) if (!url.startsWith('/api/v1/')) expect(url).toMatch(PUBLIC);
  });

  it('asks for a token, and says how', async () => {
    for (const route of guarded()) {
      for (const headers of [{ authorization: '' }, bearer('bt_wrong'), { authorization: 'Basic eDp4' }]) {
        const answer = await call(route, { headers });
        expect(problem(answer, 401).code, route.url).toBe('unauthorized');
        expect(answer.headers['www-authenticate']).toMatch(/^Bearer /);
      }
    }
  });

  it('answers an unknown id with 404, and what is no id with 400', async () => {
    // One's own session is of an account, which a token is not.
    for (const route of guarded().filter((each) => each.url.includes(':id') && accessTo(each) !== 'session')) {
      expect(problem(await call(route), 404).code, route.url).toBe('not-found');
      if (!isNamed(route.url)) {
        expect(problem(await call(route, { id: 'x' }), 400).errors?.[0], route.url).toMatchObject({ in: 'path', path: 'id' });
      }
    }
  });

  it.each([
    ['limit', '0'],
    ['limit', '1001'],
    ['limit', 'many'],
    ['limit', '1.5'],
    ['cursor', 'x'],
    ['cursor', Buffer.from('["other","list"]').toString('base64url')],
    ['from', 'yesterday'],
    ['from', '2026-01-01T00:00:00+08:00'],
    ['state', 'fine'],
    ['division', '../etc'],
    ['unheard-of', '1'],
  ])('names the query field %s when it is %s', async (field, value) => {
    let tried = 0;
    // A page of what does not exist is that first.
    const isFound = ({ url }: Route) => field !== 'cursor' || isNamed(url) || !url.includes(':id');
    for (const route of ofApi().filter(
      (each) =>
        each.method === 'GET' &&
        !isFromElsewhere(each) &&
        isFound(each) &&
        (field === 'unheard-of' ? queriesOf(each).size > 0 : queriesOf(each).has(field)),
    )) {
      tried++;
      const body = problem(await call(route, { id: idFor(route), query: { [field]: value } }), 400);
      expect(
        body.errors?.some((error) => error.in === 'query' && error.path === field),
        `${route.url} ${JSON.stringify(body)}`,
      ).toBe(true);
    }
    expect(tried).toBeGreaterThan(0);
  });

  it.each([
    ['from equal to to', NOW, NOW],
    ['from after to', NOW, NOW - 1],
    ['a period of four years', NOW - 4 * 366 * 24 * HOUR, NOW],
  ])('refuses %s', async (_what, from, to) => {
    for (const route of ofApi().filter((each) => queriesOf(each).has('from'))) {
      const body = problem(await call(route, { id: idFor(route), query: { from: at(from), to: at(to) } }), 400);
      expect(body.errors?.[0], route.url).toMatchObject({ in: 'query', path: 'to' });
    }
  });

  it('says of a time that is missing that it is', async () => {
    let tried = 0;
    for (const route of ofApi().filter((each) => QUERIES[each.url]?.from !== undefined)) {
      tried++;
      const { from, ...rest } = QUERIES[route.url] ?? {};
      const url = route.url.replace(':id', 'bj:a');
      const body = problem(await app.inject({ url, query: rest, headers: bearer() }), 400);
      expect(body.errors, `${route.url} without ${from}`).toEqual([
        { in: 'query', path: 'from', message: `is missing; expected ${EXPECTED_TIME}`, expected: EXPECTED_TIME },
      ]);
      const wrong = problem(await call(route, { id: 'bj:a', query: { from: 'yesterday' } }), 400);
      expect(wrong.errors?.[0], route.url).toMatchObject({ path: 'from', message: `expected ${EXPECTED_TIME}`, expected: EXPECTED_TIME });
    }
    expect(tried).toBe(Object.values(QUERIES).filter(({ from }) => from !== undefined).length);
  });

  it('refuses bodies that are too large, of another type, not JSON, or with unknown fields', async () => {
    const withBody = ofApi().filter(({ method, url }) => method === 'POST' && BODIES[url] !== undefined);
    expect(withBody.length).toBeGreaterThan(2);
    for (const route of withBody) {
      problem(await call(route, { payload: { title: 'x'.repeat(300_000) } }), 413);
      problem(await call(route, { payload: 'x', headers: { 'content-type': 'text/plain' } }), 415);
      problem(await call(route, { payload: '{"', headers: { 'content-type': 'application/json' } }), 400);
      problem(await call(route, { payload: '', headers: { 'content-type': 'application/json' } }), 400);
      const unknown = problem(await call(route, { payload: { ...BODIES[route.url], surprise: 1 } }), 400);
      expect(unknown.errors, route.url).toContainEqual({
        in: 'body',
        path: 'surprise',
        message: 'is not known here',
        expected: 'no such field',
      });
    }
  });

  it('refuses text that cannot be stored, wherever it stands', async () => {
    const spoilt = ['a\u0000b', 'a\ud83d'];
    for (const text of spoilt) {
      for (const url of ['/api/v1/silences', `/api/v1/incidents/${UNKNOWN_ID}/comment`]) {
        const answer = await app.inject({
          method: 'POST',
          url,
          headers: bearer(),
          payload: { text, reason: text, objects: [text] },
        });
        expect(answer.statusCode).toBe(400);
        expect(Problem.parse(answer.json()).errors?.[0]).toMatchObject({ in: 'body' });
      }
    }
    for (const url of ['/api/v1/objects?q=%00', '/api/v1/objects/a%00b', '/api/v1/availability?objective=%00']) {
      const answer = await app.inject({ method: 'GET', url, headers: bearer() });
      expect([url, answer.statusCode]).toEqual([url, 400]);
    }
  });

  it('lets nobody write without the role', async () => {
    for (const route of guarded().filter((each) => each.method !== 'GET' && accessTo(each) !== 'session')) {
      expect(problem(await call(route, { headers: bearer(viewer) }), 403).code, route.url).toBe('role-required');
    }
  });

  it('shows another division nothing', async () => {
    for (const route of ofApi().filter((each) => each.method === 'GET' && accessTo(each) === 'read' && !OF_THE_NODE.includes(each.url))) {
      const answer = await call(route, { id: idFor(route), headers: bearer(nobody) });
      if (answer.statusCode === 200) {
        const body = answer.json() as { items?: unknown[]; nodes?: unknown[]; id?: unknown[] };
        // What is no list is looked into by rights.integration.test.ts.
        expect(body.items ?? body.nodes ?? body.id ?? [], route.url).toEqual([]);
      } else expect([403, 404], route.url).toContain(answer.statusCode);
    }
  });

  it('says which methods an address takes', async () => {
    for (const [url, methods] of app.knownRoutes) {
      if (!url.startsWith('/api/') || methods.has('PATCH')) continue;
      const answer = await app.inject({ method: 'PATCH', url: url.replace(':number', '7').replace(':id', UNKNOWN_ID), headers: bearer() });
      problem(answer, 405);
      expect(answer.headers.allow).toBe([...methods].sort().join(', '));
    }
  });

  it('carries the security headers and its request id', async () => {
    for (const route of routes) {
      if (route.url === '/api/v1/live') continue;
      const answer = await call(route);
      expect(answer.headers['x-content-type-options'], route.url).toBe('nosniff');
      expect(answer.headers['content-security-policy'], route.url).toMatch(/default-src 'none'/);
      expect(answer.headers['content-security-policy'], route.url).not.toMatch(/unsafe|https:/);
      expect(answer.headers['x-request-id'], route.url).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe('addresses nobody serves', () => {
  it('are problems too', async () => {
    expect(problem(await app.inject('/api/v1/nothing'), 404).code).toBe('no-such-address');
    const bad = await app.inject('/%ff');
    expect(problem(bad, 400).code).toBe('invalid-url');
    expect(bad.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'cache-control': 'no-store' });
  });
});

describe('the guides', () => {
  it.each(['api.md', 'api.zh-CN.md', 'incidents.md', 'incidents.zh-CN.md'])('%s names only addresses that are served', (name) => {
    const text = readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8');
    const named = [...text.matchAll(/\$BT(\/[^"\s?]*)/g)].map((match) => match[1] ?? '');
    expect(named.length).toBeGreaterThan(15);
    const known = [...app.knownRoutes.keys()].map((url) => new RegExp(`^${url.replace(/:(id|number)/g, '[^/]+')}$`));
    for (const address of named)
      expect(
        known.some((pattern) => pattern.test(address)),
        address,
      ).toBe(true);
  });
});
