import { expect } from 'vitest';
import { simulate, summarize } from './simulate.ts';

/** The networks that the tests draw; `SIMULATION_SEED=17` draws network 17 alone, in both halves of them. */
const NETWORKS = 1_000;
/** The most that estimates may be off on average, of every class of intervals, in polling intervals. */
const MOST_BIAS = 0.1;

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
  for (const [intervals, bias] of [['all', summary.bias] as const, ...Object.entries(summary.biasByInterval)]) {
    expect(bias.edges, `edges, ${intervals}`).toBeGreaterThan(1_000);
    // In polling intervals: how far the estimate of a beginning, of an end, and the downtime of an edge is off on average.
    for (const what of ['begin', 'end', 'downtime'] as const)
      expect(Math.abs(bias[what]), `${what}, ${intervals}`).toBeLessThanOrEqual(MOST_BIAS);
  }
  expect(summary.widthRatio).toBeLessThanOrEqual(1);
}
