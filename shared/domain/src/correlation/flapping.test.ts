import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFlapping, type OwnChange, recentChanges, steadyAt } from './flapping.ts';

const ROUND = 10_000;
const NOW = 1_000_000;
/** Changes so many rounds ago. */
const ago = (...rounds: number[]): OwnChange[] => rounds.map((round) => ({ at: NOW - round * ROUND, severity: 'major' }));

describe('the share of changes over the last 20 rounds', () => {
  it.each([
    ['nothing changed', [], 0],
    ['the newest round weighs 1.18', [0], 0.059],
    ['the oldest weighs 0.8', [19], 0.04],
    ['what is older weighs nothing', [20, 50], 0],
    ['all of them are 99%', Array.from({ length: 20 }, (_, age) => age), 0.99],
    ['an outage every four rounds of one round is above 30%', [0, 1, 4, 5, 8, 9], 0.327],
  ] as const)('%s', (_name, rounds, share) => {
    expect(findFlapping(ago(...rounds), ROUND, NOW).share).toBeCloseTo(share, 6);
  });

  it('counts a round once, however often it changed within it', () => {
    const within = [0, 100, 200].map((ms) => ({ at: NOW - ms, severity: 'minor' as const }));
    expect(findFlapping(within, ROUND, NOW)).toMatchObject({ changes: 1 });
  });

  it('is as bad as the worst outage that still counts', () => {
    const changes: OwnChange[] = [
      { at: NOW, severity: 'warning' },
      { at: NOW - ROUND, severity: 'major' },
      { at: NOW - 30 * ROUND, severity: 'critical' },
    ];
    expect(findFlapping(changes, ROUND, NOW).severity).toBe('major');
  });

  it('ends by time alone, and not before its share is under 25%', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 25 }), { maxLength: 25 }), (rounds) => {
        const changes = ago(...rounds);
        const end = steadyAt(changes, ROUND, NOW);
        expect(findFlapping(changes, ROUND, end).share).toBeLessThan(0.25);
        if (end > NOW) expect(findFlapping(changes, ROUND, end - ROUND).share).toBeGreaterThanOrEqual(0.25);
        expect(end).toBeLessThanOrEqual(NOW + 20 * ROUND);
        expect(findFlapping(recentChanges(changes, ROUND, NOW), ROUND, NOW)).toEqual(findFlapping(changes, ROUND, NOW));
      }),
    );
  });
});
