import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { STATES } from '../state.ts';
import { believedFor } from './stale.ts';
import { judgeTile, mergeTallies, NO_TALLIES, type StateTallies, type TileInput } from './tile.ts';

/** So many objects in each state; what is down is so since 30 to 40, degraded 20 to 25, unknown 10 to 15, up 1 to 5. */
const of = ({ up = 0, degraded = 0, down = 0, unknown = 0 }: Partial<Record<keyof StateTallies, number>>): StateTallies => ({
  up: tally(up, 1, 5),
  degraded: tally(degraded, 20, 25),
  down: tally(down, 30, 40),
  unknown: tally(unknown, 10, 15),
});
const tally = (count: number, first: number, last: number) => (count === 0 ? NO_TALLIES.up : { count, first, last });
const tile = (
  landing: StateTallies,
  carrying = NO_TALLIES,
  others = NO_TALLIES,
  severe = false,
  silentSince: number | null = null,
): TileInput => ({
  landing,
  carrying,
  others,
  severe,
  silentSince,
});
const UP = of({ up: 1 });

describe('the tile of a province', () => {
  it.each([
    ['nothing is watched', tile(NO_TALLIES), 'unknown', 'nothing-watched', null],
    ['nobody has judged anything', tile(of({ unknown: 1 }), of({ unknown: 2 })), 'unknown', 'nothing-known', 15],
    ['all is well', tile(UP, of({ up: 2 }), of({ up: 50 })), 'up', 'all-up', 5],
    ['its only landing device is down', tile(of({ down: 1 }), of({ up: 2 })), 'down', 'landing-down', 40],
    ['its landing device is down and nothing is known of the rest', tile(of({ down: 1 }), of({ unknown: 5 })), 'down', 'landing-down', 40],
    ['of its landing device nobody knows', tile(of({ unknown: 1 }), of({ up: 2 })), 'unknown', 'landing-unknown', 15],
    ['one landing device is down, of the other nobody knows', tile(of({ down: 1, unknown: 1 }), UP), 'unknown', 'landing-unknown', 15],
    ['one of two landing devices is down', tile(of({ up: 1, down: 1 })), 'degraded', 'landing-degraded', 30],
    ['of one of two landing devices nobody knows', tile(of({ up: 1, unknown: 1 })), 'degraded', 'landing-unknown', 10],
    ['its landing device is degraded', tile(of({ degraded: 1 })), 'degraded', 'landing-degraded', 20],
    ['a circuit of two is down', tile(UP, of({ up: 1, down: 1 }), of({ up: 10_000 })), 'degraded', 'objects-down', 30],
    ['a circuit is degraded', tile(UP, of({ up: 1, degraded: 1 })), 'degraded', 'objects-degraded', 20],
    ['of a circuit nobody knows', tile(UP, of({ up: 1, unknown: 1 })), 'degraded', 'objects-unknown', 10],
    ['one line of a hundred is down', tile(UP, UP, of({ up: 99, down: 1 })), 'degraded', 'objects-down', 30],
    ['one line of a thousand is down', tile(UP, UP, of({ up: 999, down: 1 })), 'up', 'few-in-trouble', 5],
    ['of one line of a thousand nobody knows', tile(UP, UP, of({ up: 999, unknown: 1 })), 'up', 'few-in-trouble', 5],
    ['few are down and many unknown', tile(UP, UP, of({ up: 980, down: 5, unknown: 15 })), 'degraded', 'objects-unknown', 10],
    [
      'few are down and few degraded, many together',
      tile(UP, UP, of({ up: 989, down: 5, degraded: 6 })),
      'degraded',
      'objects-degraded',
      20,
    ],
    ['one of a thousand is down and it is severe', tile(UP, UP, of({ up: 999, down: 1 }), true), 'degraded', 'severe-incident', 30],
    ['all is up and something severe is under way', tile(UP, UP, UP, true), 'degraded', 'severe-incident', null],
    ['it has no landing device and all is up', tile(NO_TALLIES, NO_TALLIES, of({ up: 3 })), 'up', 'all-up', 5],
    ['it has no landing device and all is down', tile(NO_TALLIES, of({ down: 2 }), of({ down: 3 })), 'down', 'objects-down', 40],
    ['it has no landing device and some are down', tile(NO_TALLIES, of({ down: 1, up: 1 })), 'degraded', 'objects-down', 30],
    [
      'its node is silent, and its landing device answers',
      tile(UP, NO_TALLIES, of({ unknown: 9 }), true, 50),
      'unknown',
      'node-silent-landing-up',
      50,
    ],
    [
      'its node is silent, and its landing device is degraded',
      tile(of({ degraded: 1 }), UP, UP, true, 50),
      'unknown',
      'node-silent-landing-up',
      50,
    ],
    [
      'its node is silent, and its landing device is down',
      tile(of({ down: 1 }), NO_TALLIES, of({ unknown: 9 }), true, 50),
      'down',
      'landing-down',
      40,
    ],
    [
      'its node is silent, and of its landing device nobody knows',
      tile(of({ unknown: 1 }), UP, UP, true, 50),
      'unknown',
      'node-silent',
      50,
    ],
    [
      'its node is silent, and nothing of it is looked at from here',
      tile(NO_TALLIES, NO_TALLIES, of({ unknown: 9 }), true, 50),
      'unknown',
      'node-silent',
      50,
    ],
    [
      'its node is silent, and it has told of nothing yet',
      tile(NO_TALLIES, NO_TALLIES, NO_TALLIES, true, 50),
      'unknown',
      'node-silent',
      50,
    ],
  ] as const)('%s', (_what, input, state, reason, since) => {
    expect(judgeTile(input)).toEqual({ state, reason, since });
  });

  const counts = fc.record({ up: fc.nat(300), degraded: fc.nat(3), down: fc.nat(3), unknown: fc.nat(3) }).map(of);
  const inputs = fc.record({
    landing: counts,
    carrying: counts,
    others: counts,
    severe: fc.boolean(),
    silentSince: fc.constantFrom(null, 50),
  });

  it('is never up where a landing device, a circuit, or one in a hundred of all else is not', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        if (judgeTile(input).state !== 'up') return;
        expect([input.severe, input.silentSince]).toEqual([false, null]);
        for (const part of [input.landing, input.carrying])
          expect([part.down.count, part.degraded.count, part.unknown.count]).toEqual([0, 0, 0]);
        const { up, down, degraded, unknown } = input.others;
        const trouble = down.count + degraded.count + unknown.count;
        expect(trouble === 0 || trouble < 0.01 * (up.count + trouble)).toBe(true);
      }),
    );
  });

  it('says since when by moments that it was told of', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const all = mergeTallies(mergeTallies(input.landing, input.carrying), input.others);
        const known = STATES.flatMap((state) => [all[state].first, all[state].last]);
        const { since } = judgeTile(input);
        expect(since === null || since === input.silentSince || known.includes(since)).toBe(true);
      }),
    );
  });
});

describe('what was judged is believed', () => {
  it.each([
    ['for half a minute at the least', 2_000, 30_000],
    ['for twice what its checks can miss', 20_000, 40_000],
    ['never for more than ten minutes', 3_600_000, 600_000],
  ])('%s', (_what, resolutionMs, expected) => {
    expect(believedFor(resolutionMs)).toBe(expected);
  });
});
