import { Availability, ClosedPeriod, Problem, ReclassificationView } from '@beacontower/contracts';
import { type NewTransition, recordTransitions } from '@beacontower/database';
import { exactEdge, type State } from '@beacontower/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, objectBody, startHarness } from './test-harness.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FROM = Date.parse('2026-02-01T00:00:00+08:00');
const TO = Date.parse('2026-03-01T00:00:00+08:00');
const at = (ms: number) => new Date(ms).toISOString();

let harness: Harness;
let app: App;

beforeAll(async () => {
  harness = await startHarness();
  const { database } = harness;
  await insertEntity(database, 'object', objectBody('bj:a', 'cn.gd.sz'));
  await insertEntity(database, 'object', objectBody('bj:b', 'cn.gd.gz'));
  await insertEntity(database, 'party', { id: 'carrier', name: '运营商', nameEn: null, tier: 'carrier' });
  const objective = {
    id: 'backbone',
    name: '骨干',
    nameEn: null,
    class: 'backbone' as const,
    objects: null,
    where: null,
    division: 'cn.gd',
    target: 0.999,
    aggregate: 'mean' as const,
    period: 'month' as const,
    rollingDays: null,
    calendar: 'always',
    timeZone: 'Asia/Shanghai',
    basis: 'experienced' as const,
    closeAfterMs: 5 * DAY,
    warnings: [],
  };
  await insertEntity(database, 'objective', objective);
  await insertEntity(database, 'objective', { ...objective, id: 'nobody', objects: ['bj:nobody'], class: null });
  for (let partition = 0; partition < 8; partition++) {
    await database.query(
      "INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES ($1, 1, '0', '', $2, 0)",
      [partition, NOW],
    );
  }
  await record(
    'bj:a',
    [
      ['unknown', 'up', FROM],
      ['up', 'down', FROM + DAY],
      ['down', 'up', FROM + DAY + HOUR],
    ],
    TO,
  );
  await record('bj:b', [['unknown', 'up', FROM]], TO);
  app = await harness.app({ rateLimit: { max: 100_000, windowMs: 60_000 } });
});
afterAll(() => harness?.close());

async function record(objectId: string, changes: readonly [from: State, to: State, at: number][], recordedAt: number): Promise<void> {
  const items = changes.map(
    ([from, to, edge]): NewTransition => ({
      objectId,
      check: null,
      transition: { from, to, edge: exactEdge(edge), reason: 'no-reply', decidedAt: edge },
      resolutionMs: 20_000,
      epoch: 1,
      told: true,
    }),
  );
  await harness.database.transaction((tx) => recordTransitions(tx, items, recordedAt));
}

const get = (url: string, token?: string) => app.inject({ url, headers: bearer(token) });
const post = (url: string, payload: object, token?: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url, headers: { ...bearer(token), ...headers }, payload });
const FEBRUARY = `objective=backbone&from=${at(FROM)}&to=${at(TO)}`;
const availability = async (query = '', token?: string) => {
  const answer = await get(`/api/v1/availability?${FEBRUARY}${query}`, token);
  expect(answer.statusCode, answer.body).toBe(200);
  return Availability.parse(answer.json());
};
const close = (more: object = {}) =>
  post('/api/v1/periods', { objective: 'backbone', period: '2026-02', reason: 'for the board', ...more });

