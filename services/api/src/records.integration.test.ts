/** What the API says of the record: timelines, availability, incidents, deliveries, samples, readiness. */
import {
  Availability,
  ChannelBody,
  ChannelList,
  ContactBody,
  Delivery,
  DeliveryPage,
  IncidentDetail,
  IncidentPage,
  ObjectDetail,
  Objective,
  Problem,
  Readiness,
  Timeline,
  Topology,
} from '@beacontower/contracts';
import { recordTransitions } from '@beacontower/database';
import { exactEdge, partitionOf, type State } from '@beacontower/domain';
import { encodeSamples, packUint16, packUint32 } from '@beacontower/queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, objectBody, startHarness } from './test-harness.ts';

const HOUR = 3_600_000;
const FROM = NOW - 10 * HOUR;
const at = (ms: number) => new Date(ms).toISOString();
const period = `from=${at(FROM)}&to=${at(NOW)}`;
const INCIDENT = '0b8f3a52-1111-4222-8333-444455556666';
const HOOK = ChannelBody.parse({
  id: 'hook',
  kind: 'webhook',
  url: 'https://hook.example.cn/robot-key',
  secret: { env: 'HOOK' },
  timeoutMs: 5_000,
  maxAttempts: 5,
  limit: { messages: 20, perMs: 60_000 },
});
const DELIVERY = '0b8f3a52-1111-4222-8333-444455557777';

let harness: Harness;
let app: App;

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  await insertEntity(database, 'object', objectBody('bj:root', 'cn'));
  const child = { parents: ['bj:root'], rule: { require: 'any' as const } };
  await insertEntity(database, 'object', objectBody('bj:leaf', 'cn.gd', { dependency: child, party: 'party-b', weight: 3 }));
  await insertEntity(database, 'party', { id: 'party-b', name: '乙方', nameEn: null, tier: 'carrier' });
  await insertEntity(
    database,
    'contact',
    ContactBody.parse({ id: 'li', name: '李', language: 'zh', targets: [{ channel: 'hook', address: null }] }),
  );
  await insertEntity(database, 'objective', {
    id: 'backbone',
    name: '骨干网',
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
  const change = (objectId: string, from: State, to: State, edge: { at: number; earliest: number; latest: number }) => ({
    objectId,
    check: null,
    transition: { from, to, edge, reason: 'replied' as const, decidedAt: edge.latest },
    resolutionMs: 20_000,
    epoch: 1,
    told: false,
  });
  const around = (ms: number) => ({ at: ms, earliest: ms - 1_000, latest: ms + 1_000 });
  await recordTransitions(
    database,
    [
      change('bj:root', 'unknown', 'up', exactEdge(FROM)),
      change('bj:leaf', 'unknown', 'up', exactEdge(FROM)),
      change('bj:leaf', 'up', 'down', around(FROM + 2 * HOUR)),
      change('bj:leaf', 'down', 'up', around(FROM + 3 * HOUR)),
    ],
    NOW,
  );
  for (let partition = 0; partition < 8; partition++) {
    await database.query(
      "INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES ($1, 1, '0', '', $2, $2)",
      [partition, NOW],
    );
  }
  await database.query(
    `INSERT INTO incidents (id, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at)
     VALUES ($1, 'open', 'major', 'bj:root', 'cn', 'party-a', 'backbone', 'cut', $2, $2, $2, $3)`,
    [INCIDENT, FROM + 2 * HOUR - 5_000, FROM + 2 * HOUR],
  );
  await database.query("INSERT INTO incident_members VALUES ($1, 'bj:root', 'cause', $2, NULL), ($1, 'bj:leaf', 'symptom', $2, $3)", [
    INCIDENT,
    FROM + 2 * HOUR,
    FROM + 3 * HOUR,
  ]);
  await database.query(
    `INSERT INTO deliveries (id, incident_id, step, contact, channel, target_channel, language, payload, state, attempt, created_at, due_at, decided_at, last_error)
     VALUES ($1, $2, 'opened', 'noc', 'hook', 'hook', 'zh', '{}', 'dead', 2, $3, $3, $3, 'https://user:pass@host/ said 410')`,
    [DELIVERY, INCIDENT, NOW],
  );
  app = await harness.app({ rateLimit: { max: 100_000, windowMs: 60_000 } });
});
afterAll(() => harness?.close());

