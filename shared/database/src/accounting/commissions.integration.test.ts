import { startDatabase, type TestDatabase } from '@beacontower/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCommissions } from './commissions.ts';

let server: TestDatabase;
beforeAll(async () => {
  server = await startDatabase();
});
afterAll(() => server?.stop());

test('a composite of composites is known no further than the least known of all that they are made of', async () => {
  const objects: [id: string, of: string[] | null][] = [
    ['gd:leaf', null],
    ['gd:other', null],
    ['gd:inner', ['gd:leaf']],
    ['gd:outer', ['gd:inner', 'gd:other']],
  ];
  for (const [id, of] of objects) {
    const checks = of === null ? [{ kind: 'icmp', policy: { intervalMs: 10_000, unknownAfter: 2 } }] : [];
    const combines = of === null ? {} : { combines: { rule: { require: 'any' }, of } };
    await server.database.query(
      `INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by) VALUES ('object', $1, 'file', $2, 0, 0, 't')`,
      [id, { id, name: id, kind: 'service', class: 'other', division: 'cn', party: null, weight: 1, checks, attributes: {}, ...combines }],
    );
  }
  const seen = new Map([
    ['gd:leaf', 100],
    ['gd:other', 400],
  ]);
  const judged = {
    asOf: 1_000,
    untilFor: (id: string) => seen.get(id) ?? 900,
    nodes: new Map(),
    untilForAll: () => 100,
    composedUntil: () => Number.POSITIVE_INFINITY,
  };
  const ids = objects.map(([id]) => id);
  const found = await readCommissions(server.database, ids, { from: 0, to: 1_000 }, judged);
  expect(Object.fromEntries([...found].map(([id, { judgedUntil }]) => [id, judgedUntil]))).toEqual({
    'gd:leaf': 100,
    'gd:other': 400,
    'gd:inner': 100,
    'gd:outer': 100,
  });
});
