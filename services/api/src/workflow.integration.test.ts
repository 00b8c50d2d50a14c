import { IncidentDetail, IncidentPage, pageOf } from '@beacontower/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { bearer, NOW } from './test-harness.ts';
import { startWorkflow, type WorkflowFixture } from './workflow.fixture.ts';

const MINUTE = 60_000;
const at = (ms: number) => new Date(ms).toISOString();
const LI = 'operator of cn';
const WANG = 'operator+viewer of cn';

let fixture: WorkflowFixture;
let act: WorkflowFixture['act'];
beforeAll(async () => {
  fixture = await startWorkflow();
  act = fixture.act;
});
afterAll(() => fixture?.harness.close());

describe('hand-over (首问负责)', () => {
  it('leaves the first receiver accountable until another accepts', async () => {
    const { li, wang } = fixture.tokens;
    const id = await fixture.incident();
    expect((await act('acknowledge', id, {}, li)).incident).toMatchObject({ owner: LI, firstReceiver: LI });
    const offered = await act('assign', id, { to: WANG, note: '请接手' }, li);
    expect(offered.incident).toMatchObject({ owner: LI, pendingOwner: WANG });
    expect((await act('accept', id, {}, li)).code).toBe('nothing-to-accept');
    const declined = await act('decline', id, { note: '不在值班' }, wang);
    expect(declined.incident).toMatchObject({ owner: LI, pendingOwner: null });
    expect((await act('decline', id, { note: 'x' }, wang)).code).toBe('nothing-to-decline');
    await act('assign', id, { to: WANG }, li);
    expect((await act('accept', id, {}, wang)).incident).toMatchObject({ owner: WANG, firstReceiver: LI, pendingOwner: null });
    expect((await fixture.notices(id)).map(({ body }) => body)).toEqual([
      { to: WANG, by: LI, note: '请接手' },
      { to: LI, by: WANG, note: '不在值班' },
      { to: WANG, by: LI },
    ]);
    expect((await fixture.detail(id)).timeline.map(({ kind }) => kind)).toEqual([
      ...['acknowledged', 'assigned', 'declined', 'assigned', 'accepted'],
    ]);
  });

  it('is taken back by who offered it, and offered twice tells once', async () => {
    const { li } = fixture.tokens;
    const id = await fixture.incident();
    const once = await act('assign', id, { to: WANG }, li);
    expect((await act('assign', id, { to: WANG }, li)).incident?.revision).toBe(once.incident?.revision);
    expect(await fixture.notices(id)).toHaveLength(1);
    expect((await act('decline', id, { note: '自己处理' }, li)).incident).toMatchObject({ owner: LI, pendingOwner: null });
    expect(await fixture.notices(id)).toHaveLength(1);
  });

  it('to a contact is accepted by its account, and accepting answers for the incident', async () => {
    const { li, wang } = fixture.tokens;
    const id = await fixture.incident();
    await act('assign', id, { to: 'noc' }, wang);
    expect((await act('accept', id, {}, li)).incident).toMatchObject({ owner: LI, firstReceiver: WANG, state: 'acknowledged' });
  });

  it('to somebody who may sign in is offered, and to one who has left no more', async () => {
    const { database } = fixture.harness;
    await database.query(
      `INSERT INTO accounts (id, name, display_name, roles, divisions, created_at, created_by)
       VALUES (gen_random_uuid(), 'zhao', '赵', '{operator}', '{cn}', 0, 'test')`,
    );
    const id = await fixture.incident();
    expect((await act('assign', id, { to: 'zhao' })).incident).toMatchObject({ pendingOwner: 'zhao' });
    await database.query("UPDATE accounts SET disabled_at = 1 WHERE name = 'zhao'");
    expect((await act('assign', await fixture.incident(), { to: 'zhao' })).code).toBe('person-unknown');
  });

  it('to nobody is refused', async () => {
    const refused = await act('assign', await fixture.incident(), { to: 'lee' });
    expect([refused.status, refused.code]).toEqual([409, 'person-unknown']);
    expect(refused.detail).toContain('"lee"');
  });
});

