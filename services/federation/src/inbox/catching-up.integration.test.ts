import { randomUUID } from 'node:crypto';
import { waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { lineOf, SpeakingNode } from './speaking.fixture.ts';
import { LATER, NOW, startTelling, type Telling } from './telling.fixture.ts';

describe('nodes that have much to catch up', () => {
  let telling: Telling;
  beforeAll(async () => {
    telling = await startTelling();
  });
  afterEach(() => telling.rest());
  afterAll(() => telling.stop());

  const behindOf = async ({ node }: SpeakingNode) =>
    (await telling.rows('SELECT behind_until FROM federation_nodes WHERE node = $1', [node]))[0]?.behind_until;

  test('one that was behind in the log before is behind in its new one only as far as that goes', async () => {
    const { node, a } = await telling.begun();
    await node.snapshot({ log: 50_000, states: [[a, 'down', LATER, 'no-reply']] });
    expect(await behindOf(node)).toBe(50_000);
    const { incarnation } = node;
    Object.assign(node, { incarnation: randomUUID(), lines: [], version: 0 });
    await node.begin({}, { previous: null });
    expect(node.incarnation).not.toBe(incarnation);
    node.say(lineOf.object(a, node.division, NOW), lineOf.change(a, 'unknown', 'up', NOW + 1_000));
    expect((await node.snapshot({ states: [[a, 'down', LATER, 'no-reply']] })).status).toBe(200);
    expect([await behindOf(node), await telling.present(a)]).toEqual([3, 'down']);
    expect((await node.logAll()).status).toBe(200);
    expect([await behindOf(node), await telling.present(a)]).toEqual([null, 'up']);
  });

  test('what a whole snapshot leaves out is unknown, and not as it was before the cut; one of changes leaves it as it is', async () => {
    const { node, a } = await telling.begun();
    const b = `${node.node}:b`;
    await node.tell(
      lineOf.object(b, node.division, NOW),
      lineOf.change(a, 'unknown', 'up', NOW + 1_000),
      lineOf.change(b, 'unknown', 'up', NOW + 1_000),
    );
    await node.snapshot({ log: 50_000, states: [[a, 'down', LATER, 'no-reply']] });
    expect([await telling.present(a), await telling.present(b)]).toEqual(['down', 'unknown']);
    const base = node.version;
    expect((await node.snapshot({ log: 50_000, base, states: [[b, 'up', LATER, 'replied']] })).status).toBe(200);
    expect([await telling.present(a), await telling.present(b)]).toEqual(['down', 'up']);
  });

  test('versions that reach into each other end where the next begins', async () => {
    const { node, a } = await telling.begun();
    await node.tell(
      lineOf.object(a, node.division, NOW, { name: 'first' }, NOW + 90_000),
      lineOf.object(a, node.division, NOW + 30_000, { name: 'second' }),
    );
    const versions = await telling.rows(
      'SELECT name, valid_from, valid_to FROM inventory WHERE id = $1 AND superseded_at IS NULL ORDER BY valid_from',
      [a],
    );
    expect(versions).toEqual([
      { name: 'first', valid_from: NOW, valid_to: NOW + 30_000 },
      { name: 'second', valid_from: NOW + 30_000, valid_to: null },
    ]);
  });

  test('a batch that waits takes its place though its sender went, and is not applied then', async () => {
    const { centre } = telling;
    const address = await centre.enrol('patient', 'cn.patient');
    const [node, hasty] = [new SpeakingNode('patient', 'cn.patient', address), new SpeakingNode('patient', 'cn.patient', address)];
    await node.begin();
    hasty.incarnation = node.incarnation;
    const codeOf = async () => (await node.logAll()).body.code;
    await centre.database.transaction(async (tx) => {
      await tx.query('SELECT 1 FROM federation_nodes WHERE node = $1 FOR UPDATE', ['patient']);
      const asked = Array.from({ length: 4 }, () => hasty.log(node.lines));
      expect((await Promise.race(asked)).body.code).toBe('busy');
      await hasty.close();
      await Promise.allSettled(asked);
      // That it went has come there before what is said after it.
      for (let count = 0; count < 5; count++) await node.get(`/marks?incarnation=${node.incarnation}`);
      expect(await codeOf()).toBe('busy');
    });
    await waitFor(async () => (await codeOf()) !== 'busy');
    expect(await telling.rows('SELECT sequence FROM federation_nodes WHERE node = $1', ['patient'])).toEqual([{ sequence: 1 }]);
    await node.close();
  });
});
