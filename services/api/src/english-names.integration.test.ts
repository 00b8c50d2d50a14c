import { Delivery, IncidentDetail, IncidentPage, ObjectIndex, ObjectPage, pageOf, Wall } from '@beacontower/contracts';
import { readEntityNames } from '@beacontower/database';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearer, insertEntity, objectBody } from './test-harness.ts';
import { startWorkflow, type WorkflowFixture } from './workflow.fixture.ts';

let workflow: WorkflowFixture;

beforeAll(async () => {
  workflow = await startWorkflow();
  const { database } = workflow.harness;
  await insertEntity(database, 'node', { id: 'bj', name: '中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
  const attributes = { nameEn: 'Beijing–Shanghai 1' };
  await insertEntity(database, 'object', objectBody('bj:line', 'cn', { kind: 'circuit', name: '京沪一', attributes }));
  await insertEntity(database, 'object', objectBody('bj:plain', 'cn', { name: '核心' }));
});
afterAll(() => workflow?.harness.close());

const get = async (path: string) => (await workflow.app.inject({ url: `/api/v1${path}`, headers: bearer() })).json();

describe('an incident is titled in both languages', () => {
  const condition = { condition: 'lossy', name: '丢包过多', nameEn: 'loses packets', test: 'loss', value: 0.1, worst: 0.2, raise: 0.05 };
  const facts = {
    ...{ kind: 'condition', ...condition, clear: 0.02 },
    side: 'above',
    state: null,
    forMs: 1,
    severity: 'minor',
    runbook: null,
  };
  it.each([
    ['an outage', { title: '电路 京沪一 中断' }, 'Circuit Beijing–Shanghai 1 down'],
    ['a degradation', { title: '电路 京沪一 质量劣化', severity: 'warning' }, 'Circuit Beijing–Shanghai 1 degraded'],
    ['flapping', { kind: 'flapping', title: '电路 京沪一 反复通断' }, 'Circuit Beijing–Shanghai 1 flapping'],
    [
      'a condition',
      { kind: 'condition', condition: 'lossy', title: '电路 京沪一：丢包过多', facts: JSON.stringify(facts) },
      'Circuit Beijing–Shanghai 1: loses packets',
    ],
  ])('%s', async (_, columns, en) => {
    const id = await workflow.incident({ cause_object: 'bj:line', ...columns });
    const { title, titles, causeCard, objects } = IncidentDetail.parse(await get(`/incidents/${id}`));
    expect(titles).toEqual({ zh: title, en });
    expect([causeCard?.nameEn, objects[0]?.nameEn]).toEqual(['Beijing–Shanghai 1', 'Beijing–Shanghai 1']);
  });

  it('a cause without an English name by the other one', async () => {
    const id = await workflow.incident({ cause_object: 'bj:plain', title: '设备 核心 中断' });
    expect((await workflow.detail(id)).titles?.en).toBe('Device 核心 down');
  });

  it('what reads otherwise keeps its own words', async () => {
    const id = await workflow.incident({ cause_object: 'bj:line', title: '光缆被挖断' });
    expect(await workflow.detail(id)).toMatchObject({ title: '光缆被挖断', titles: null });
  });

  it('also where a message about it is listed', async () => {
    const id = await workflow.incident({ cause_object: 'bj:line', title: '电路 京沪一 中断' });
    await workflow.harness.database.query(
      `INSERT INTO deliveries (id, incident_id, step, occasion, contact, channel, target_channel, language, payload, state, created_at, due_at, decided_at)
       VALUES (gen_random_uuid(), $1, 'opened', '', 'noc', 'hook', 'hook', 'zh', '{}', 'pending', 1, 0, 0)`,
      [id],
    );
    const { items } = pageOf(Delivery).parse(await get(`/deliveries?incident=${id}`));
    expect(items.map(({ about }) => about?.titles?.en)).toEqual(['Circuit Beijing–Shanghai 1 down']);
  });

  it('also where another incident names it, and where it is searched for', async () => {
    const whole = await workflow.incident({ cause_object: 'bj:plain', title: '设备 核心 中断' });
    const part = await workflow.incident({ cause_object: 'bj:line', title: '电路 京沪一 中断', merged_into: whole });
    expect((await workflow.detail(whole)).merged).toMatchObject([{ id: part, titles: { en: 'Circuit Beijing–Shanghai 1 down' } }]);
    const found = IncidentPage.parse(await get('/incidents?active=true&q=shanghai'));
    expect(found.items.map(({ id }) => id)).toEqual([part]);
  });
});

it('an object is called in both languages wherever it is listed, and found by either', async () => {
  expect(ObjectPage.parse(await get('/objects?q=shanghai')).items).toMatchObject([{ id: 'bj:line', nameEn: 'Beijing–Shanghai 1' }]);
  expect(ObjectPage.parse(await get('/objects?q=核心')).items).toMatchObject([{ id: 'bj:plain', nameEn: null }]);
  expect(Wall.parse(await get('/wall')).circuits).toMatchObject([{ name: '京沪一', nameEn: 'Beijing–Shanghai 1' }]);
  // As reports name it.
  const named = await readEntityNames(workflow.harness.database, 'object', ['bj:line', 'bj:plain']);
  expect([...named.values()].map(({ nameEn }) => nameEn)).toEqual(['Beijing–Shanghai 1', null]);
  const index = ObjectIndex.parse(await get('/objects/index'));
  expect(Object.fromEntries(index.id.map((id, row) => [id, index.nameEn[row]]))).toMatchObject({
    'bj:line': 'Beijing–Shanghai 1',
    'bj:plain': null,
  });
});
