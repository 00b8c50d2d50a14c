import { loadConfiguration } from '@beacontower/contracts';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyInventory } from '../inventory/index.ts';
import { readCircuitEnds } from './circuit-ends.ts';

const CONFIGURATION = `
node: {id: gd, name: 广东, division: cn.gd, partitions: 1}
zones: [{id: z, anchors: [192.0.2.254]}]
credentials: [{id: c, version: "2c", community: {env: COMMUNITY}}]
divisions: [{id: cn, name: 全国}, {id: cn.gd, name: 广东}]
devices:
  - {id: a, name: A, addresses: {ipv4: 192.0.2.1}, snmp: {credential: c}}
  - {id: b, name: B, addresses: {ipv4: 192.0.2.2}, snmp: {credential: c}}
circuits:
  - {id: ab, name: AB, class: backbone, addresses: {ipv4: 192.0.2.3}, ends: [{object: a, interface: GE1/0/1}, {object: b, interface: GE0/0/2}]}
  - {id: dark, name: Dark, class: backbone, addresses: {ipv4: 192.0.2.4}}
`;

let server: TestDatabase;
beforeAll(async () => {
  server = await startDatabase();
  const { configuration, faults } = loadConfiguration([{ name: 'a.yaml', bytes: new TextEncoder().encode(CONFIGURATION) }]);
  if (configuration === null) throw new Error(`the configuration of this test is faulty: ${JSON.stringify(faults)}`);
  const given = { entities: configuration.entities, origin: 'file', partitions: 1 } as const;
  await applyInventory(server.database, given, { now: 0, by: 'test', source: 'test' });
});
afterAll(() => server.stop());

const keyOf = async (id: string) =>
  (await server.database.query<{ key: number }>('SELECT key FROM checks WHERE id = $1', [id])).rows[0]?.key;
const endsOf = async () => Object.fromEntries(await readCircuitEnds(server.database, ['gd:ab', 'gd:dark', 'gd:none']));

test('an end is its own check until discovery has found the interface, whose counters then stand for it', async () => {
  const own = [await keyOf('gd:ab/end1'), await keyOf('gd:ab/end2')];
  expect(await endsOf()).toEqual({ 'gd:ab': own });
  await server.database.query(
    `INSERT INTO checks (id, object_id, first_seen) VALUES ('gd:a/GE1/0/1/status', 'gd:a/GE1/0/1', 1), ('gd:a/GE9/status', 'gd:a/GE9', 1)`,
  );
  expect(await endsOf()).toEqual({ 'gd:ab': [await keyOf('gd:a/GE1/0/1/status'), ...own] });
  expect(await readCircuitEnds(server.database, [])).toEqual(new Map());
});
