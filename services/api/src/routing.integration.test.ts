import { type EntityBody, Problem, RoutingExplanationView, Silence, SilencePreview } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, objectBody, startHarness } from './test-harness.ts';

const HOUR = 3_600_000;
const at = (ms: number) => new Date(ms).toISOString();
const INCIDENT = '33333333-3333-4333-8333-333333333333';

let harness: Harness;
let app: App;

const contact = (id: string, name: string, more: Partial<EntityBody<'contact'>> = {}): EntityBody<'contact'> => ({
  id,
  name,
  language: 'zh',
  targets: [{ channel: 'mail', address: `${id}@example.org`, fallbacks: [] }],
  quiet: null,
  accounts: [],
  ...more,
});
const grouping = { by: [], waitMs: 20_000, skipWait: ['critical' as const], burst: 20, intervalMs: 30_000, most: 50 };
const route = (id: string, position: number, more: Partial<EntityBody<'route'>>): EntityBody<'route'> => ({
  id,
  position,
  match: { severities: null, classes: null, divisions: null, parties: null, kinds: null, calendar: null },
  isDefault: false,
  final: false,
  contacts: [],
  rotas: [],
  escalation: null,
  group: grouping,
  repeatMs: null,
  ...more,
});
const anything = { severities: null, classes: null, divisions: null, parties: null, kinds: null, calendar: null };

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  await insertEntity(database, 'node', { id: 'bj', name: '中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
  await insertEntity(database, 'party', { id: 'party-a', name: '甲方', nameEn: null, tier: 'carrier' });
  await insertEntity(database, 'object', objectBody('bj:a', 'cn.gd'));
  await insertEntity(database, 'object', objectBody('bj:a/eth0', 'cn.gd', { kind: 'interface', class: 'other' }));
  await insertEntity(database, 'object', objectBody('bj:b', 'cn.gx', { party: 'party-b' }));
  await insertEntity(database, 'channel', {
    id: 'mail',
    kind: 'email',
    timeoutMs: 10_000,
    maxAttempts: 10,
    limit: null,
    template: null,
    host: 'localhost',
    port: 25,
    tls: 'none',
    ca: null,
    user: null,
    password: null,
    from: 'noc@example.org',
    inDoubt: 'resend',
  });
  await insertEntity(database, 'contact', contact('wang', '王工'));
  await insertEntity(
    database,
    'contact',
    contact('li', '李工', { quiet: { during: [{ from: 0, to: 1440 }], outside: null, timeZone: 'Asia/Shanghai', except: ['critical'] } }),
  );
  await insertEntity(database, 'contact', contact('chief', '主任'));
  await insertEntity(database, 'escalation', {
    id: 'up',
    name: '升级',
    steps: [{ afterMs: 900_000, contacts: ['chief'], rotas: [] }],
    next: null,
  });
  await insertEntity(database, 'clock', { id: 'critical', respondMs: 600_000, repairMs: null, warnAt: 0.8, calendar: null });
  await insertEntity(
    database,
    'route',
    route('serious', 0, { match: { ...anything, severities: ['critical'] }, contacts: ['wang'], escalation: 'up', repeatMs: HOUR }),
  );
  await insertEntity(database, 'route', route('all', 1, { contacts: ['li'] }));
  await database.query(
    `INSERT INTO incidents (id, kind, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at)
     VALUES ($1, 'outage', 'open', 'critical', 'bj:a', 'cn.gd', 'party-a', 'backbone', 'object bj:a is down', $2, $2, $2, $2)`,
    [INCIDENT, NOW - HOUR],
  );
  app = await harness.app({ rateLimit: { max: 100_000, windowMs: 60_000 } });
});
afterAll(() => harness?.close());

const post = (url: string, payload: object, token?: string) => app.inject({ method: 'POST', url, headers: bearer(token), payload });
const explain = async (payload: object) => RoutingExplanationView.parse((await post('/api/v1/routing/explain', payload)).json());

