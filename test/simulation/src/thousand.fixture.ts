import { expect } from 'vitest';
import { simulate, summarize } from './simulate.ts';

/** The networks that the tests draw; `SIMULATION_SEED=17` draws network 17 alone, in both halves of them. */
const NETWORKS = 1_000;

/** Draws every other network, from the first or the second on, and expects the truth within the bounds of every one. */
export async function expectTruthWithin(first: 1 | 2): Promise<void> {
  const alone = Number(process.env.SIMULATION_SEED ?? Number.NaN);
  const seeds = Number.isNaN(alone) ? Array.from({ length: NETWORKS / 2 }, (_, index) => first + 2 * index) : [alone];
  const outcomes = [];
  for (const seed of seeds) outcomes.push(await simulate(seed));
  const { violations, ...summary } = summarize(outcomes);
  console.info(summary);
  expect(violations).toEqual([]);
  if (!Number.isNaN(alone)) return;
  expect(summary.edges).toBeGreaterThan(1_000);
  // In polling intervals: how far the estimate of a beginning, of an end, and the downtime of an edge is off on average.
  expect(Math.abs(summary.beginBias)).toBeLessThanOrEqual(0.1);
  expect(Math.abs(summary.endBias)).toBeLessThanOrEqual(0.1);
  expect(Math.abs(summary.downtimeBias)).toBeLessThanOrEqual(0.1);
  expect(summary.widthRatio).toBeLessThanOrEqual(1);
}