describe('periods', () => {
  it.each([
    [{ period: '2026-03' }, 409, 'period-running'],
    [{ period: '2027' }, 409, 'period-in-the-future'],
    [{ period: '2026-13' }, 400, 'invalid-request'],
    [{ period: 'February' }, 400, 'invalid-request'],
    [{ period: undefined }, 400, 'invalid-request'],
    [{ from: at(FROM), to: at(TO) }, 400, 'invalid-request'],
    [{ period: undefined, from: at(TO), to: at(FROM) }, 400, 'invalid-request'],
    [{ period: undefined, from: at(FROM), to: at(FROM) }, 400, 'invalid-request'],
    [{ reason: ' ' }, 400, 'invalid-request'],
    [{ objective: 'none' }, 404, 'not-found'],
    [{ period: undefined, from: at(FROM), to: at(NOW) }, 409, 'still-judged'],
  ])('are not closed by %j', async (more, status, code) => {
    if (code === 'still-judged') await harness.database.query('UPDATE partition_states SET watermark = $1', [NOW - 60_000]);
    const answer = await close(more);
    await harness.database.query('UPDATE partition_states SET watermark = $1', [NOW]);
    expect([answer.statusCode, Problem.parse(answer.json()).code]).toEqual([status, code]);
  });

  it('without members are closed with null figures, undecided', async () => {
    const answer = await close({ objective: 'nobody' });
    expect(answer.statusCode).toBe(201);
    expect(ClosedPeriod.parse(answer.json()).figures).toMatchObject([
      { members: 0, verdict: 'undecided', experienced: { availability: null } },
    ]);
  });

  it('are shown as closed by GET /availability, by version, and live', async () => {
    expect(await availability()).toMatchObject({ status: 'live', version: 0, closedAt: null });
    expect((await get(`/api/v1/availability?${FEBRUARY}&version=1`)).statusCode).toBe(404);
    const live = await availability();
    const made = await close();
    expect(made.statusCode, made.body).toBe(201);
    const { id } = ClosedPeriod.parse(made.json());
    expect(made.headers.location).toBe(`/api/v1/periods/${id}`);
    const closed = await availability();
    expect(closed).toMatchObject({ status: 'closed', version: 1, closedAt: at(NOW), asOf: at(NOW) });
    const { version: _, status: __, closedAt: ___, asOf: ____, ...numbers } = live;
    expect(closed).toMatchObject(numbers);

    await record(
      'bj:b',
      [
        ['up', 'down', FROM + DAY],
        ['down', 'up', FROM + 2 * DAY],
      ],
      NOW + 1,
    );
    expect((await availability()).downMs).toBe(HOUR);
    expect(await availability('&version=live')).toMatchObject({ status: 'live', downMs: HOUR + DAY });
    harness.clock.advance(HOUR);
    expect((await close()).statusCode).toBe(201);
    expect(await availability()).toMatchObject({ version: 2, downMs: HOUR + DAY });
    expect(await availability('&version=1')).toMatchObject({ version: 1, downMs: HOUR });
    expect(Problem.parse((await close()).json()).code).toBe('nothing-changed');

    for (const grouped of ['division', 'division&depth=1', 'object', 'party']) {
      const own = await availability(`&groupBy=${grouped}`);
      const now = await availability(`&groupBy=${grouped}&version=live`);
      expect(own.groups.map(({ key, downMs }) => [key, downMs])).toEqual(now.groups.map(({ key, downMs }) => [key, downMs]));
    }
  });

  it('are told in part to who covers a part', async () => {
    const token = await createToken(app, ['operator'], ['cn.gd.sz']);
    expect(await availability('', token)).toMatchObject({ status: 'closed', version: 2, members: 1, downMs: HOUR });
    const list = (await get('/api/v1/periods?objective=backbone', token)).json() as {
      items: { id: string; version: number; whole: unknown }[];
    };
    expect(list.items.map(({ version, whole }) => [version, whole])).toEqual([
      [2, null],
      [1, null],
    ]);
    const [latest] = list.items;
    const one = ClosedPeriod.parse((await get(`/api/v1/periods/${latest?.id}`, token)).json());
    expect(one).toMatchObject({ changes: null, figures: [{ group: 'whole', members: 1 }, { key: 'cn.gd.sz' }, { key: 'party-a' }] });
    const members = (await get(`/api/v1/periods/${latest?.id}/members`, token)).json() as { items: { object: string }[] };
    expect(members.items.map(({ object }) => object)).toEqual(['bj:a']);
    expect((await get(`/api/v1/periods/${latest?.id}/evidence`, token)).statusCode).toBe(403);
    expect((await post('/api/v1/periods', { objective: 'backbone', period: '2026-01', reason: 'r' }, token)).statusCode).toBe(403);
    const elsewhere = await createToken(app, ['viewer'], ['cn.yn']);
    expect((await get(`/api/v1/periods/${latest?.id}`, elsewhere)).statusCode).toBe(404);
    expect((await post('/api/v1/periods', { objective: 'backbone', period: '2026-01', reason: 'r' }, elsewhere)).statusCode).toBe(403);
  });

  it('hand out members in pages, and evidence with its digest', async () => {
    const list = (await get('/api/v1/periods?objective=backbone&limit=1')).json() as { items: { id: string }[]; nextCursor: string };
    const next = (await get(`/api/v1/periods?objective=backbone&limit=1&cursor=${list.nextCursor}`)).json() as {
      items: { version: number }[];
    };
    expect(next.items.map(({ version }) => version)).toEqual([1]);
    const id = list.items[0]?.id;
    const first = (await get(`/api/v1/periods/${id}/members?limit=1`)).json() as { items: { object: string }[]; nextCursor: string };
    const second = (await get(`/api/v1/periods/${id}/members?limit=1&cursor=${first.nextCursor}`)).json() as {
      items: { object: string }[];
    };
    expect([first, second].map(({ items }) => items[0]?.object)).toEqual(['bj:a', 'bj:b']);
    const answer = await get(`/api/v1/periods/${id}/evidence`);
    expect(answer.headers).toMatchObject({ 'content-type': 'application/jsonl', 'content-length': String(answer.rawPayload.length) });
    expect(answer.headers['content-disposition']).toContain('evidence-backbone-2026-01-31-v2.jsonl');
    const lines = answer.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { line: string; sha256?: string });
    expect(lines.at(-1)).toMatchObject({ line: 'signature', sha256: answer.headers['x-evidence-sha256'] });
    const keys = (await get('/api/v1/signing-keys')).json() as { items: { publicKey: string; current: boolean }[] };
    expect(keys.items).toMatchObject([{ publicKey: harness.deps.signer.publicKey, current: true, algorithm: 'Ed25519' }]);
    expect((await get('/api/v1/periods/00000000-0000-4000-8000-000000000000/evidence')).statusCode).toBe(404);
  });
});

