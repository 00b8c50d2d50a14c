import { describe, expect, it } from 'vitest';
import type { Edge, State, Transition } from './state.ts';
import { buildTimeline } from './timeline.ts';

function transition(from: State, to: State, edge: Edge): Transition {
  return { from, to, edge, reason: 'replied', decidedAt: edge.latest };
}

function uncertainties(transitions: readonly Transition[]): number[] {
  const period = { from: 0, to: 10_000 };
  return buildTimeline({ ...period, transitions, validity: [period], exclusions: [], judgedUntil: 10_000 }).map(
    ({ uncertaintyMs }) => uncertaintyMs,
  );
}

describe('the uncertainty of a segment', () => {
  it('is half the width of an edge estimated at its middle', () => {
    expect(uncertainties([transition('up', 'down', { at: 4_500, earliest: 4_000, latest: 5_001 })])).toEqual([0, 501]);
  });

  it('is what is left of the edge after the period has begun', () => {
    expect(uncertainties([transition('up', 'down', { at: -200, earliest: -500, latest: 100 })])).toEqual([100]);
    expect(uncertainties([transition('up', 'down', { at: -800, earliest: -900, latest: -700 })])).toEqual([0]);
  });

  it('reaches back to the last look where nobody knows any more, though that begins at the end of what the look covered', () => {
    expect(uncertainties([transition('up', 'unknown', { at: 5_000, earliest: 4_000, latest: 5_000 })])).toEqual([0, 1_000]);
  });
});