describe('POST /api/v1/routing/explain', () => {
  it('says which route sends what to whom, when and by what channel, and why not to the others', async () => {
    const answer = await explain({ object: 'bj:a' });
    expect(answer).toMatchObject({
      at: at(NOW),
      event: {
        incident: null,
        object: 'bj:a',
        kind: 'outage',
        severity: 'critical',
        class: 'backbone',
        division: 'cn.gd',
        party: 'party-a',
      },
      nobody: false,
      routes: [
        { route: 'serious', verdict: 'matches' },
        { route: 'all', verdict: 'matches' },
      ],
      told: [
        {
          contact: 'wang',
          name: '王工',
          because: { route: 'serious', byDefault: false },
          targets: [{ channel: 'mail', kind: 'email', address: 'wang@example.org', grouped: true }],
          withheld: null,
          at: at(NOW),
        },
        { contact: 'li', because: { route: 'all' }, withheld: null },
      ],
      notTold: [{ contact: 'chief', why: 'only-when-nobody-acknowledges', route: 'serious' }],
      escalation: [{ at: at(NOW + 900_000), escalation: 'up', stepNumber: 0, contacts: [{ contact: 'chief', name: '主任' }] }],
      repeats: [{ route: 'serious', everyMs: HOUR }],
      clocks: { respond: { warnAt: at(NOW + 480_000), dueAt: at(NOW + 600_000) }, repair: null },
    });
  });

  it('knows of quiet hours, and of routes that are for others', async () => {
    const answer = await explain({ class: 'user-access', division: 'cn.gd', severity: 'minor', kind: 'condition' });
    expect(answer.event).toMatchObject({ object: null, kind: 'condition', severity: 'minor', party: null });
    expect(answer.routes).toEqual([
      { route: 'serious', verdict: 'other-severity' },
      { route: 'all', verdict: 'matches' },
    ]);
    expect(answer.told).toMatchObject([{ contact: 'li', withheld: { reason: 'quiet-hours', id: null } }]);
    expect(answer.notTold).toContainEqual({
      contact: 'wang',
      name: '王工',
      why: 'route-does-not-apply',
      route: 'serious',
      verdict: 'other-severity',
      rota: null,
    });
  });

  it('of an incident that is there, and of another time', async () => {
    const answer = await explain({ incident: INCIDENT, at: at(NOW + 24 * HOUR) });
    expect(answer).toMatchObject({ at: at(NOW + 24 * HOUR), event: { incident: INCIDENT, object: 'bj:a', severity: 'critical' } });
  });

  it.each([
    ['nothing at all', {}, 'class'],
    ['both an incident and an object', { incident: INCIDENT, object: 'bj:a' }, 'object'],
    ['an object that is not there', { object: 'bj:z' }, 'object'],
    ['an incident that is not there', { incident: '44444444-4444-4444-8444-444444444444' }, 'incident'],
    ['a time that nobody means', { object: 'bj:a', at: '9999-01-01T00:00:00Z' }, 'at'],
    ['a severity that there is not', { object: 'bj:a', severity: 'bad' }, 'severity'],
  ])('refuses %s', async (_, body, field) => {
    const answer = await post('/api/v1/routing/explain', body);
    expect(answer.statusCode).toBe(400);
    expect(Problem.parse(answer.json()).errors?.[0]).toMatchObject({ in: 'body', path: field });
  });

  it('shows nobody another division', async () => {
    const token = await createToken(app, ['operator'], ['cn.gx']);
    expect((await post('/api/v1/routing/explain', { object: 'bj:a' }, token)).statusCode).toBe(400);
    expect((await post('/api/v1/routing/explain', { incident: INCIDENT }, token)).statusCode).toBe(400);
    expect((await post('/api/v1/routing/explain', { class: 'backbone', division: 'cn.gd' }, token)).statusCode).toBe(403);
    expect((await post('/api/v1/routing/explain', { object: 'bj:b', division: 'cn.gd' }, token)).statusCode).toBe(403);
    expect((await post('/api/v1/routing/explain', { object: 'bj:b' }, token)).statusCode).toBe(200);
  });

  it('writes nothing but its line of audit', async () => {
    const tables = ['notices', 'deliveries', 'incident_events', 'log'];
    const counts = async () =>
      Promise.all(tables.map(async (table) => (await harness.database.query(`SELECT count(*) FROM ${table}`)).rows[0]));
    const before = await counts();
    await explain({ object: 'bj:a' });
    expect(await counts()).toEqual(before);
  });
});