describe('merging', () => {
  it('is of the work: acknowledged and closed together, and each can be taken out again', async () => {
    const whole = await fixture.incident();
    const part = await fixture.incident({ cause_object: 'bj:c' });
    const { number } = await fixture.detail(whole);
    const merged = await act('merge', part, { into: whole, note: '同一光缆' });
    expect(merged.incident).toMatchObject({ mergedInto: whole, state: 'open' });
    expect(await fixture.notices(part)).toEqual([{ step: 'merged', body: { into: number } }]);
    expect((await fixture.detail(whole)).merged.map(({ id }) => id)).toEqual([part]);
    expect((await act('merge', part, { into: whole })).incident?.revision).toBe(merged.incident?.revision);
    for (const name of ['acknowledge', 'close', 'accept'] as const) expect((await act(name, part)).code).toBe('merged');

    await act('acknowledge', whole, {}, fixture.tokens.li);
    expect(await fixture.detail(part)).toMatchObject({ state: 'acknowledged', owner: null });
    await fixture.harness.database.query(`UPDATE incidents SET state = 'resolved' WHERE id = $1`, [whole]);
    const words = { causeCategory: 'fibre cut', chargedParty: 'carrier' };
    expect((await act('close', whole, words)).code).toBe('merged-under-way');
    await fixture.harness.database.query(`UPDATE incidents SET state = 'resolved' WHERE id = $1`, [part]);
    await act('close', whole, words);
    const closed = { state: 'closed', causeCategory: 'fibre-cut', chargedParty: 'carrier' };
    expect([await fixture.detail(whole), await fixture.detail(part)]).toMatchObject([closed, closed]);
    const audit = await fixture.harness.database.query<{ detail: unknown }>(
      `SELECT detail FROM audit WHERE object = $1 AND action = 'incident.close' AND result = 'done'`,
      [whole],
    );
    expect(audit.rows.map(({ detail }) => detail)).toEqual([{ ...{ causeCategory: 'fibre-cut', chargedParty: 'carrier' }, also: [part] }]);
    await act('reopen', whole, { note: '归责有误' });
    expect(await fixture.detail(part)).toMatchObject({ state: 'resolved' });
    expect((await act('unmerge', part)).incident).toMatchObject({ mergedInto: null });
    expect((await act('unmerge', part)).code).toBe('not-merged');
    expect((await fixture.detail(whole)).timeline.map(({ kind }) => kind)).toEqual([
      ...['merged-from', 'acknowledged', 'closed', 'reopened', 'unmerged-from'],
    ]);
  });

  it('takes along what was merged before, and into one that is answered for it is', async () => {
    const whole = await fixture.incident({ state: 'acknowledged', acknowledged_at: NOW });
    const part = await fixture.incident({ cause_object: 'bj:c' });
    const small = await fixture.incident({ cause_object: 'bj:b', division: 'cn.gd' });
    await act('merge', small, { into: part });
    await act('merge', part, { into: whole });
    expect((await fixture.detail(whole)).merged.map(({ id }) => id)).toEqual([part, small]);
    expect([(await fixture.detail(part)).state, (await fixture.detail(small)).state]).toEqual(['acknowledged', 'acknowledged']);
    expect((await act('merge', await fixture.incident({ cause_object: 'bj:d' }), { into: small })).code).toBe('cannot-merge');
    expect((await act('merge', whole, { into: part })).code).toBe('cannot-merge');
    expect((await act('merge', whole, { into: whole })).code).toBe('cannot-merge');
  });

  it('into one beyond the caller’s divisions, or none, names the field', async () => {
    const other = await fixture.incident();
    const own = await fixture.incident({ cause_object: 'bj:b', division: 'cn.gd' });
    const refused = await act('merge', own, { into: other }, fixture.tokens.gd);
    expect([refused.status, refused.detail]).toEqual([400, 'into: there is no such incident within your divisions']);
  });

  it('names neither objects nor incidents of other divisions in the timeline', async () => {
    const { database } = fixture.harness;
    const own = await fixture.incident({ cause_object: 'bj:b', division: 'cn.gd' });
    const other = await fixture.incident();
    const lines = [
      ['joined', { count: 2, objects: ['bj:b', 'bj:c'] }],
      ['cause-eased', { object: 'bj:c' }],
      ['split', { object: 'bj:c', into: other }],
    ];
    for (const [kind, detail] of lines) {
      await database.query(`INSERT INTO incident_events (incident_id, at, kind, actor, detail) VALUES ($1, $2, $3, 'system', $4)`, [
        own,
        NOW,
        kind,
        JSON.stringify(detail),
      ]);
    }
    await act('merge', own, { into: other, note: 'one cut' });
    const seen = async (token?: string) => (await fixture.detail(own, token)).timeline.map(({ detail }) => detail);
    const { number } = await fixture.detail(other);
    expect(await seen()).toEqual([...lines.map(([, detail]) => detail), { into: number, incident: other, note: 'one cut' }]);
    expect(await seen(fixture.tokens.gd)).toEqual([{ count: 2, objects: ['bj:b'] }, {}, {}, { note: 'one cut' }]);
  });

  it('of two into each other at once: one is done, the other refused', async () => {
    for (let round = 0; round < 5; round++) {
      const one = await fixture.incident();
      const two = await fixture.incident({ cause_object: 'bj:c' });
      const answers = await Promise.all([act('merge', one, { into: two }), act('merge', two, { into: one }), act('acknowledge', one)]);
      expect(
        answers
          .slice(0, 2)
          .map(({ status }) => status)
          .sort(),
      ).toEqual([200, 409]);
    }
  });
});

