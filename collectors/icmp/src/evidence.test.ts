import { LOST } from '@beacontower/collector-sdk';
import { VERDICT } from '@beacontower/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Evidence, verdictOf } from './evidence.ts';

const PROBES = 3;
const PERIOD = 300;
const TIMEOUT = 1_000;

/**
 * One pass over one target whose way is open or cut as `isOpen` says at the moment a packet crosses it, halfway through its
 * round trip. fping may be late with any packet, never early; the measured start lies before, the measured end after the truth.
 */
function simulatePass(startedAt: number, isOpen: (at: number) => boolean, rtt: number, delays: readonly number[], slack: number) {
  const rtts = new Uint32Array(PROBES);
  let sent = startedAt;
  let finished = startedAt;
  for (let i = 0; i < PROBES; i++) {
    sent = Math.max(sent, startedAt + i * PERIOD + (delays[i] ?? 0));
    const replied = isOpen(sent + rtt / 2);
    rtts[i] = replied ? rtt * 1_000 : LOST;
    finished = Math.max(finished, sent + (replied ? rtt : TIMEOUT));
  }
  return { rtts, times: { startedAt, endedAt: finished + slack, probes: PROBES, periodMs: PERIOD, timeoutMs: TIMEOUT } };
}

const delay = fc.array(fc.nat({ max: 400 }), { minLength: PROBES, maxLength: PROBES });

describe('the bounds of an edge', () => {
  it('hold the true moment of a cut and of a restoration between `last` before and `first` after', () => {
    fc.assert(
      fc.property(
        fc.record({
          edge: fc.integer({ min: 500, max: 19_500 }),
          restored: fc.boolean(),
          rtt: fc.integer({ min: 1, max: 900 }),
          delays: fc.array(delay, { minLength: 4, maxLength: 4 }),
          slack: fc.nat({ max: 300 }),
          confirm: fc.boolean(),
        }),
        ({ edge, restored, rtt, delays, slack, confirm }) => {
          const isOpen = (at: number) => at >= edge === restored;
          const seen: { verdict: number; first: number; last: number }[] = [];
          for (const [round, startedAt] of [0, 10_000, 20_000, 30_000].entries()) {
            const evidence = new Evidence(1);
            const pass = simulatePass(startedAt, isOpen, rtt, delays[round] ?? [], slack);
            evidence.fold(0, pass.times, pass.rtts, 0);
            if (confirm && evidence.received[0] === 0) {
              const again = simulatePass(pass.times.endedAt, isOpen, rtt, delays[round] ?? [], slack);
              evidence.fold(0, again.times, again.rtts, 0);
            }
            // A limit that no loss reaches: what is asked here is when it served, not how well.
            const verdict = evidence.verdict(0, 2);
            seen.push({ verdict, first: evidence.first(0, verdict), last: evidence.last(0, verdict) });
          }
          const after = seen.findIndex((look, index) => index > 0 && look.verdict !== seen[index - 1]?.verdict);
          if (after < 0) return;
          expect(seen[after - 1]?.last).toBeLessThanOrEqual(edge);
          expect(seen[after]?.first).toBeGreaterThanOrEqual(edge);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('date a loss by its own probe and a reply by its own, in a round that has both', () => {
    const evidence = new Evidence(1);
    evidence.fold(0, { startedAt: 100, endedAt: 1_700, probes: 3, periodMs: 300, timeoutMs: 1_000 }, Uint32Array.of(5_000, LOST, LOST), 0);
    expect(evidence.last(0, VERDICT.up)).toBe(100);
    expect(evidence.last(0, VERDICT.down)).toBe(700);
    expect(evidence.last(0, VERDICT.degraded)).toBe(100);
  });
});

describe('the estimate of an edge', () => {
  const silence = (endedAt: number, again?: number) => {
    const evidence = new Evidence(1);
    const times = { probes: PROBES, periodMs: PERIOD, timeoutMs: TIMEOUT };
    const lost = Uint32Array.of(LOST, LOST, LOST);
    evidence.fold(0, { startedAt: 100, endedAt, ...times }, lost, 0);
    if (again !== undefined) evidence.fold(0, { startedAt: endedAt, endedAt: again, ...times }, lost, 0);
    return evidence;
  };

  it.each([
    ['a pass without delay began when it was started', 1_700, undefined, 100],
    ['what a pass took beyond its probes was spent before them', 1_750, undefined, 150],
    ['a pass in which nothing could be sent began no sooner than it was started', 110, undefined, 100],
    ['the first pass is the first evidence, not the one that confirms it', 1_750, 3_400, 150],
  ])('%s', (_, endedAt, again, began) => {
    expect(silence(endedAt, again).began(VERDICT.down)).toBe(began);
  });

  it('is that of its reply, where one came', () => {
    expect(silence(1_700).began(VERDICT.up)).toBeUndefined();
    expect(silence(1_700).began(VERDICT.degraded)).toBeUndefined();
  });
});

describe('a verdict', () => {
  it.each([
    [3, 0, VERDICT.down],
    [3, 3, VERDICT.up],
    [3, 2, VERDICT.degraded],
    [6, 3, VERDICT.degraded],
    [6, 5, VERDICT.up],
    [1, 1, VERDICT.up],
  ])('of %i sent and %i received', (sent, received, expected) => {
    expect(verdictOf(sent, received, 1 / 3)).toBe(expected);
  });

  it('without loss is up even when the limit is 0', () => {
    expect(verdictOf(3, 3, 0)).toBe(VERDICT.up);
  });
});

describe('samples', () => {
  it('keep least, mean, most and the mean difference of successive round trips', () => {
    const evidence = new Evidence(1);
    evidence.fold(0, { startedAt: 0, endedAt: 10, probes: 4, periodMs: 1, timeoutMs: 5 }, Uint32Array.of(1_000, 3_000, LOST, 2_000), 0);
    expect(evidence.rttMin[0]).toBe(1_000);
    expect(evidence.rttMax[0]).toBe(3_000);
    expect(evidence.rttSum[0]).toBe(6_000);
    expect((evidence.jitterSum[0] ?? 0) / (evidence.jitterCount[0] ?? 1)).toBe(1_500);
  });
});
