/** Every route with every role and division: who is let in, and what of another province is shown. Generated from the routes there are. */
import { ROLES, type RoleName } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACCESS_ROLES, type Access, type App } from './context.ts';
import { FROM, objectiveBody, type Province, putCallers, seedProvince, TO } from './rights.fixture.ts';
import { bearer, type Harness, insertEntity, NOW, startHarness } from './test-harness.ts';

const UNKNOWN_ID = '3f9c2f5e-0000-4000-8000-000000000000';
const DIVISIONS = ['cn.gd', 'cn.gx', 'cn'];

/** What each route asks of its caller, written down once more by hand: the first that fits. A route that fits none fails the test. */
const WRITTEN: readonly (readonly [RegExp, Access])[] = [
  [/^GET \/api\/v1\/session\/(ways|oidc(\/(callback|end))?)$/, 'public'],
  [/^POST \/api\/v1\/session$/, 'public'],
  [/^\w+ \/api\/v1\/session(\/.*)?$/, 'session'],
  [/^GET \/api\/v1\/audit(\/.*)?$/, 'audit'],
  [/^\w+ \/api\/v1\/sessions(\/:id)?$/, 'secure'],
  [/^\w+ \/api\/v1\/accounts\/:id\/(rights|unlock|second-factor\/reset)$/, 'secure'],
  [/^PUT \/api\/v1\/access-policy$/, 'secure'],
  [/^GET \/api\/v1\/(accounts(\/:id)?|access-policy|tokens)$/, 'accounts'],
  [/^(POST|PUT) \/api\/v1\/accounts(\/:id(\/password)?)?$/, 'administer'],
  [/^DELETE \/api\/v1\/tokens\/:id$/, 'accounts'],
  [/^GET \/api\/v1\/federation\/(invitations|requests|uplink)$/, 'accounts'],
  [/^(POST|DELETE) \/api\/v1\/federation\/invitations(\/:id)?$/, 'administer'],
  [/^POST \/api\/v1\/federation\/(requests|nodes)\/:id\/(approve|refuse|revoke)$/, 'secure'],
  [/^POST \/api\/v1\/tokens$/, 'administer'],
  [/^\w+ \/api\/v1\/configuration(\/plan)?$/, 'administer'],
  [/^POST \/api\/v1\/(periods|reclassifications(\/:id\/withdraw)?|maintenance\/:id\/approve)$/, 'manage'],
  [
    /^(POST|DELETE) \/api\/v1\/(incidents|maintenance|silences|reports|rotas|rota-overrides|deliveries|routing|templates)(\/.*)?$/,
    'operate',
  ],
  [
    /^GET \/api\/v1\/(objects|objectives|incidents|deliveries|maintenance|silences|reclassifications|periods|reports|rotas|rota-overrides|availability|nodes)(\/.*)?$/,
    'read',
  ],
  [/^GET \/api\/v1\/(topology|wall|freshness|coverage|calendars|channels|signing-keys|self|live|directory)$/, 'read'],
];

/** Reads that tell the same to everybody: of the node, or of rules; they hold no row of a division. */
const OF_THE_NODE =
  /^\/api\/v1\/(calendars|channels|signing-keys|self|freshness|live|session.*|rotas(\/.*)?|rota-overrides\/:id|audit.*|access-policy|configuration|federation\/uplink)$/;
/** Tells of numbers alone. */
const OF_NUMBERS = /^\/api\/v1\/(coverage|availability|objects\/:id\/(series|timeline)|objectives\/:id\/(budget|days))$/;

const span = { from: new Date(FROM).toISOString(), to: new Date(TO).toISOString() };
const QUERIES: Readonly<Record<string, Record<string, string>>> = {
  '/api/v1/objects/:id/timeline': span,
  '/api/v1/objects/:id/series': { metric: 'rtt', ...span },
  '/api/v1/objects/:id/evidence': span,
  '/api/v1/availability': { objective: 'country', ...span },
  '/api/v1/availability/evidence': { objective: 'country', ...span },
  '/api/v1/objectives/:id/outages': span,
  '/api/v1/objectives/:id/days': span,
  '/api/v1/coverage': { division: 'cn' },
  '/api/v1/reports/:id/file': { format: 'pdf' },
};

/** What there is nothing of yet: a report that nobody has made has no file, an object nobody has looked at no samples. */
const UNREADY: Readonly<Record<string, number>> = { '/api/v1/reports/:id/file': 409, '/api/v1/objects/:id/series': 422 };

interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly access: Access;
}