const get = (url: string, token?: string) => app.inject({ url: `/api/v1${url}`, headers: bearer(token) });
const act = (name: string, payload: object | undefined, ifMatch?: string, token?: string) =>
  app.inject({
    method: 'POST',
    url: `/api/v1/incidents/${INCIDENT}/${name}`,
    headers: { ...bearer(token), ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }) },
    ...(payload ? { payload } : {}),
  });

describe('the timeline', () => {
  it('covers the period without gaps and names the cause and the party charged', async () => {
    const { items } = Timeline.parse((await get(`/objects/bj:leaf/timeline?${period}`)).json());
    expect(items.map(({ from, to, state, cause, party, edgeUncertaintyMs }) => [from, to, state, cause, party, edgeUncertaintyMs])).toEqual(
      [
        [at(FROM), at(FROM + 2 * HOUR), 'up', null, null, 0],
        [at(FROM + 2 * HOUR), at(FROM + 3 * HOUR), 'down', 'bj:root', 'party-a', 1_000],
        [at(FROM + 3 * HOUR), at(NOW), 'up', null, null, 1_000],
      ],
    );
  });

  it('is unknown where nothing has been judged yet', async () => {
    const answer = await get(`/objects/bj:leaf/timeline?from=${at(NOW - HOUR)}&to=${at(NOW + HOUR)}`);
    const { items, asOf } = Timeline.parse(answer.json());
    expect(items.at(-1)).toMatchObject({ from: at(NOW), to: at(NOW + HOUR), state: 'unknown', reason: 'not-judged-yet', cause: null });
    expect(asOf).toBe(at(NOW));
  });

  it('says why it knows nothing of the time before the object was watched', async () => {
    const { items } = Timeline.parse((await get(`/objects/bj:leaf/timeline?from=2025-12-31T00:00:00Z&to=${at(FROM)}`)).json());
    expect(items.map(({ state, reason }) => [state, reason])).toEqual([
      ['unknown', 'not-monitored'],
      ['unknown', 'not-looked-at'],
    ]);
  });
});

describe('availability', () => {
  it('is a fraction between its bounds, with the account it comes from', async () => {
    const answer = Availability.parse((await get(`/availability?objective=backbone&${period}&groupBy=object`)).json());
    expect(answer).toMatchObject({
      availability: 0.95,
      verdict: 'missed',
      downMs: HOUR,
      upMs: 19 * HOUR,
      unknownMs: 0,
      members: 2,
      resolutionMs: 20_000,
    });
    expect(answer.formula).toContain('平均可用率');
    expect(answer.lowest).toBeCloseTo(1 - (HOUR + 2_000) / (20 * HOUR), 9);
    expect(answer.highest).toBeCloseTo(1 - (HOUR - 2_000) / (20 * HOUR), 9);
    expect(answer.groups.map(({ key, availability, verdict }) => [key, availability, verdict])).toEqual([
      ['bj:leaf', 0.9, 'missed'],
      ['bj:root', 1, 'met'],
    ]);
  });

  it('groups by party and division, with their names', async () => {
    const byParty = Availability.parse((await get(`/availability?objective=backbone&${period}&groupBy=party`)).json());
    expect(byParty.groups.map(({ key, name }) => [key, name])).toContainEqual(['party-b', '乙方']);
    const byDivision = Availability.parse((await get(`/availability?objective=backbone&${period}&groupBy=division`)).json());
    expect(byDivision.groups.map(({ key }) => key).sort()).toEqual(['cn', 'cn.gd']);
  });

  it('leaves out of the sum what the caller may not see', async () => {
    const token = await createToken(app, ['viewer'], ['cn.gd']);
    const answer = Availability.parse((await get(`/availability?objective=backbone&${period}`, token)).json());
    expect(answer).toMatchObject({ availability: 0.9, members: 1 });
    const objectives = (await get('/objectives', token)).json() as { items: unknown[] };
    expect(objectives.items.map((item) => Objective.parse(item).members)).toEqual([1]);
  });

  it('cuts a period that is not over, and says so', async () => {
    const answer = Availability.parse((await get(`/availability?objective=backbone&from=${at(FROM)}&to=${at(NOW + HOUR)}`)).json());
    expect(answer).toMatchObject({ to: at(NOW), asOf: at(NOW), unknownMs: 0 });
  });

  it('knows no objective of that name', async () => {
    expect((await get(`/availability?objective=nothing&${period}`)).statusCode).toBe(404);
  });
});