describe('splitting', () => {
  it('asks correlation for an incident of its own for each symptom', async () => {
    const id = await fixture.incident({}, ['bj:b', 'bj:c']);
    expect((await act('split', id, { objects: ['bj:b', 'bj:b'], note: '另有原因' })).incident?.timeline.at(-1)).toMatchObject({
      kind: 'split-asked',
      detail: { count: 1, objects: ['bj:b'], note: '另有原因' },
    });
    const log = await fixture.harness.database.query<{ body: unknown }>('SELECT body FROM log WHERE subject = $1', [id]);
    expect(log.rows[0]?.body).toMatchObject({ change: 'split-asked', objects: ['bj:b'], incident: id });
  });

  it.each([
    ['a stranger', 'bj:x', {}, 'not-a-symptom'],
    ['the cause', 'bj:a', {}, 'not-a-symptom'],
    ['what is over', 'bj:b', { state: 'resolved' }, 'not-under-way'],
    ['what has no symptoms', 'bj:b', { kind: 'condition' }, 'not-an-outage'],
  ])('refuses %s', async (_, object, columns, code) => {
    expect((await act('split', await fixture.incident(columns, ['bj:b']), { objects: [object] })).code).toBe(code);
  });
});

describe('closing', () => {
  it.each([
    ['its code', 'power'],
    ['its words', '供电故障'],
    ['its words in English', 'Power failure'],
  ])('takes a category by %s', async (_, causeCategory) => {
    const id = await fixture.incident({ state: 'resolved', resolved_at: NOW });
    expect((await act('close', id, { causeCategory })).incident).toMatchObject({ state: 'closed', causeCategory: 'power' });
  });

  it('needs one for an outage, names those there are, and knows the parties', async () => {
    const id = await fixture.incident({ state: 'resolved', resolved_at: NOW });
    expect((await act('close', id)).code).toBe('category-needed');
    const wrong = await act('close', id, { causeCategory: 'gremlins' });
    expect([wrong.status, wrong.detail]).toEqual([400, expect.stringContaining('fibre-cut, carrier, equipment')]);
    expect((await act('close', id, { causeCategory: 'power', chargedParty: 'nobody' })).code).toBe('party-unknown');
    expect((await act('close', id, { causeCategory: 'power', chargedParty: 'carrier' })).status).toBe(200);
  });
});

describe('resolving by hand', () => {
  it.each(['early-warning', 'condition', 'flapping'])('leaves a %s to its own end', async (kind) => {
    expect((await act('resolve', await fixture.incident({ kind }), { note: 'x' })).code).toBe('cause-still-bad');
  });
});