describe('reclassifications', () => {
  const STATED = {
    effect: 'exclude',
    objects: ['bj:a'],
    startsAt: at(FROM + DAY),
    endsAt: at(FROM + DAY + HOUR),
    reason: 'planned, entered late',
  };

  it('restate the past at once, once a key, and are taken back with a reason', async () => {
    const made = await post('/api/v1/reclassifications', STATED, undefined, { 'idempotency-key': 'r1' });
    const again = await post('/api/v1/reclassifications', STATED, undefined, { 'idempotency-key': 'r1' });
    expect([made.statusCode, again.body]).toEqual([201, made.body]);
    const stated = ReclassificationView.parse(made.json());
    expect(stated).toMatchObject({ effect: 'exclude', objects: ['bj:a'], recordedBy: 'bootstrap', withdrawnAt: null });
    expect((await availability('&version=live&groupBy=object')).groups[0]).toMatchObject({ downMs: 0, excludedMs: HOUR });
    expect((await availability('&groupBy=object')).groups[0]).toMatchObject({ downMs: HOUR, excludedMs: 0 });
    const url = `/api/v1/reclassifications/${stated.id}`;
    expect((await post(`${url}/withdraw`, {})).statusCode).toBe(400);
    const withdrawn = await post(`${url}/withdraw`, { reason: 'a mistake' });
    expect(ReclassificationView.parse(withdrawn.json())).toMatchObject({ withdrawnBy: 'bootstrap', withdrawnReason: 'a mistake' });
    expect(Problem.parse((await post(`${url}/withdraw`, { reason: 'again' })).json()).code).toBe('already-withdrawn');
    expect((await availability('&version=live&groupBy=object')).groups[0]).toMatchObject({ downMs: HOUR });
    expect(((await get('/api/v1/reclassifications?withdrawn=true')).json() as { items: unknown[] }).items).toHaveLength(1);
    expect((await get(url)).statusCode).toBe(200);
    const audit = await harness.database.query('SELECT result FROM audit WHERE object = $1 ORDER BY id', [stated.id]);
    expect(audit.rows.map(({ result }) => result as string)).toEqual(['done', 'done', 'refused', 'done', 'refused']);
  });

  it.each([
    [{ effect: 'forget' }, 'effect'],
    [{ objects: [] }, 'objects'],
    [{ objects: ['bj:a', 'bj:nothing'] }, 'objects.1'],
    [{ endsAt: STATED.startsAt }, 'endsAt'],
    [{ endsAt: at(NOW + DAY) }, 'endsAt'],
    [{ startsAt: at(NOW + 2 * DAY), endsAt: at(NOW + 3 * DAY) }, 'startsAt'],
    [{ startsAt: 'yesterday' }, 'startsAt'],
    [{ reason: '  ' }, 'reason'],
    [{ reason: undefined }, 'reason'],
    [{ effect: 'charge' }, 'party'],
    [{ effect: 'charge', party: 'nobody' }, 'party'],
    [{ party: 'carrier' }, 'party'],
  ])('with %j are refused, and the field is named', async (more, path) => {
    const answer = await post('/api/v1/reclassifications', { ...STATED, ...more });
    expect([answer.statusCode, Problem.parse(answer.json()).errors?.[0]?.path]).toEqual([400, path]);
  });

  it('reach no further than the caller', async () => {
    const token = await createToken(app, ['duty-manager'], ['cn.gd.sz']);
    expect((await post('/api/v1/reclassifications', { ...STATED, objects: ['bj:b'] }, token)).statusCode).toBe(400);
    expect((await post('/api/v1/reclassifications', { ...STATED, objects: [], divisions: ['cn.gd'] }, token)).statusCode).toBe(403);
    const viewer = await createToken(app, ['viewer'], ['cn']);
    expect((await post('/api/v1/reclassifications', STATED, viewer)).statusCode).toBe(403);
    const operator = await createToken(app, ['operator'], ['cn']);
    expect((await post('/api/v1/reclassifications', STATED, operator)).statusCode).toBe(403);
    const both = await post('/api/v1/reclassifications', { ...STATED, effect: 'charge', party: 'carrier', objects: ['bj:a', 'bj:b'] });
    const { id } = ReclassificationView.parse(both.json());
    expect(ReclassificationView.parse((await get(`/api/v1/reclassifications/${id}`, token)).json()).objects).toEqual(['bj:a']);
    expect((await post(`/api/v1/reclassifications/${id}/withdraw`, { reason: 'r' }, token)).statusCode).toBe(403);
    // An outage is charged whole, though the reclassification names an hour of it.
    expect(await availability('&version=live')).toMatchObject({ experienced: { downMs: HOUR + DAY }, responsible: { downMs: 0 } });
  });
});