describe('incidents', () => {
  it('are found by state, severity, division and period', async () => {
    for (const [query, count] of [
      ['', 1],
      ['?state=open&severity=major&division=cn', 1],
      ['?state=closed', 0],
      ['?division=cn.gd', 0],
      [`?from=${at(FROM)}&to=${at(FROM + HOUR)}`, 0],
      [`?from=${at(NOW - HOUR)}`, 1],
    ] as const) {
      expect(IncidentPage.parse((await get(`/incidents${query}`)).json()).items.length, query).toBe(count);
    }
  });

  it('go from hand to hand, each step on the revision that was read', async () => {
    const detail = await get(`/incidents/${INCIDENT}`);
    expect(detail.headers.etag).toBe('"1"');
    expect(IncidentDetail.parse(detail.json()).objects.map(({ id, role }) => [id, role])).toEqual([
      ['bj:root', 'cause'],
      ['bj:leaf', 'symptom'],
    ]);
    expect((await act('acknowledge', undefined)).statusCode).toBe(428);
    const acknowledged = await act('acknowledge', undefined, '"1"');
    expect(IncidentDetail.parse(acknowledged.json())).toMatchObject({
      state: 'acknowledged',
      owner: 'bootstrap',
      firstReceiver: 'bootstrap',
      revision: 2,
    });
    const again = await act('acknowledge', undefined, '*');
    expect([again.statusCode, again.headers.etag]).toEqual([200, '"2"']);
    expect(IncidentDetail.parse(again.json()).timeline).toHaveLength(1);
    expect((await act('assign', { to: 'li' }, '"1"')).statusCode).toBe(412);
    expect((await act('assign', { to: 'li' }, String(acknowledged.headers.etag))).statusCode).toBe(200);
    const refused = await act('accept', {}, '*');
    expect([refused.statusCode, Problem.parse(refused.json()).code]).toEqual([409, 'nothing-to-accept']);
    const commented = await act('comment', { text: '光缆已派修' });
    expect(IncidentDetail.parse(commented.json()).timeline.map(({ kind, actor }) => [kind, actor])).toEqual([
      ['acknowledged', 'bootstrap'],
      ['assigned', 'bootstrap'],
      ['commented', 'bootstrap'],
    ]);
    expect(Problem.parse((await act('close', {}, '*')).json()).code).toBe('not-resolved');
    const audit = await harness.database.query<{ result: string }>('SELECT result FROM audit WHERE object = $1 ORDER BY id', [INCIDENT]);
    expect(audit.rows.map((row) => row.result)).toEqual(['refused', 'done', 'done', 'refused', 'done', 'refused', 'done', 'refused']);
  });

  it('tell the edge of an outage in RFC 3339, as all times', async () => {
    const edge = { at: FROM, earliest: FROM - 1_000, latest: FROM + 1_500 };
    await harness.database.query(
      "INSERT INTO incident_events (incident_id, at, kind, actor, detail) VALUES ($1, $2, 'opened', 'system', $3)",
      [INCIDENT, NOW, JSON.stringify({ reason: 'no-parents', severity: 'major', edge })],
    );
    const { timeline } = IncidentDetail.parse((await get(`/incidents/${INCIDENT}`)).json());
    expect(timeline.at(-1)?.detail).toEqual({
      reason: 'no-parents',
      severity: 'major',
      edge: { at: at(FROM), earliest: at(FROM - 1_000), latest: at(FROM + 1_500) },
    });
  });

  it('of elsewhere are not there for others', async () => {
    const token = await createToken(app, ['operator'], ['cn.gd']);
    expect((await act('comment', { text: 'x' }, undefined, token)).statusCode).toBe(404);
    expect(IncidentPage.parse((await get('/incidents', token)).json()).items).toEqual([]);
    expect(DeliveryPage.parse((await get('/deliveries', token)).json()).items).toEqual([]);
  });
});

