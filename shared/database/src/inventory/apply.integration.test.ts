import { type DesiredEntity, loadConfiguration } from '@beacontower/contracts';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../pool.ts';
import { applyInventory, readInventoryPlan } from './apply.ts';
import { ObjectCache } from './object-cache.ts';
import type { Desired } from './plan.ts';
import { readCheckKeys, readCurrentEntities, readInventoryVersion, readObjectAt, readObjects, readObjectValidity } from './read.ts';

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

function desired(yaml: string, more: Partial<Desired> = {}): Desired {
  const loaded = loadConfiguration([{ name: 'a.yaml', bytes: new TextEncoder().encode(yaml) }]);
  if (loaded.configuration === null) throw new Error(JSON.stringify(loaded.faults));
  return { entities: loaded.configuration.entities, origin: 'file', partitions: loaded.configuration.node.partitions, ...more };
}

const head = (extra = '') => `node: {id: gd, name: 广东, division: cn.gd${extra}}\nzones: [{id: z, anchors: [192.0.2.254]}]\n`;
const devices = (count: number, from = 0) =>
  `devices:\n${Array.from({ length: count }, (_, i) => `  - {id: d${from + i}, name: D${from + i}, addresses: {ipv4: 192.0.2.${((from + i) % 250) + 1}}}\n`).join('')}`;
const apply = (wanted: Desired, now: number) => applyInventory(db, wanted, { now, by: 'tester', source: 'test' });
const counts = async () =>
  (
    await db.query<{ inventory: number; log: number; audit: number; checks: number }>(
      'SELECT (SELECT count(*) FROM inventory) AS inventory, (SELECT count(*) FROM log) AS log, (SELECT count(*) FROM audit) AS audit, (SELECT count(*) FROM checks) AS checks',
    )
  ).rows[0];