describe('what stands behind a figure', () => {
  interface Page {
    items: { object: string; state: string; lengthMs: number; countedMs: number; observations: string; [field: string]: unknown }[];
    nextCursor: string | null;
  }
  const behind = async (more = '', token?: string) => {
    const answer = await get(`/api/v1/availability/evidence?${FEBRUARY}${more}`, token);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json() as Page;
  };

  it('are its outages, the worst first, with edges, charge and observations', async () => {
    const { items } = await behind();
    expect(items.map(({ object, state, lengthMs }) => [object, state, lengthMs])).toEqual([
      ['bj:b', 'down', DAY],
      ['bj:a', 'down', HOUR],
    ]);
    expect(items[0]).toMatchObject({
      begin: { at: at(FROM + DAY), earliest: at(FROM + DAY) },
      end: { at: at(FROM + 2 * DAY) },
      reason: 'no-reply',
      countedMs: DAY,
      excludedBy: [],
      charged: 'carrier',
    });
    expect((await behind('&order=time&limit=1')).items[0]?.object).toBe('bj:a');
    expect((await behind('&state=unknown')).items).toEqual([]);
    expect((await behind('&division=cn.gd.sz')).items.map(({ object }) => object)).toEqual(['bj:a']);
    expect((await behind('&party=nobody')).items).toEqual([]);
    const first = await behind('&limit=1');
    expect((await behind(`&limit=1&cursor=${first.nextCursor}`)).items.map(({ object }) => object)).toEqual(['bj:a']);
    const token = await createToken(app, ['viewer'], ['cn.gd.sz']);
    expect((await behind('', token)).items.map(({ object }) => object)).toEqual(['bj:a']);
    expect((await get(`/api/v1/availability/evidence?${FEBRUARY}&state=up`)).statusCode).toBe(400);
  });

  it('leads on to what was observed, with what was replaced and when', async () => {
    const [worst] = (await behind()).items;
    await harness.database.query(
      `INSERT INTO transitions (subject_kind, subject, object_id, from_state, to_state, at, earliest, latest, reason, resolution_ms, decided_at, epoch, recorded_at, superseded_at)
       VALUES ('object', 'bj:b', 'bj:b', 'up', 'down', $1::bigint, $1::bigint, $1::bigint, 'no-reply', 1, $1::bigint, 1, $1::bigint, $2)`,
      [FROM + DAY + 60_000, NOW],
    );
    const { items, series } = (await get(worst?.observations ?? '')).json() as { items: object[]; series: { href: string }[] };
    expect(items).toMatchObject([
      { at: at(FROM + DAY), supersededAt: null, check: null },
      { at: at(FROM + DAY + 60_000), supersededAt: at(NOW) },
      { at: at(FROM + 2 * DAY), to: 'up' },
    ]);
    expect(series[0]?.href).toContain('/api/v1/objects/bj%3Ab/series?metric=loss&family=4&from=');
    expect((await get('/api/v1/objects/bj:nobody/evidence?from=2026-01-01T00:00:00.000Z&to=2026-02-01T00:00:00.000Z')).statusCode).toBe(
      404,
    );
  });

  it('names what leaves an outage out of the count, and time in which nobody looked', async () => {
    await post('/api/v1/reclassifications', {
      effect: 'exclude',
      objects: ['bj:a'],
      startsAt: at(FROM + DAY),
      endsAt: at(FROM + 2 * DAY),
      reason: 'planned',
    });
    const { items } = await behind('&object=bj:a');
    expect(items[0]).toMatchObject({ lengthMs: HOUR, countedMs: 0, excludedBy: [{ kind: 'reclassification', title: 'planned' }] });
    await insertEntity(harness.database, 'object', objectBody('bj:z', 'cn.gd.zh'));
    const unseen = (await behind('&state=unknown')).items;
    expect(unseen).toMatchObject([{ object: 'bj:z', lengthMs: TO - FROM, reason: null, transition: null, begin: null, charged: null }]);
    await harness.database.query("UPDATE inventory SET valid_from = $1 WHERE id = 'bj:z'", [FROM + DAY]);
    expect((await behind('&state=unknown')).items).toMatchObject([
      { object: 'bj:z', lengthMs: TO - FROM, countedMs: TO - FROM - DAY, excludedBy: [{ kind: 'commission', title: 'not in commission' }] },
    ]);
  });
});