describe('the detail', () => {
  it.each([
    ['running', 0, {}, 'running', 'running'],
    ['warned', 9, {}, 'warned', 'running'],
    ['late', 11, {}, 'late', 'running'],
    ['met in time', 11, { acknowledged_at: 1 }, 'met', 'running'],
    ['met too late', 70, { acknowledged_at: 11, resolved_at: 61 }, 'late', 'late'],
  ])('shows clocks that are %s', async (_, minutes, columns, response, repair) => {
    const opened = fixture.harness.clock.now() - minutes * MINUTE;
    const after = (count: number) => opened + count * MINUTE;
    const times = Object.fromEntries(Object.entries(columns).map(([column, count]) => [column, after(count)]));
    const id = await fixture.incident({ opened_at: opened, respond_by: after(10), repair_by: after(60), ...times });
    await fixture.harness.database.query(
      `INSERT INTO notices (incident_id, step, decided_at, due_at, created_at) VALUES ($1, 'respond-soon', 0, $2, 0), ($1, 'repair-soon', 0, $3, 0)`,
      [id, after(8), after(48)],
    );
    const { clocks } = await fixture.detail(id);
    expect([clocks.response?.state, clocks.repair?.state]).toEqual([response, repair]);
    expect(clocks.response).toMatchObject({ dueAt: at(after(10)), warnAt: at(after(8)) });
  });

  it('shows whom it cut off, who was told, and what one wants at hand', async () => {
    const { database } = fixture.harness;
    const radius = { objects: 2, units: 1, services: 0, first: ['bj:b', 'bj:c'] };
    const blast = { at: NOW, lost: radius, redundancy: { objects: 0, units: 0, services: 0, first: [] } };
    const id = await fixture.incident({ cause_object: 'bj:b', division: 'cn.gd', blast: JSON.stringify(blast) });
    await database.query(
      `INSERT INTO deliveries (id, incident_id, step, occasion, contact, channel, target_channel, language, payload, state, created_at, due_at, decided_at, finished_at)
       SELECT gen_random_uuid(), $1, step, n::text, 'noc', channel, channel, 'zh', '{}', state, n, 0, 0, finished
       FROM (VALUES (1, 'opened', 'hook', 'delivered', 5), (2, 'repeated', 'hook', 'delivered', 6), (3, 'opened', 'mail', 'dead', 7),
         (4, 'resolved', 'hook', 'retrying', NULL)) AS d (n, step, channel, state, finished)`,
      [id],
    );
    const incident = await fixture.detail(id, fixture.tokens.gd);
    // Of what the caller may not see neither the id nor the name is told.
    const named = [{ id: 'bj:b', name: 'object bj:b', nameEn: null }];
    expect(incident.blast).toEqual({
      at: at(NOW),
      lost: { ...radius, first: ['bj:b'], named },
      redundancy: { ...blast.redundancy, named: [] },
    });
    expect(incident.told).toMatchObject([
      {
        contact: 'noc',
        name: '网络中心',
        channel: 'hook',
        delivered: 2,
        underWay: 1,
        failed: 0,
        steps: ['opened', 'repeated'],
        firstAt: at(5),
      },
      { channel: 'mail', delivered: 0, failed: 1, steps: [], firstAt: null },
    ]);
    expect(incident.causeCard).toMatchObject({
      object: 'bj:b',
      runbook: 'https://wiki.example.cn/a',
      hotline: '10000',
      addresses: [{ address: '127.0.0.2', family: 4, zone: 'centre' }],
    });
    const byNumber = await fixture.app.inject({ url: `/api/v1/incidents/by-number/${incident.number}`, headers: bearer() });
    expect(IncidentDetail.parse(byNumber.json()).id).toBe(id);
    expect(byNumber.headers.etag).toBe('"1"');
  });

  it('names objects page by page, and incidents are found by their owner', async () => {
    const id = await fixture.incident({ owner: 'zhao' }, ['bj:b', 'bj:c']);
    const Objects = pageOf(z.object({ id: z.string() }));
    const read = async (query: string) =>
      Objects.parse((await fixture.app.inject({ url: `/api/v1/incidents/${id}/objects?${query}`, headers: bearer() })).json());
    const first = await read('limit=2');
    expect(first.items.map((object) => object.id)).toEqual(['bj:a', 'bj:b']);
    const rest = await read(`limit=2&cursor=${first.nextCursor}`);
    expect([rest.items.map((object) => object.id), rest.nextCursor]).toEqual([['bj:c'], null]);
    const list = await fixture.app.inject({ url: '/api/v1/incidents?owner=zhao', headers: bearer() });
    expect(IncidentPage.parse(list.json()).items.map((incident) => incident.id)).toEqual([id]);
  });
});
