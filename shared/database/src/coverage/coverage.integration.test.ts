import { loadConfiguration } from '@beacontower/contracts';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applyInventory } from '../inventory/index.ts';
import type { Database } from '../pool.ts';
import { type CoverageAnswer, type CoverageQuery, readCoverage } from './coverage.ts';
import { readDivisionLists } from './lists.ts';

const FROM = Date.parse('2018-01-01T00:00:00+08:00');
const AT = Date.parse('2018-07-01T00:00:00+08:00');
const CONNECTED = 2734;

let server: TestDatabase;
let db: Database;

beforeAll(async () => {
  server = await startDatabase();
  ({ database: db } = server);
});
afterAll(async () => {
  await server.stop();
});
beforeEach(async () => {
  await db.query('TRUNCATE node_identity, inventory, checks, log RESTART IDENTITY');
  await db.query('UPDATE inventory_version SET version = 0, applied_at = 0');
});

async function apply(sections: Record<string, unknown>): Promise<void> {
  const content = {
    node: { id: 'cn', name: '全国', division: 'cn', timeZone: 'Asia/Shanghai' },
    zones: [{ id: 'z', anchors: ['192.0.2.254'] }],
    divisions: [
      { id: 'cn', name: '全国', code: '000000' },
      { id: 'cn.gd', name: '广东', code: '440000' },
      { id: 'cn.bt', name: '兵团', code: 'BT0000' },
      { id: 'cn.new', name: '无代码' },
    ],
    ...sections,
  };
  const loaded = loadConfiguration([{ name: 'a.yaml', bytes: new TextEncoder().encode(JSON.stringify(content)) }]);
  if (loaded.configuration === null) throw new Error(JSON.stringify(loaded.faults));
  await applyInventory(db, { entities: loaded.configuration.entities, origin: 'file' }, { now: AT + 1_000_000, by: 'test', source: null });
}

async function read(query: Partial<CoverageQuery> = {}): Promise<CoverageAnswer> {
  const result = await readCoverage(db, { from: FROM, at: AT, scope: [''], ...query });
  if ('problem' in result) throw new Error(result.problem);
  return result;
}

const of = async (id: string, level: string) =>
  ((await readDivisionLists()).find((list) => list.id === id)?.divisions ?? [])
    .filter((division) => division.level === level)
    .map(({ code }) => code);

const percent = (fraction: number | null) => (fraction === null ? null : `${(fraction * 100).toFixed(1)}%`);

describe('the published coverage of mid-2018', () => {
  test('2,734 of 2,851 counties are 95.9%, and 96.1% with 150 units of the Corps, all connected, counted in', async () => {
    const counties = (await of('cn-2018', 'county')).slice(0, CONNECTED);
    const corps = await of('corps-2018', 'county');
    const connections = [...counties, ...(await of('cn-2018', 'city')), ...corps].map((id) => ({ id, since: '2018-06-30' }));
    await apply({ connections });
    const { now, before, withoutCode } = await read();
    expect(now.list).toMatchObject({ id: 'cn-2018', date: '2017-12-31', counts: { county: 2851 } });
    expect(now.withoutCorps.county).toMatchObject({ connected: 2734, total: 2851 });
    expect(percent(now.withoutCorps.county.fraction)).toBe('95.9%');
    expect(now.withCorps.county).toMatchObject({ connected: 2884, total: 3001 });
    expect(percent(now.withCorps.county.fraction)).toBe('96.1%');
    expect([now.withoutCorps.province.total, now.withCorps.province.total]).toEqual([31, 32]);
    expect(percent(now.withoutCorps.city.fraction)).toBe('100.0%');
    expect(now.corpsList?.assumptions.map(({ id }) => id)).toContain('corps-units');
    expect(before.withoutCorps.county.connected).toBe(0);
    expect([now.unlisted, withoutCode]).toEqual([[], []]);
  });
});

describe('a question about a part', () => {
  const connections = [
    { id: '440103', since: '2015-01-01' },
    { id: '440104', since: '2018-03-01' },
    { id: '110101', since: '2015-01-01' },
    { id: 'BT9001', since: '2015-01-01' },
    { id: '990001', name: '不在清单', since: '2015-01-01' },
  ];
  const units = [
    { id: 'u1', name: '甲', level: 'central', division: 'cn', internetExit: true, terminals: 30, since: '2015-01-01' },
    { id: 'u2', name: '乙', level: 'province', division: 'cn.gd', since: '2018-02-01' },
  ];

  test('a province sees its own divisions and units, whether it asks or is only allowed to', async () => {
    await apply({ connections, units });
    const asked = await read({ division: 'cn.gd' });
    expect(asked.now.withoutCorps.county).toMatchObject({ connected: 2 });
    expect(asked.before.withoutCorps.county).toMatchObject({ connected: 1 });
    expect(asked.now.withoutCorps.county.total).toBeLessThan(200);
    expect(asked.now.total).toMatchObject({ units: 1, terminals: null });
    expect((await read({ scope: ['cn.gd'] })).now.withoutCorps).toEqual(asked.now.withoutCorps);
    expect((await read({ scope: ['cn.gd'] })).now.unlisted).toEqual([]);
  });

  test('the Corps has no divisions of the state', async () => {
    await apply({ connections });
    const { now } = await read({ division: 'cn.bt' });
    expect(now.withoutCorps.county).toMatchObject({ total: 0, fraction: null });
    expect(now.withCorps.county).toMatchObject({ connected: 1, total: 150 });
  });

  test('a connection that is in no list is named, and counts nowhere', async () => {
    await apply({ connections, units });
    const { now } = await read();
    expect(now.unlisted).toEqual([{ code: '990001', name: '不在清单' }]);
    expect(now.withoutCorps.county.connected).toBe(3);
    expect(now.byLevel.central).toMatchObject({ units: 1, internetExitUnits: 1, terminals: 30 });
  });

  test('a division without a code has no coverage, which is said', async () => {
    await apply({ connections });
    const { now, withoutCode } = await read({ division: 'cn.new' });
    expect(withoutCode).toEqual(['cn.new']);
    expect(now.withoutCorps.county.fraction).toBeNull();
  });

  test('a list by its name, another that does not exist, and a division that is not the caller’s', async () => {
    await apply({ connections });
    expect((await read({ list: 'cn-2024' })).now.withoutCorps.county.total).toBe(2846);
    expect(await readCoverage(db, { from: FROM, at: AT, scope: [''], list: 'cn-1949' })).toEqual({
      problem: 'unknown-list',
      lists: ['cn-2018', 'cn-2024'],
    });
    expect(await readCoverage(db, { from: FROM, at: AT, scope: ['cn.gd'], division: 'cn.bj' })).toEqual({ problem: 'no-such-division' });
  });

  test('the lists of today and of then', async () => {
    await apply({});
    const { now, before } = await read({ at: Date.parse('2026-07-01T00:00:00+08:00') });
    expect([now.list?.id, before.list?.id]).toEqual(['cn-2024', 'cn-2018']);
    expect(now.list?.counts).toEqual({ province: 31, city: 333, county: 2846 });
  });
});
