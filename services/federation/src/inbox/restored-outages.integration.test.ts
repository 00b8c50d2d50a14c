/** A system that tells outages alone goes on from a back-up (decision 0026, 7). */
import { randomUUID } from 'node:crypto';
import { NO_HASH } from '@beacontower/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Said } from '../protocol/chain.ts';
import { lineOf, type SpeakingNode } from './speaking.fixture.ts';
import { NOW, startTelling, type Telling } from './telling.fixture.ts';

const OUTAGES = { capabilities: ['outages'] };
/** Up to when the first log said that all is told. */
const KNOWN = 60_000;

describe('after a system that tells outages went on from a back-up', () => {
  let telling: Telling;
  beforeAll(async () => {
    telling = await startTelling();
  });
  afterEach(() => telling.rest());
  afterAll(() => telling.stop());

  const edge = (at: number) => ({ at: NOW + at, earliest: NOW + at, latest: NOW + at });
  const outage = (object: string, began: number, ended: number | null, saidAt: number): Said => ({
    ...{ kind: 'outage', eventAt: NOW + (ended ?? began), recordedAt: NOW + saidAt },
    payload: { object, began: edge(began), ended: ended === null ? null : edge(ended), resolutionMs: 0 },
  });
  const history = (id: string) => telling.history(id);

  async function begun(): Promise<{ node: SpeakingNode; a: string }> {
    return telling.begun(OUTAGES);
  }

  async function observed(node: SpeakingNode): Promise<void> {
    const until = { pinged: NOW + KNOWN, all: NOW + KNOWN, composed: NOW + KNOWN };
    expect((await node.snapshot({ observed: [{ node: node.node, until }] })).status).toBe(200);
  }

  /** The same system as it was at a moment before; the lines after the first are its back-up's. */
  async function restored(node: SpeakingNode, knownUntil: number | null, ...lines: readonly Said[]): Promise<void> {
    const previous = { incarnation: node.incarnation, sequence: 0, hash: NO_HASH };
    node.incarnation = randomUUID();
    node.lines = [];
    node.version = 0;
    await node.begin(OUTAGES, { previous, knownUntil: knownUntil === null ? null : NOW + knownUntil });
    node.say(...lines);
    expect((await node.logAll()).status).toBe(200);
  }

  test('an outage that was open when the back-up was made stays over, and what came after it stays', async () => {
    const { node, a } = await begun();
    await node.tell(outage(a, 1_000, null, 1_000));
    await node.tell(outage(a, 1_000, 5_000, 5_000), outage(a, 20_000, 30_000, 30_000));
    await observed(node);
    const before = ['unknown 0 up', 'up 1000 down', 'down 5000 up', 'up 20000 down', 'down 30000 up'];
    expect(await history(a)).toEqual(before);
    await restored(node, 2_000, lineOf.object(a, node.division, NOW), outage(a, 1_000, null, 1_000));
    expect(await history(a)).toEqual(before);
    await node.tell(outage(a, 70_000, null, 70_000));
    expect(await history(a)).toEqual([...before, 'up 70000 down']);
  });

  test('what is said by it now is its word: the outage was longer', async () => {
    const { node, a } = await begun();
    await node.tell(outage(a, 1_000, 5_000, 5_000));
    await observed(node);
    await restored(node, 2_000, lineOf.object(a, node.division, NOW), outage(a, 1_000, 7_000, 90_000));
    expect(await history(a)).toEqual(['unknown 0 up', 'up 1000 down', 'down 7000 up']);
  });

  test('an outage that it does not know of does not last for ever: it ends where its first log did', async () => {
    const { node, a } = await begun();
    await node.tell(outage(a, 10_000, null, 10_000));
    await observed(node);
    await restored(node, 5_000, lineOf.object(a, node.division, NOW));
    expect(await history(a)).toEqual(['unknown 0 up', 'up 10000 down', `down ${KNOWN} up`]);
    expect(await telling.present(a)).toBe('up');
    await node.tell(lineOf.object(a, node.division, NOW, { name: 'another' }));
    expect(await history(a)).toHaveLength(3);
  });

  test('one that it knows of, or tells again, goes on', async () => {
    const { node, a } = await begun();
    await node.tell(outage(a, 1_000, null, 1_000));
    await observed(node);
    await restored(node, 5_000, lineOf.object(a, node.division, NOW));
    expect(await history(a)).toEqual(['unknown 0 up', 'up 1000 down']);
    await restored(node, null, lineOf.object(a, node.division, NOW), outage(a, 1_000, null, 1_000));
    expect(await history(a)).toEqual(['unknown 0 up', 'up 1000 down']);
    await node.tell(lineOf.object(a, node.division, NOW, { name: 'another' }));
    expect(await history(a)).toEqual(['unknown 0 up', 'up 1000 down']);
  });

  test('nothing is taken away by what it takes for granted: that all is up otherwise', async () => {
    const { node, a } = await begun();
    await node.tell(outage(a, 1_000, 5_000, 5_000), outage(a, 20_000, 30_000, 30_000));
    await observed(node);
    const before = await history(a);
    await restored(node, null, lineOf.object(a, node.division, NOW), lineOf.object(a, node.division, NOW + 10_000));
    expect(await history(a)).toEqual(before);
  });
});