describe('deliveries', () => {
  it('show their state without credentials, and what has not arrived can be sent again', async () => {
    const page = DeliveryPage.parse((await get(`/deliveries?incident=${INCIDENT}&state=dead`)).json());
    expect(page.items[0]).toMatchObject({ id: DELIVERY, lastError: 'https://***@host/ said 410' });
    const retry = () => app.inject({ method: 'POST', url: `/api/v1/deliveries/${DELIVERY}/retry`, headers: bearer() });
    expect([(await retry()).statusCode, (await retry()).statusCode]).toEqual([202, 202]);
    await harness.database.query(`UPDATE deliveries SET state = 'delivered' WHERE id = $1`, [DELIVERY]);
    expect((await retry()).statusCode).toBe(409);
  });

  it('show where they were to go, where they went, and the proof of each attempt', async () => {
    await harness.database.query(
      `UPDATE deliveries SET channel = 'mail', address = 'noc@example.cn', fallbacks = '[]', released_at = $2, first_attempt_at = $2,
         diverted = jsonb_build_array(jsonb_build_object('at', $2::bigint, 'channel', 'hook', 'address', NULL, 'why', 'circuit-open')) WHERE id = $1`,
      [DELIVERY, NOW],
    );
    await harness.database.query(
      `INSERT INTO delivery_attempts (delivery_id, attempt, started_at, ended_at, outcome, status, response, channel, address, digest)
       VALUES ($1, 1, $2, $2, 'delivered', 250, 'ok', 'mail', 'noc@example.cn', 'ab')`,
      [DELIVERY, NOW],
    );
    const delivery = Delivery.parse((await get(`/deliveries/${DELIVERY}`)).json());
    expect(delivery).toMatchObject({
      target: { channel: 'hook', address: null },
      channel: 'mail',
      diverted: [{ at: at(NOW), channel: 'hook', why: 'circuit-open' }],
      releasedAt: at(NOW),
      carries: 0,
      attempts: [{ attempt: 1, channel: 'mail', address: 'noc@example.cn', digest: 'ab' }],
    });
    expect((await get(`/deliveries/${INCIDENT}`)).statusCode).toBe(404);
    expect(DeliveryPage.parse((await get('/deliveries?channel=mail&contact=noc')).json()).items).toHaveLength(1);
  });
});

describe('channels', () => {
  it('show how they do, and neither addresses nor secrets', async () => {
    const answer = await get('/channels');
    expect(ChannelList.parse(answer.json()).items).toEqual([]);
    await insertEntity(harness.database, 'channel', HOOK);
    await harness.database.query(
      `INSERT INTO channel_states (channel, state, failures, openings, opened_at, probe_at, last_error, changed_at)
       VALUES ('hook', 'open', 7, 1, $1, $1, 'https://user:pass@host/ said 503', $1)`,
      [NOW],
    );
    const shown = await get('/channels');
    expect(ChannelList.parse(shown.json()).items).toEqual([
      {
        id: 'hook',
        kind: 'webhook',
        limit: { messages: 20, perMs: 60_000 },
        breaker: {
          state: 'open',
          failures: 7,
          openedAt: at(NOW),
          probeAt: at(NOW),
          lastError: 'https://***@host/ said 503',
          changedAt: at(NOW),
        },
        underWay: 0,
        held: { byBreaker: 0, byLimit: 0 },
        heldSince: null,
      },
    ]);
    expect(shown.body).not.toContain('robot-key');
  });

  it('count what waits for them only where it tells of the caller’s divisions', async () => {
    await harness.database.query(
      `UPDATE deliveries SET state = 'retrying', channel = 'hook', held = 'breaker', held_since = $2 WHERE id = $1`,
      [DELIVERY, NOW],
    );
    const [whole] = ChannelList.parse((await get('/channels')).json()).items;
    expect(whole).toMatchObject({ underWay: 1, held: { byBreaker: 1, byLimit: 0 }, heldSince: at(NOW) });
    const [elsewhere] = ChannelList.parse((await get('/channels', await createToken(app, ['viewer'], ['cn.gd']))).json()).items;
    expect(elsewhere).toMatchObject({ underWay: 0, held: { byBreaker: 0, byLimit: 0 }, heldSince: null });
  });
});