let harness: Harness;
let app: App;
let routes: readonly Route[];
let callers: ReadonlyMap<string, string>;
let gd: Province;
let gx: Province;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app({ rateLimit: { max: 1_000_000, windowMs: 60_000 } });
  const { database } = harness;
  await insertEntity(database, 'node', { id: 'bj', name: '中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
  await insertEntity(database, 'division', { id: 'cn', name: '全国', nameEn: null, code: '000000' });
  await insertEntity(database, 'party', { id: 'carrier', name: '电信', nameEn: null, tier: 'carrier' });
  await insertEntity(database, 'objective', objectiveBody('country', 'cn', null));
  for (let partition = 0; partition < 8; partition++) {
    await database.query(
      "INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES ($1, 1, '0', '', $2, 0)",
      [partition, NOW],
    );
  }
  gd = await seedProvince(harness, app, 'cn.gd', 'mark-of-gd');
  gx = await seedProvince(harness, app, 'cn.gx', 'mark-of-gx');
  callers = await putCallers(harness, ROLES, DIVISIONS);
  routes = [...app.routeAccess].flatMap(([name, access]) => {
    const [method = '', url = ''] = name.split(' ');
    return url.startsWith('/api/v1/') ? [{ method, url, access } as Route] : [];
  });
});
afterAll(() => harness?.close());

const nameOf = ({ method, url }: Pick<Route, 'method' | 'url'>) => `${method} ${url}`;
const isById = ({ url }: Route) => /:(id|number)/.test(url);

function call({ method, url }: Route, role: RoleName, division: string, id = UNKNOWN_ID, more: Record<string, string> = {}) {
  return app.inject({
    method,
    url: url.replace(':id', encodeURIComponent(id)).replace(':number', id),
    query: { ...QUERIES[url], ...more },
    headers: { ...bearer(callers.get(`${role} ${division}`)), 'if-match': '*' },
    ...(method === 'GET' || method === 'DELETE' ? {} : { payload: {} }),
  });
}

/** The id that a province's thing has under an address; undefined: it has none there. */
async function idOf({ url }: Route, province: Province): Promise<string | undefined> {
  if (url.includes(':number')) return numberOf(province);
  const [kind = '', of = ''] = url.split('/').slice(3);
  return province.ids[kind === 'federation' ? `${kind}/${of}` : kind];
}

async function numberOf({ ids }: Province): Promise<string> {
  const found = await harness.database.query<{ number: number }>('SELECT number FROM incidents WHERE id = $1', [ids.incidents]);
  return String(found.rows[0]?.number);
}

describe('the rights of roles', () => {
  it('are written down for every route, as the route has them', () => {
    expect(routes.length).toBeGreaterThan(70);
    for (const route of routes) {
      const written = WRITTEN.find(([pattern]) => pattern.test(nameOf(route)))?.[1];
      expect([nameOf(route), written]).toEqual([nameOf(route), route.access]);
    }
  });

  it.each(ROLES)('let %s in where it may, and nowhere else, in its own province, in another and in the country', async (role) => {
    let refused = 0;
    for (const route of routes) {
      const isLetIn = route.access === 'public' || route.access === 'session' || ACCESS_ROLES[route.access].includes(role);
      for (const division of DIVISIONS) {
        // A question that is not understood, asked by one who may: it does not begin to stream.
        const query: Record<string, string> = route.url === '/api/v1/live' ? { surprise: '1' } : {};
        const answer = await call(route, role, division, UNKNOWN_ID, query);
        const code = answer.statusCode === 403 ? (answer.json() as { code: string }).code : '';
        expect([nameOf(route), division, code === 'role-required'], answer.body.slice(0, 300)).toEqual([nameOf(route), division, !isLetIn]);
        expect(answer.statusCode, nameOf(route)).not.toBe(401);
        if (!isLetIn) refused++;
      }
    }
    expect(refused).toBeGreaterThan(0);
  });

  it('let nobody in without a token but where all may come', async () => {
    for (const route of routes) {
      const answer = await app.inject({
        method: route.method,
        url: route.url.replace(/:\w+/, UNKNOWN_ID),
        query: QUERIES[route.url] ?? {},
      });
      if (route.access !== 'public') expect([nameOf(route), answer.statusCode]).toEqual([nameOf(route), 401]);
    }
  });
});