describe('apply', () => {
  it('creates the identity, versions, check keys, one log row and one audit row', async () => {
    const result = await apply(desired(head() + devices(3)), 1000);
    expect(result).toMatchObject({ applied: true, version: 1, at: 1000, partitions: 8 });
    expect(await counts()).toEqual({ inventory: 6, log: 1, audit: 1, checks: 3 });
    expect(await readInventoryVersion(db)).toBe(1);
    expect([...(await readCheckKeys(db))]).toEqual([
      ['gd:d0/icmp4', 1],
      ['gd:d1/icmp4', 2],
      ['gd:d2/icmp4', 3],
    ]);
    const log = await db.query('SELECT kind, body, event_at FROM log');
    expect(log.rows).toEqual([{ kind: 'inventory', body: { version: 1, added: 6, changed: 0, retired: 0 }, event_at: 1000 }]);
    const identity = await db.query<{ node: string; incarnation: string }>('SELECT node, incarnation::text FROM node_identity');
    expect(identity.rows[0]?.incarnation).toMatch(/^[0-9a-f-]{36}$/);
    expect((await readObjects(db)).map((version) => version.object.id)).toEqual(['gd:d0', 'gd:d1', 'gd:d2']);
    expect(await readCurrentEntities(db, 'zone')).toEqual([{ id: 'z', name: 'z', anchors: ['192.0.2.254'] }]);
  });

  it('writes nothing the second time', async () => {
    await apply(desired(head() + devices(3)), 1000);
    const before = await counts();
    const again = await apply(desired(head() + devices(3)), 2000);
    expect(again).toMatchObject({ applied: false, version: 1, plan: { unchanged: 6, added: [], changed: [], retired: [] } });
    expect(await counts()).toEqual(before);
  });

  it('keeps what was so before: change, retirement, return under the same id and key', async () => {
    await apply(desired(head() + devices(2)), 1000);
    await apply(desired((head() + devices(2)).replace('name: D0', 'name: 核心')), 2000);
    await apply(desired(head() + devices(1, 1)), 3000);
    expect(await readObjectAt(db, 'gd:d0', 3500)).toBeNull();
    const back = await apply(desired(head() + devices(2)), 4000);
    expect(back.plan.added).toMatchObject([{ id: 'gd:d0', returns: true }]);

    expect((await readObjectAt(db, 'gd:d0', 1500))?.object.name).toBe('D0');
    expect((await readObjectAt(db, 'gd:d0', 2000))?.object.name).toBe('核心');
    expect(await readObjectAt(db, 'gd:d0', 999)).toBeNull();
    const ranges = (await readObjectValidity(db, ['gd:d0', 'gd:none'], 1500, 9000)).get('gd:d0');
    expect(ranges?.map(({ object, validFrom, validTo }) => [object.name, validFrom, validTo])).toEqual([
      ['D0', 1000, 2000],
      ['核心', 2000, 3000],
      ['D0', 4000, null],
    ]);
    expect((await readCheckKeys(db)).get('gd:d0/icmp4')).toBe(1);
    // What was believed at each time is still there: the open versions that were superseded.
    const believed = await db.query("SELECT valid_to FROM inventory WHERE id = 'gd:d0' AND superseded_at IS NOT NULL ORDER BY row_id");
    expect(believed.rows).toEqual([{ valid_to: null }, { valid_to: null }]);
  });

  it('never lets versions overlap, even when the clock stepped back', async () => {
    await apply(desired(head() + devices(1)), 5000);
    const result = await apply(desired((head() + devices(1)).replace('D0', 'X')), 4000);
    expect(result.at).toBe(5001);
    expect((await readObjectAt(db, 'gd:d0', 5000))?.object.name).toBe('D0');
    expect((await readObjectAt(db, 'gd:d0', 5001))?.object.name).toBe('X');
  });

  it('touches rows of its own origin only', async () => {
    await apply(desired(head() + devices(2)), 1000);
    const own = desired(head() + devices(1, 7));
    const foreign: DesiredEntity[] = own.entities.filter((entity) => entity.entity === 'object');
    await apply({ entities: foreign, origin: 'api' }, 2000);
    expect((await readObjects(db)).map((version) => [version.object.id, version.origin])).toEqual([
      ['gd:d0', 'file'],
      ['gd:d1', 'file'],
      ['gd:d7', 'api'],
    ]);
    const clash = await apply(desired(head() + devices(8)), 3000);
    expect(clash).toMatchObject({ applied: false, plan: { refused: [{ code: 'other-origin', id: 'gd:d7' }] } });
  });

  it('is whole or not at all: when its last step fails, nothing of it is there', async () => {
    await apply(desired(head() + devices(2)), 1000);
    const before = await counts();
    await db.query('ALTER TABLE audit ADD CONSTRAINT full_disk CHECK (false) NOT VALID');
    await expect(apply(desired(head() + devices(5)), 2000)).rejects.toThrow(/full_disk/);
    await db.query('ALTER TABLE audit DROP CONSTRAINT full_disk');
    expect(await counts()).toEqual(before);
    expect(await readInventoryVersion(db)).toBe(1);
    expect(await apply(desired(head() + devices(5)), 3000)).toMatchObject({ applied: true, version: 2 });
  });

  it('two at once: the second sees what the first did', async () => {
    const wanted = desired(head() + devices(5));
    const results = await Promise.all([apply(wanted, 1000), apply(wanted, 1000)]);
    expect(results.map((result) => result.applied).sort()).toEqual([false, true]);
    expect(await readInventoryVersion(db)).toBe(1);
  });
});

