/** Whose word planned work is that a node in the middle passes on. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { lineOf } from './speaking.fixture.ts';
import { NOW, startTelling, type Telling } from './telling.fixture.ts';

describe('planned work that is passed on', () => {
  let telling: Telling;
  beforeAll(async () => {
    telling = await startTelling();
  });
  afterEach(() => telling.rest());
  afterAll(() => telling.stop());

  test('is that of the node that stated it, and of none that does not report through the teller', async () => {
    const { node } = await telling.begun();
    const city = `${node.node}-city`;
    const told = { id: randomUUID(), title: '割接', objects: [], divisions: [node.division], startsAt: NOW, endsAt: NOW + 1_000 };
    const people = { createdAt: NOW, createdBy: 'li', approvedAt: NOW - 1, approvedBy: 'wang', cancelledAt: null, cancelledBy: null };
    const work = (of: string) => lineOf.any('maintenance', NOW, { ...told, ...people, node: of });
    const bad = await node.tell(work(city));
    expect(bad.body).toMatchObject({ code: 'out-of-scope' });
    node.lines.pop();
    const introduced = { id: city, name: '市', nameEn: null, division: `${node.division}.c`, timeZone: 'UTC', via: node.node };
    expect((await node.tell(lineOf.any('node', NOW, introduced), work(city))).status).toBe(200);
    expect(await telling.rows('SELECT node FROM maintenance WHERE id = $1', [told.id])).toEqual([{ node: city }]);
    expect((await node.tell(work(node.node))).body).toMatchObject({ code: 'out-of-scope' });
  });
});
