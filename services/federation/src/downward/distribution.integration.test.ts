import type { DesiredEntity } from '@beacontower/contracts';
import { applyInventory, chooseDistributed, endDistributed, listDistributed } from '@beacontower/database';
import { type TestServer, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clock, startPostgres, type TestNode } from '../federation.fixture.ts';
import { type Chain, startChain } from './tiers.fixture.ts';

const calendar: DesiredEntity = {
  entity: 'calendar',
  id: 'national',
  body: { id: 'national', name: '全国工作日', nameEn: null, week: [[], [], [], [], [], [], []], dates: [], knownUntil: null },
};
const objective = (target: number, of = 'national'): DesiredEntity => ({
  entity: 'objective',
  id: 'access',
  body: {
    ...{ id: 'access', name: '接入可用率', nameEn: null, class: 'user-access', objects: null, where: null, division: 'cn', target },
    ...{ aggregate: 'mean', period: 'month', rollingDays: null, calendar: of, timeZone: 'Asia/Shanghai', basis: 'experienced' },
    ...{ closeAfterMs: null, warnings: [] },
  } as Extract<DesiredEntity, { entity: 'objective' }>['body'],
});

async function apply({ node, database }: TestNode, division: string, entities: readonly DesiredEntity[]): Promise<void> {
  const own: DesiredEntity = {
    entity: 'node',
    id: node,
    body: { id: node, name: node, division, timeZone: 'Asia/Shanghai', language: 'zh' },
  };
  const { plan } = await applyInventory(
    database,
    { entities: [own, ...entities], origin: 'file', expectedRetirements: null },
    { now: clock.now(), by: 'test' },
  );
  expect(plan.refused).toEqual([]);
}

async function heldBy({ database }: TestNode): Promise<unknown[]> {
  const { rows } = await database.query(
    `SELECT entity, id, origin, body ->> 'target' AS target FROM inventory
     WHERE entity IN ('objective', 'calendar') AND valid_to IS NULL AND superseded_at IS NULL ORDER BY entity`,
  );
  return rows;
}

describe('objectives and calendars of the centre', () => {
  let server: TestServer;
  let chain: Chain;
  beforeAll(async () => {
    server = await startPostgres();
    chain = await startChain(server);
  });
  afterAll(async () => {
    await chain?.stop();
    await server?.stop();
  });
  const until = (node: TestNode, expected: unknown[]) =>
    waitFor(async () => JSON.stringify(await heldBy(node)) === JSON.stringify(expected), {
      what: `${node.node}: ${JSON.stringify(expected)}`,
      timeoutMs: 20_000,
    });
  const held = (target: string) => [
    { entity: 'calendar', id: 'national', origin: 'federation', target: null },
    { entity: 'objective', id: 'access', origin: 'federation', target },
  ];

  test('hold below, and below that, as they are at the centre, with a receipt each', async () => {
    const { centre, province, city } = chain;
    await apply(centre, 'cn', [calendar, objective(0.999)]);
    const by = { now: clock.now(), by: 'wang' };
    const choose = (kind: 'objective' | 'calendar', id: string) =>
      centre.database.transaction((tx) => chooseDistributed(tx, [{ kind, id }], by));
    expect(await choose('objective', 'nothing')).toEqual(['objective/nothing']);
    expect(await choose('objective', 'access')).toEqual([]);
    for (const node of [province, city]) await until(node, held('0.999'));
    await waitFor(async () => (await listDistributed(centre.database))[0]?.nodes[0]?.outcome === 'applied', { what: 'the receipt' });
    await apply(centre, 'cn', [calendar, objective(0.9995)]);
    for (const node of [province, city]) await until(node, held('0.9995'));
  });

  test('end below when they end at the centre', async () => {
    const { centre, province, city } = chain;
    expect(await centre.database.transaction((tx) => endDistributed(tx, 'objective', 'access', clock.now()))).toBe(true);
    for (const node of [province, city]) await until(node, []);
  });

  test('an id that is taken below is refused, and said', async () => {
    const { centre, province } = chain;
    const own = objective(0.9, 'always');
    await apply(province, 'cn.gd', [own]);
    await centre.database.transaction((tx) =>
      chooseDistributed(tx, [{ kind: 'objective', id: 'access' }], { now: clock.now(), by: 'wang' }),
    );
    await waitFor(async () => (await listDistributed(centre.database)).some(({ nodes }) => nodes.some(({ code }) => code === 'id-taken')), {
      what: 'the refusal',
      timeoutMs: 20_000,
    });
    expect(await heldBy(province)).toContainEqual({ entity: 'objective', id: 'access', origin: 'file', target: '0.9' });
  });
});