describe('topology and samples', () => {
  it('is a graph of the scope', async () => {
    const whole = Topology.parse((await get('/topology')).json());
    expect(whole.edges).toEqual([{ from: 'bj:root', to: 'bj:leaf' }]);
    const part = Topology.parse((await get('/topology?division=cn.gd')).json());
    expect([part.nodes.map((node) => node.id), part.edges]).toEqual([['bj:leaf'], []]);
  });

  it('gives the newest sample of a check from the tail of the stream', async () => {
    const { database, deps } = harness;
    const inserted = await database.query<{ key: number }>(
      "INSERT INTO checks (id, object_id, first_seen) VALUES ('bj:leaf/icmp4', 'bj:leaf', 0) RETURNING key",
    );
    const key = inserted.rows[0]?.key ?? 0;
    const add = (checks: number[], startedAt: number, received: number) =>
      deps.redis.xadd(
        deps.keys.samples(partitionOf('bj:leaf', 8)),
        '*',
        'e',
        encodeSamples({
          type: 'icmp',
          shard: 's',
          tick: startedAt,
          startedAt,
          checks: packUint32(checks),
          sent: packUint16(checks.map(() => 3)),
          received: packUint16(checks.map(() => received)),
          rttMin: packUint32(checks.map(() => 1_500)),
          rttAvg: packUint32(checks.map(() => 2_500)),
          rttMax: packUint32(checks.map(() => 0xffffffff)),
          jitter: packUint32(checks.map(() => 250)),
        }),
      );
    await add([key], NOW - 20_000, 3);
    await add([key + 1, key], NOW - 10_000, 2);
    for (let i = 0; i < 20; i++) await add([key + 1], NOW, 3);
    const detail = ObjectDetail.parse((await get('/objects/bj:leaf')).json());
    expect(detail.checks[0]?.latest).toEqual({
      at: at(NOW - 10_000),
      sent: 3,
      received: 2,
      loss: 1 / 3,
      rttMinMs: 1.5,
      rttAvgMs: 2.5,
      rttMaxMs: null,
      jitterMs: 0.25,
    });
  });
});

describe('readiness', () => {
  it('is 503 while a role gives no sign of life, and 200 when all do', async () => {
    const { deps, clock } = harness;
    const small = await harness.app({ expectedRoles: ['pipeline'] });
    const silent = await small.inject('/readyz');
    expect([silent.statusCode, Readiness.parse(silent.json()).roles.pipeline?.status]).toEqual([503, 'failed']);
    await deps.redis.hset(
      deps.keys.health('pipeline'),
      'main/judge',
      JSON.stringify({ role: 'pipeline', instance: 'main/judge', pid: 1, at: clock.now(), status: 'ok' }),
    );
    const ready = await small.inject('/readyz');
    expect([ready.statusCode, ready.json()]).toEqual([
      200,
      {
        status: 'ok',
        dependencies: { postgresql: { status: 'ok', detail: null }, redis: { status: 'ok', detail: null } },
        roles: { pipeline: { status: 'ok', detail: null } },
      },
    ]);
  });
});