describe('the rows of another province', () => {
  const reads = () =>
    routes.filter(({ method, access }) => method === 'GET' && (access === 'read' || access === 'accounts' || access === 'secure'));
  const roleFor = ({ access }: Route): RoleName =>
    access === 'secure' ? 'security-administrator' : access === 'accounts' ? 'system-administrator' : 'viewer';

  it('are in no list, in which the country sees both', async () => {
    let looked = 0;
    for (const route of reads().filter((each) => !isById(each) && !OF_THE_NODE.test(each.url) && !OF_NUMBERS.test(each.url))) {
      looked++;
      const name = nameOf(route);
      const whole = await call(route, roleFor(route), 'cn');
      expect([name, whole.statusCode, whole.body.includes(gd.mark), whole.body.includes(gx.mark)], whole.body).toEqual([
        name,
        200,
        true,
        true,
      ]);
      for (const [own, other] of [
        [gd, gx],
        [gx, gd],
      ] as const) {
        const part = await call(route, roleFor(route), own.division);
        expect([name, part.statusCode, part.body.includes(own.mark), part.body.includes(other.mark)]).toEqual([name, 200, true, false]);
      }
    }
    expect(looked).toBeGreaterThan(12);
  });

  it('are in nothing that is told to everybody, nor in numbers', async () => {
    for (const route of reads().filter((each) => !isById(each) && each.url !== '/api/v1/live')) {
      const answer = await call(route, roleFor(route), gd.division);
      expect([nameOf(route), answer.body.includes(gx.mark)]).toEqual([nameOf(route), false]);
    }
  });

  it('are not there by their ids, which the country and the province itself may ask for', async () => {
    const tried = new Set<string>();
    for (const route of reads().filter((each) => isById(each) && !OF_THE_NODE.test(each.url))) {
      const name = nameOf(route);
      for (const [own, other] of [
        [gd, gx],
        [gx, gd],
      ] as const) {
        const id = await idOf(route, other);
        expect([name, id === undefined]).toEqual([name, false]);
        const foreign = await call(route, roleFor(route), own.division, id);
        expect([name, foreign.statusCode, foreign.body.includes(other.division)], foreign.body.slice(0, 300)).toEqual([name, 404, false]);
        for (const division of [other.division, 'cn']) {
          const seen = await call(route, roleFor(route), division, id);
          const expected = UNREADY[route.url] ?? 200;
          expect([name, division, seen.statusCode], seen.body.slice(0, 300)).toEqual([name, division, expected]);
          if (!OF_NUMBERS.test(route.url)) tried.add(name);
        }
      }
    }
    expect(tried.size).toBeGreaterThan(15);
  });

  it('are changed by nobody of elsewhere', async () => {
    let tried = 0;
    for (const route of routes.filter((each) => each.method !== 'GET' && isById(each) && !/session\/|rota/.test(each.url))) {
      const id = await idOf(route, gx);
      const role = route.access === 'public' || route.access === 'session' ? undefined : ACCESS_ROLES[route.access].at(-1);
      expect([nameOf(route), id === undefined, role === undefined]).toEqual([nameOf(route), false, false]);
      const before = await stateOfAll();
      const answer = await app.inject({
        method: route.method,
        url: route.url.replace(':id', id ?? ''),
        headers: { ...bearer(callers.get(`${role} cn.gd`)), 'if-match': '*' },
        ...(route.method === 'DELETE' ? {} : { payload: BODIES[route.url] ?? BODIES[route.url.split('/:id')[1] ?? ''] ?? {} }),
      });
      expect([nameOf(route), answer.statusCode], answer.body.slice(0, 300)).toEqual([nameOf(route), 404]);
      expect(await stateOfAll(), nameOf(route)).toBe(before);
      tried++;
    }
    expect(tried).toBeGreaterThan(20);
  });

  it.each([
    ['maintenance', 'operator', { title: 'x', startsAt: future(1), endsAt: future(2) }],
    ['silences', 'operator', { reason: 'x', endsAt: future(2) }],
    ['reclassifications', 'duty-manager', { effect: 'exclude', reason: 'x', startsAt: span.from, endsAt: span.to }],
  ] as const)('are in no new %s of elsewhere', async (url, role, body) => {
    const post = (more: object) =>
      app.inject({ method: 'POST', url: `/api/v1/${url}`, headers: bearer(callers.get(`${role} cn.gd`)), payload: { ...body, ...more } });
    for (const divisions of [['cn.gx'], ['cn'], ['cn.gd', 'cn.gx']])
      expect((await post({ divisions })).statusCode, String(divisions)).toBe(403);
    expect((await post({ objects: [gx.ids.objects] })).statusCode).toBe(400);
    expect((await post({ divisions: ['cn.gd'] })).statusCode).toBe(201);
  });
});

function future(hours: number): string {
  return new Date(NOW + hours * 3_600_000).toISOString();
}

/** Bodies with which each change would be made, were it of one's own. */
const BODIES: Readonly<Record<string, object>> = {
  '': { displayName: 'x', email: null, disabled: true },
  '/rights': { roles: ['viewer'], divisions: ['cn.gd'] },
  '/assign': { to: 'li' },
  '/decline': { note: 'x' },
  '/comment': { text: 'x' },
  '/merge': { into: UNKNOWN_ID },
  '/split': { objects: ['bj:mark-of-gx'] },
  '/resolve': { note: 'x' },
  '/reopen': { note: 'x' },
  '/escalate': { note: 'x' },
  '/hand-down': { node: 'gx', note: 'x' },
  '/decline-hand-over': { note: 'x' },
  '/withdraw-hand-down': { note: 'x' },
  '/withdraw': { reason: 'x' },
  '/api/v1/federation/requests/:id/approve': { code: '0000-0000' },
  '/api/v1/federation/requests/:id/refuse': { reason: 'x' },
  '/api/v1/federation/nodes/:id/revoke': { reason: 'x' },
};

/** Everything that a change could have changed, in one text. */
async function stateOfAll(): Promise<string> {
  const tables = [
    'incidents',
    'incident_events',
    'deliveries',
    'maintenance',
    'silences',
    'reclassifications',
    'reports',
    'api_tokens',
    'accounts',
    'sessions',
    'federation_nodes',
    'federation_invitations',
    'federation_enrolments',
  ];
  const parts = await Promise.all(
    tables.map((table) =>
      harness.database.query<{ digest: string }>(`SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS digest FROM ${table} t`),
    ),
  );
  return parts.map(({ rows }) => rows[0]?.digest ?? '').join(' ');
}
