/** Interfaces, agents and ends of circuits in the answers about objects. */
import type { EntityBody, ObjectDetail, ObjectPage } from '@beacontower/contracts';
import { DEFAULT_SNMP_POLICY, partitionOf } from '@beacontower/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { createToken, type Harness, insertEntity, NOW, objectBody, setState, startHarness } from './test-harness.ts';

const DEVICE = 'bj:r1';
const PORT = 'bj:r1/GE0/0/1';
const SYSTEM = { descr: 'Router', objectId: '1.3.6.1', name: 'r1', location: 'rack 3', contact: '' };

function agentOf(device: string): EntityBody<'object'>['checks'][number] {
  return {
    ...{ id: `${device}/snmp`, objectId: device, kind: 'snmp', family: 6, address: '2001:db8::1', port: 1161, zone: 'centre' },
    ...{ credential: 'backbone', policy: DEFAULT_SNMP_POLICY, interfaces: { watch: [], ignore: [] } },
  };
}

function interfaceBody(id: string, device: string, ifName: string, more: Partial<EntityBody<'object'>> = {}): EntityBody<'object'> {
  return objectBody(id, 'cn.gd', {
    kind: 'interface',
    class: 'other',
    dependency: { parents: [device], rule: { require: 'any' } },
    checks: [{ id: `${id}/status`, objectId: id, kind: 'interface', device, ifName }],
    attributes: { ifName, ifIndex: '7', ifAlias: 'to GZ' },
    ...more,
  });
}

let harness: Harness;
let app: App;
let token: string;

beforeAll(async () => {
  harness = await startHarness();
  const { database, deps } = harness;
  const router = objectBody(DEVICE, 'cn.gd');
  await insertEntity(database, 'object', { ...router, checks: [...router.checks, agentOf(DEVICE)] });
  await insertEntity(database, 'object', { ...objectBody('bj:far', 'cn.gx'), checks: [agentOf('bj:far')] });
  await insertEntity(database, 'object', interfaceBody(PORT, DEVICE, 'GE0/0/1', { quiet: true }));
  await insertEntity(database, 'object', interfaceBody('bj:r1/GE0/0/2', DEVICE, 'GE0/0/2'));
  const ends = [DEVICE, 'bj:far', 'bj:nobody'].map((device, i) => {
    const id = `bj:c/end${i + 1}`;
    return { id, objectId: 'bj:c', kind: 'interface' as const, device, ifName: 'GE0/0/2' };
  });
  await insertEntity(database, 'object', objectBody('bj:c', 'cn.gd', { kind: 'circuit', checks: ends }));
  await database.query(
    "INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by) VALUES ('seen-device', $1, 'discovery', $2, $3, $3, 'test')",
    [DEVICE, JSON.stringify({ id: DEVICE, system: SYSTEM, digest: 'a', interfaces: [] }), NOW],
  );
  const { rows } = await database.query<{ key: number }>(
    'INSERT INTO checks (id, object_id, first_seen) VALUES ($1, $2, 0), ($3, $4, 0) RETURNING key',
    [`${DEVICE}/snmp`, DEVICE, `${PORT}/status`, PORT],
  );
  const [agent, port] = rows.map(({ key }) => String(key));
  const detail = { reason: 'wrong-key', text: 'The agent says that the key is wrong.', at: NOW };
  await deps.redis.hset(deps.keys.detail(partitionOf(DEVICE, 8)), {
    [String(agent)]: JSON.stringify(detail),
    [String(port)]: '{"reason": 7}',
  });
  await setState(database, PORT, null, 'down', NOW);
  await setState(database, PORT, `${PORT}/status`, 'down', NOW);
  await database.query("UPDATE current_states SET reason = 'lower-layer-down' WHERE object_id = $1", [PORT]);
  app = await harness.app();
  token = await createToken(app, ['viewer'], ['cn.gd']);
});
afterAll(async () => harness?.close());

const get = async (url: string) => {
  const answer = await app.inject({ url, headers: { authorization: `Bearer ${token}` } });
  expect([url, answer.statusCode]).toEqual([url, 200]);
  return answer.json() as unknown;
};
const idsOf = async (query: string) => ((await get(`/api/v1/objects?${query}`)) as ObjectPage).items.map(({ id }) => id);
const detailOf = async (id: string) => (await get(`/api/v1/objects/${encodeURIComponent(id)}`)) as ObjectDetail;

describe('lists', () => {
  it.each([
    ['kind=interface', [PORT, 'bj:r1/GE0/0/2']],
    [`parent=${DEVICE}`, [PORT, 'bj:r1/GE0/0/2']],
    [`kind=interface&parent=${DEVICE}&quiet=false`, ['bj:r1/GE0/0/2']],
    ['quiet=true', [PORT]],
    ['quiet=false', ['bj:c', DEVICE, 'bj:r1/GE0/0/2']],
    ['kind=interface&state=down', [PORT]],
    ['parent=bj:none', []],
    ['', ['bj:c', DEVICE, PORT, 'bj:r1/GE0/0/2']],
  ])('"%s"', async (query, ids) => {
    expect(await idsOf(query)).toEqual(ids);
  });

  it('refuse a value that is none', async () => {
    const answer = await app.inject({ url: '/api/v1/objects?quiet=perhaps', headers: { authorization: `Bearer ${token}` } });
    expect(answer.statusCode).toBe(400);
  });

  it('the topology leaves quiet ports out', async () => {
    const { nodes } = (await get('/api/v1/topology')) as { nodes: { id: string }[] };
    expect(nodes.map(({ id }) => id)).toEqual(['bj:c', DEVICE, 'bj:r1/GE0/0/2']);
  });
});

describe('details', () => {
  it('of a device: its agent with what was last met, the system group, how many interfaces', async () => {
    const device = await detailOf(DEVICE);
    expect(device).toMatchObject({ system: SYSTEM, interfaces: 2, quiet: false });
    expect(device.checks.map(({ kind, detail }) => [kind, detail])).toEqual([
      ['icmp', null],
      ['snmp', { reason: 'wrong-key', text: 'The agent says that the key is wrong.', at: new Date(NOW).toISOString() }],
    ]);
    expect(device.checks[1]).toMatchObject({
      family: 6,
      address: '2001:db8::1',
      port: 1161,
      zone: 'centre',
      intervalMs: 60_000,
      device: null,
    });
  });

  it('of an interface, whose id has slashes: where its device is asked, and why it is down', async () => {
    const port = await detailOf(PORT);
    expect(port).toMatchObject({
      kind: 'interface',
      quiet: true,
      parents: [DEVICE],
      system: null,
      interfaces: 0,
      attributes: { ifAlias: 'to GZ' },
    });
    expect(port.checks).toMatchObject([
      {
        ...{ id: `${PORT}/status`, kind: 'interface', family: null, state: 'down', since: new Date(NOW).toISOString() },
        ...{ reason: 'lower-layer-down', address: '2001:db8::1', port: 1161, zone: 'centre', intervalMs: 60_000 },
        ...{ device: DEVICE, interface: 'GE0/0/1', detail: null, latest: null },
      },
    ]);
  });

  it('of a circuit: the address of an end is told to those alone who may see its device', async () => {
    expect((await detailOf('bj:c')).checks.map(({ device, address, interface: name }) => [device, address, name])).toEqual([
      [DEVICE, '2001:db8::1', 'GE0/0/2'],
      ['bj:far', null, 'GE0/0/2'],
      ['bj:nobody', null, 'GE0/0/2'],
    ]);
  });
});
