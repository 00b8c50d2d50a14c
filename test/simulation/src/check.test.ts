import { edgeBetween, exactEdge, type Transition } from '@beacontower/domain';
import { describe, expect, it } from 'vitest';
import type { Spoil } from './check.ts';
import { EPOCH, WallClock } from './clock.ts';
import { simulate, summarize } from './simulate.ts';

const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);

async function spoiled(spoil: Spoil) {
  const outcomes = [];
  for (const seed of SEEDS) outcomes.push(await simulate(seed, spoil));
  return summarize(outcomes);
}

const everyEdge =
  (change: (transition: Transition) => Transition['edge']): Spoil =>
  (transitions) =>
    transitions.map((transition) => ({ ...transition, edge: change(transition) }));

describe('the check finds what is wrong', () => {
  it('edges dated to the observation that found them: outside their bounds, and late by half an interval', async () => {
    const { violations, bias } = await spoiled(everyEdge(({ decidedAt }) => exactEdge(decidedAt)));
    expect(violations.length).toBeGreaterThan(5);
    expect(bias.begin).toBeGreaterThan(0.3);
  }, 60_000);

  it('edges dated to the last look before', async () => {
    const { violations, bias } = await spoiled(everyEdge(({ edge }) => exactEdge(edge.earliest)));
    expect(violations.length).toBeGreaterThan(5);
    expect(bias.begin).toBeLessThan(-0.3);
  }, 60_000);

  it('a state carried on while nobody looked', async () => {
    const { violations } = await spoiled((transitions) => transitions.filter(({ to }, index) => index === 0 || to !== 'unknown'));
    expect(violations.length).toBeGreaterThan(3);
  }, 60_000);

  it('edges that are said to be wider than what was seen', async () => {
    const { violations, widthRatio } = await spoiled(everyEdge(({ edge }) => edgeBetween(edge.earliest - 300_000, edge.latest + 300_000)));
    expect(violations.some((violation) => violation.includes('ms wide'))).toBe(true);
    expect(widthRatio).toBeGreaterThan(1);
  }, 60_000);

  it('the same seed draws the same network', async () => {
    expect(await simulate(7)).toEqual(await simulate(7));
  }, 60_000);
});

describe('the wall clock of the simulation', () => {
  const spans = (by: number) => {
    const { first, latest } = new WallClock([{ at: 1_000, by }], 0, [0]).spans([{ from: 500, to: 1_200 }]);
    const relative = (list: readonly { from: number; to: number }[]) => list.map(({ from, to }) => [from - EPOCH, to - EPOCH]);
    return { first: relative(first), latest: relative(latest) };
  };

  it('a span that goes on while the clock is set forward takes in what was skipped', () => {
    expect(spans(300)).toEqual({ first: [[500, 1_500]], latest: [[500, 1_500]] });
  });

  it('what was lived through twice reads as it was the first or the second time', () => {
    expect(spans(-300)).toEqual({ first: [[500, 1_000]], latest: [[500, 900]] });
  });
});
