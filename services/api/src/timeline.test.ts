import type { Segment } from '@beacontower/domain';
import { describe, expect, it } from 'vitest';
import { describeSegments } from './timeline.ts';

function segment(from: number, to: number, more: Partial<Segment> = {}): Segment {
  return { from, to, state: 'up', reason: 'replied', excluded: false, uncertaintyMs: 0, ...more };
}
const outline = (segments: Segment[]) =>
  describeSegments(segments, [], null).map(({ from, to, state, reason }) => [Date.parse(from), Date.parse(to), state, reason]);

describe('segments as they are answered', () => {
  it('are one where nothing tells them apart, with the beginning of the first', () => {
    const items = describeSegments([segment(0, 10, { uncertaintyMs: 3 }), segment(10, 20, { uncertaintyMs: 9 })], [], null);
    expect(items).toMatchObject([{ from: new Date(0).toISOString(), to: new Date(20).toISOString(), edgeUncertaintyMs: 3 }]);
  });

  it('stay apart where the state, the exclusion or the reason for not knowing changes', () => {
    const unknown = { state: 'unknown', reason: 'not-looked-at' } as const;
    expect(outline([segment(0, 10, unknown), segment(10, 20, unknown), segment(20, 30, { ...unknown, reason: 'not-judged-yet' })])).toEqual(
      [
        [0, 20, 'unknown', 'not-looked-at'],
        [20, 30, 'unknown', 'not-judged-yet'],
      ],
    );
    expect(outline([segment(0, 10), segment(10, 20, { excluded: true }), segment(20, 30)])).toHaveLength(3);
    expect(outline([segment(0, 10), segment(10, 20, { reason: 'loss-below-limit' })])).toEqual([[0, 20, 'up', 'replied']]);
  });
});