describe('silences', () => {
  const preview = async (payload: object, token?: string) =>
    SilencePreview.parse((await post('/api/v1/silences/preview', { endsAt: at(NOW + HOUR), ...payload }, token)).json());

  it('show before they are made what they are about', async () => {
    await harness.database.query(
      "INSERT INTO notices (incident_id, step, occasion, decided_at, due_at, created_at) VALUES ($1, 'repeated', '1', $2, $3, $2), ($1, 'repeated', '2', $2, $4, $2)",
      [INCIDENT, NOW, NOW + 1000, NOW + 2 * HOUR],
    );
    expect(await preview({ objects: ['bj:a'] })).toEqual({
      startsAt: at(NOW),
      endsAt: at(NOW + HOUR),
      // An interface is covered with its device.
      objects: {
        total: 2,
        first: [
          { id: 'bj:a', name: 'object bj:a', class: 'backbone' },
          { id: 'bj:a/eth0', name: 'object bj:a/eth0', class: 'other' },
        ],
      },
      incidents: {
        total: 1,
        first: [
          {
            id: INCIDENT,
            number: expect.any(Number),
            title: 'object bj:a is down',
            severity: 'critical',
            kind: 'outage',
            state: 'open',
            object: 'bj:a',
            openedAt: at(NOW - HOUR),
            withheld: null,
          },
        ],
      },
      withheldNow: 0,
      wouldWithhold: 1,
    });
  });

  it.each([
    ['a division', { divisions: ['cn'] }, 3, 1],
    ['one class of it', { divisions: ['cn'], classes: ['other'] }, 1, 0],
    ['one party of everything', { parties: ['party-a'] }, 2, 1],
    ['kinds that no incident has', { divisions: ['cn'], kinds: ['flapping'] }, 3, 0],
    ['severities that no incident has', { divisions: ['cn'], severities: ['minor'] }, 3, 0],
  ])('of %s', async (_, body, objects, incidents) => {
    const answer = await preview(body);
    expect([answer.objects.total, answer.incidents.total]).toEqual([objects, incidents]);
  });

  it('name what withholds an incident already, and are made with what they were previewed with', async () => {
    const body = { parties: ['party-a'], classes: ['backbone'], kinds: ['outage'], reason: '割接', endsAt: at(NOW + HOUR) };
    const made = await post('/api/v1/silences', body);
    expect(made.statusCode).toBe(201);
    const silence = Silence.parse(made.json());
    expect(silence).toMatchObject({
      objects: [],
      divisions: [],
      parties: ['party-a'],
      classes: ['backbone'],
      kinds: ['outage'],
      severities: [],
    });
    expect((await preview({ divisions: ['cn.gd'] })).incidents.first).toMatchObject([{ withheld: `silence ${silence.id}` }]);
    expect((await explain({ object: 'bj:a' })).told[0]).toMatchObject({
      withheld: { reason: 'silence', id: silence.id, until: at(NOW + HOUR) },
    });
  });

  it.each([
    ['nothing at all', {}, 'objects'],
    ['a party that is not there', { parties: ['nobody'] }, 'parties.0'],
    ['an object that is not there', { objects: ['bj:z'] }, 'objects.0'],
    ['more than a year', { divisions: ['cn'], endsAt: at(NOW + 400 * 24 * HOUR) }, 'endsAt'],
    ['an end in the past', { divisions: ['cn'], endsAt: at(NOW - 1) }, 'endsAt'],
  ])('are refused with %s', async (_, body, field) => {
    for (const url of ['/api/v1/silences', '/api/v1/silences/preview']) {
      const answer = await post(url, { endsAt: at(NOW + HOUR), reason: 'x', ...body });
      expect(answer.statusCode).toBe(400);
      expect(Problem.parse(answer.json()).errors?.[0]).toMatchObject({ in: 'body', path: field });
    }
  });

  it('of all divisions need a token of all; a preview counts only what is one’s own', async () => {
    const token = await createToken(app, ['operator'], ['cn.gx']);
    for (const url of ['/api/v1/silences', '/api/v1/silences/preview']) {
      const everything = await post(url, { parties: ['party-a'], endsAt: at(NOW + HOUR), reason: 'x' }, token);
      expect(Problem.parse(everything.json()).code).toBe('outside-scope');
      const other = await post(url, { divisions: ['cn.gd'], endsAt: at(NOW + HOUR), reason: 'x' }, token);
      expect(Problem.parse(other.json()).code).toBe('outside-scope');
    }
    // Who sees the whole node makes one, everybody sees it, and who sees a part cannot end it.
    const whole = await createToken(app, ['operator'], ['cn']);
    const made = await post('/api/v1/silences', { parties: ['party-a'], endsAt: at(NOW + HOUR), reason: 'x' }, whole);
    expect(made.statusCode).toBe(201);
    const url = `/api/v1/silences/${Silence.parse(made.json()).id}`;
    expect((await app.inject({ url, headers: bearer(token) })).statusCode).toBe(200);
    expect((await app.inject({ method: 'DELETE', url, headers: bearer(token) })).statusCode).toBe(403);
    expect((await app.inject({ method: 'DELETE', url, headers: bearer(whole) })).statusCode).toBe(204);
    expect(await preview({ divisions: ['cn.gx'] }, token)).toMatchObject({ objects: { total: 1 }, incidents: { total: 0 } });
  });
});
