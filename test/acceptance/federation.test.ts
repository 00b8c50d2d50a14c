import { type FederationStand, type StandNode, startFederationStand } from '@beacontower/test-lab';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawDays, HOUR_MS, LINES, liveThrough } from './support/federated-day.ts';
import { caughtUp, figuresOf, linkOf, provinceIncidents, saidOf, transitionsOf, untilLinksTold } from './support/federated-record.ts';

/**
 * A country: a centre, five provinces and a city, every one a whole product. The lines between them are cut for a day (which is lived
 * through in simulated time), processes of both sides are killed meanwhile, and then the lines are restored.
 */
const DAY_MS = 24 * HOUR_MS;
/** What the issue asks for. */
const CATCH_UP_MS = 60_000;

let stand: FederationStand;
let below: readonly StandNode[];
let cut: { readonly from: number; readonly to: number };
let caughtUpMs: number;

beforeAll(async () => {
  // The day ends an hour ago: what comes after it is fed when the lines are back.
  const begin = Math.floor(Date.now() / HOUR_MS) * HOUR_MS - DAY_MS - 2 * HOUR_MS;
  cut = { from: begin + HOUR_MS, to: begin + HOUR_MS + DAY_MS };
  stand = await startFederationStand({ lines: LINES, begin });
  below = stand.nodes.filter(({ feed }) => feed !== null);
  drawDays(below, { from: begin + 10 * 60_000, to: cut.to + 30 * 60_000 });
  await Promise.all(below.map(({ feed }) => feed?.until(cut.from)));
  for (const { id } of below) await stand.join(id);
  await caughtUp(stand, 300_000);
}, 1_800_000);

afterAll(() => stand?.destroy(), 120_000);

describe('a day without lines', () => {
  it('is over after a minute', { timeout: 1_800_000 }, async () => {
    const ids = below.map(({ id }) => id);
    await stand.network.cut(ids);
    await liveThrough(stand, below, cut.to);
    await untilLinksTold(stand, 'opened');
    const told = stand.hook.received.length;
    await stand.network.restore(ids);
    const begun = performance.now();
    await stand.node('cn').product.kill('federate');
    await caughtUp(stand, 180_000);
    caughtUpMs = performance.now() - begun;
    console.info(`caught up in ${(caughtUpMs / 1_000).toFixed(1)} s; ${told} messages were told while the lines were cut`);
    expect(caughtUpMs).toBeLessThan(CATCH_UP_MS);
  });

  it('leaves every transition of every province at the centre exactly once', async () => {
    for (const node of below) {
      const there = await transitionsOf(node.database, node.id);
      expect(there.length, node.id).toBeGreaterThan(LINES);
      expect(await transitionsOf(stand.node('cn').database, node.id), node.id).toEqual(there);
    }
    expect(await transitionsOf(stand.node('gd').database, 'gz')).toEqual(await transitionsOf(stand.node('gz').database, 'gz'));
  });

  it('has figures that agree to the millisecond, of the day and of every object', async () => {
    for (const { id, product } of below) {
      const there = await figuresOf(product.api, id, cut);
      expect(there.length, id).toBeGreaterThanOrEqual(LINES);
      expect(
        there.some(({ downMs }) => downMs > 0),
        id,
      ).toBe(true);
      expect(await figuresOf(stand.node('cn').product.api, id, cut), id).toEqual(there);
    }
  });

  it('has nobody at the centre told of what is long over', async () => {
    expect(provinceIncidents(saidOf(stand))).toEqual([]);
  });

  it('has told of every line that was cut, once, and that it is back', async () => {
    await untilLinksTold(stand, 'resolved');
    for (const { id } of below.filter(({ parent }) => parent === 'cn')) {
      const steps = saidOf(stand).filter(({ cause }) => cause === linkOf(id));
      expect(
        steps.map(({ step }) => step),
        id,
      ).toEqual(['opened', 'resolved']);
    }
  });
});

describe('the hour after', () => {
  it('is lived through with the lines there, and every node goes on by itself', { timeout: 300_000 }, async () => {
    const now = Math.floor(Date.now() / 60_000) * 60_000;
    await Promise.all(below.map(({ feed }) => feed?.through(now)));
    for (const { feed } of below) await feed?.release();
    // A node's landing devices are looked at by its own scheduler alone: with them, it judges on by itself.
    await Promise.all(below.map(({ feed }) => feed?.judged(now)));
    await caughtUp(stand, 60_000);
    for (const node of below)
      expect(await transitionsOf(stand.node('cn').database, node.id), node.id).toEqual(await transitionsOf(node.database, node.id));
    expect(provinceIncidents(saidOf(stand))).toEqual([]);
  });
});
