import { loadConfiguration, ObjectiveBody } from '@beacontower/contracts';
import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { applyInventory } from '../inventory/index.ts';
import type { Database } from '../pool.ts';
import { readFigure } from './figure.ts';
import { readMembers } from './members.ts';

const START = Date.parse('2026-03-31T16:00:00Z');
const HOUR = 3_600_000;

let server: TestDatabase;
let db: Database;
beforeAll(async () => {
  server = await startDatabase();
  ({ database: db } = server);
  const yaml = `
node: {id: gd, name: 广东, division: cn.gd, partitions: 1}
zones: [{id: z, anchors: [192.0.2.254]}]
parties: [{id: city, name: City, tier: city}]
divisions: [{id: cn, name: 全国}, {id: cn.gd, name: 广东}, {id: cn.gd.gz, name: 广州}]
devices:
  - {id: a, name: A, addresses: {ipv4: 192.0.2.1}, party: city, division: cn.gd.gz, vendor: one}
  - {id: b, name: B, addresses: {ipv4: 192.0.2.2}}
`;
  const { configuration, faults } = loadConfiguration([{ name: 'a.yaml', bytes: new TextEncoder().encode(yaml) }]);
  if (configuration === null) throw new Error(`the configuration of this test is faulty: ${JSON.stringify(faults)}`);
  await applyInventory(db, { entities: configuration.entities, origin: 'file', partitions: 1 }, { now: START, by: 'test', source: 'test' });
});
afterAll(async () => {
  await server.stop();
});

const objective = (over: Partial<ObjectiveBody>) =>
  ObjectiveBody.parse({
    id: 'o',
    name: 'O',
    nameEn: null,
    class: null,
    objects: null,
    division: '',
    target: 0.99,
    aggregate: 'mean',
    period: 'month',
    calendar: 'always',
    timeZone: 'Asia/Shanghai',
    ...over,
  });
const where = (over: Partial<NonNullable<ObjectiveBody['where']>>) => ({
  where: { kinds: null, divisions: null, parties: null, attributes: null, ...over },
});
const ask = (over: Partial<ObjectiveBody>, scope = ['']) => ({
  objective: objective(over),
  from: START,
  to: START + HOUR,
  scope,
  now: START + 2 * HOUR,
});

describe('who is a member', () => {
  test.each<[string, Partial<ObjectiveBody>, string[]]>([
    ['everything', {}, ['gd:a', 'gd:b']],
    ['a kind', where({ kinds: ['device'] }), ['gd:a', 'gd:b']],
    ['another kind', where({ kinds: ['circuit'] }), []],
    ['a division', where({ divisions: ['cn.gd.gz'] }), ['gd:a']],
    ['a party', where({ parties: ['city'] }), ['gd:a']],
    ['an attribute', where({ attributes: { vendor: 'one' } }), ['gd:a']],
    ['every criterion, objects named too', { objects: ['gd:b'], ...where({ parties: ['city'] }) }, []],
    ['objects that are not there', { objects: ['gd:nobody'] }, []],
  ])('%s', async (_, over, members) => {
    const found = await readMembers(db, ask(over));
    expect(found.map(({ member }) => member.id)).toEqual(members);
    const { whole } = await readFigure(db, ask(over));
    expect(whole.members).toBe(members.length);
    // Nobody has looked at any of them: no figure, and never 100%.
    expect(whole.experienced).toMatchObject({ availability: null, unobserved: members.length });
    if (members.length === 0) expect(whole.experienced).toMatchObject({ lowest: null, highest: null, completeness: null });
  });

  test('none outside the scope', async () => {
    expect((await readFigure(db, ask({}, ['cn.gd.gz']))).whole.members).toBe(1);
    expect((await readFigure(db, ask({}, []))).whole.members).toBe(0);
  });

  test('a period that is wholly to come has no figure', async () => {
    const { whole, groups } = await readFigure(db, { ...ask({}), from: START + 9 * HOUR, to: START + 10 * HOUR, groupBy: 'division' });
    expect({ members: whole.members, availability: whole.experienced.availability, groups }).toEqual({
      members: 0,
      availability: null,
      groups: [],
    });
  });

  test('a calendar or a time zone that nobody knows is refused by its name', async () => {
    await expect(readFigure(db, ask({ calendar: 'nine-to-five' }))).rejects.toThrow('there is no calendar "nine-to-five"');
  });
});