describe('refusals leave everything as it was', () => {
  const base = head() + devices(30);
  const circuit = `${head()}circuits: [{id: d0, name: C, addresses: {ipv4: 192.0.2.1}}]\n${devices(29, 1)}`;
  const cases: [name: string, wanted: () => Desired, code: string, says: RegExp][] = [
    ['kind', () => desired(circuit), 'kind-changed', /"gd:d0" has a history as device; it cannot become circuit/],
    ['node', () => desired(base.replace('id: gd', 'id: gx')), 'node-changed', /belongs to the node "gd".*--data DIR/],
    ['partitions', () => desired(head(', partitions: 16') + devices(30)), 'partitions-changed', /has 8 partitions/],
    ['many retired', () => desired(head() + devices(19)), 'many-retired', /11 of 30 objects would be retired.*--retire 11/],
    [
      'wrong number',
      () => desired(head() + devices(19), { expectedRetirements: 10 }),
      'retired-not-as-expected',
      /10 objects were expected .* 11/,
    ],
    ['number for nothing', () => desired(base, { expectedRetirements: 3 }), 'retired-not-as-expected', /would be 0/],
  ];
  it.each(cases)('%s', async (_, wanted, code, says) => {
    await apply(desired(base), 1000);
    const before = await counts();
    const planned = await readInventoryPlan(db, wanted());
    const result = await apply(wanted(), 2000);
    expect(result.applied).toBe(false);
    expect(result.plan.refused.map((refusal) => refusal.code)).toEqual([code]);
    expect(result.plan.refused[0]?.message).toMatch(says);
    expect(planned.refused).toEqual(result.plan.refused);
    expect(await counts()).toEqual(before);
  });

  it('goes on with the exact number, and with as many as the limit', async () => {
    await apply(desired(base), 1000);
    expect((await apply(desired(head() + devices(20)), 2000)).plan.retired).toHaveLength(10);
    expect(await apply(desired(head() + devices(1), { expectedRetirements: 19 }), 3000)).toMatchObject({ applied: true });
    expect(await readObjects(db)).toHaveLength(1);
  });

  it('keeps the kind of an object that was retired', async () => {
    await apply(desired(head() + devices(30)), 1000);
    await apply(desired(head() + devices(29, 1)), 2000);
    expect((await apply(desired(circuit), 3000)).plan.refused.map((refusal) => refusal.code)).toEqual(['kind-changed']);
  });

  it('refuses an inventory without a node in an empty database', async () => {
    expect((await apply({ entities: [], origin: 'file' }, 1000)).plan.refused.map((refusal) => refusal.code)).toEqual(['node-missing']);
  });
});

describe('a cache of the current objects', () => {
  const said = async (cache: ObjectCache) => {
    const { version, objects, keys } = await cache.load(db);
    return { version, objects: objects.map(({ id, name }) => `${id} ${name}`), keys: keys.size };
  };
  const whole = () => said(new ObjectCache());

  it('follows additions, changes, ends and returns, several at a time, as if it had read all anew', async () => {
    const cache = new ObjectCache();
    expect(await said(cache)).toEqual({ version: 0, objects: [], keys: 0 });
    await apply(desired(head() + devices(3)), 1000);
    expect(await said(cache)).toEqual({ version: 1, objects: ['gd:d0 D0', 'gd:d1 D1', 'gd:d2 D2'], keys: 3 });
    await apply(desired((head() + devices(3)).replace('D1', 'X')), 2000);
    await apply(desired((head() + devices(4)).replace('D1', 'Y')), 3000);
    await apply(desired((head() + devices(3, 1)).replace('D1', 'Y')), 4000);
    expect(await said(cache)).toEqual({ version: 4, objects: ['gd:d1 Y', 'gd:d2 D2', 'gd:d3 D3'], keys: 4 });
    await apply(desired(head() + devices(4)), 5000);
    expect(await said(cache)).toEqual(await whole());
    expect(await said(cache)).toEqual(await whole());
  });

  it('leaves what it handed out as it was', async () => {
    const cache = new ObjectCache();
    await apply(desired(head() + devices(1)), 1000);
    const before = await cache.load(db);
    await apply(desired(head() + devices(2)), 2000);
    await cache.load(db);
    expect([before.objects.length, before.keys.size]).toEqual([1, 1]);
  });
});

describe('scale', () => {
  it('applies 10,000 dual-stack devices in under 10 s, from text to commit', async () => {
    const rows = Array.from(
      { length: 10_000 },
      (_, i) =>
        `  - {id: d${i}, name: 设备 ${i}, addresses: {ipv4: 10.${i >> 16}.${(i >> 8) & 255}.${i & 255}, ipv6: "2001:db8::${(i + 1).toString(16)}"}}\n`,
    );
    const yaml = `${head().replace('192.0.2.254', '10.99.0.1')}devices:\n${rows.join('').replace('10.0.0.0,', '10.98.0.1,')}`;
    const started = performance.now();
    const wanted = desired(yaml);
    const loaded = performance.now();
    const result = await apply(wanted, 1000);
    const applied = performance.now();
    await apply(wanted, 2000);
    const again = performance.now();
    process.stdout.write(
      `10,000 devices: load and check ${Math.round(loaded - started)} ms, apply ${Math.round(applied - loaded)} ms, apply again ${Math.round(again - applied)} ms\n`,
    );
    expect(result.plan.added).toHaveLength(10_003);
    expect((await readCheckKeys(db)).size).toBe(20_000);
    expect(applied - started).toBeLessThan(10_000);
  });
});
