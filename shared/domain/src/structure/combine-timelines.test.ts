import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accountFor } from '../availability.ts';
import { outagesOf } from '../figures/index.ts';
import type { ParentRule } from '../inventory.ts';
import { edgeBetween, exactEdge, STATES, type State, type Transition } from '../state.ts';
import { buildTimeline, surelyDownSpans, type TimelineInput, worstSpans } from '../timeline.ts';
import { combineTimelines } from './combine-timelines.ts';
import { combinePossible, combineStates, neededOf, type Possible } from './possible.ts';

const END = 60;

function change(from: State, to: State, earliest: number, latest = earliest): Transition {
  return { from, to, edge: edgeBetween(earliest, latest), reason: to === 'down' ? 'no-reply' : 'replied', decidedAt: latest };
}

const up = change('unknown', 'up', 0);

function inputOf(transitions: readonly Transition[]): TimelineInput {
  return { from: 0, to: END, transitions, validity: [{ from: 0, to: END }], exclusions: [], judgedUntil: END };
}

const told = (transitions: readonly Transition[]) =>
  transitions.map(({ from, to, edge }) => [from, to, edge.earliest, edge.at, edge.latest]);

describe('combineTimelines', () => {
  test('any: degraded while one uplink is down, down while both are; each edge is as wide as that of who caused it', () => {
    const a = [up, change('up', 'down', 8, 12), change('down', 'up', 30)];
    const b = [up, change('up', 'down', 18, 22), change('down', 'up', 24)];
    expect(told(combineTimelines({ require: 'any' }, [a, b]))).toEqual([
      ['unknown', 'up', 0, 0, 0],
      ['up', 'degraded', 8, 10, 12],
      ['degraded', 'down', 18, 20, 22],
      ['down', 'degraded', 24, 24, 24],
      ['degraded', 'up', 30, 30, 30],
    ]);
  });

  test('all: down while one is, degraded while one is degraded', () => {
    const a = [up, change('up', 'down', 10), change('down', 'up', 20)];
    const b = [up, change('up', 'degraded', 15), change('degraded', 'up', 25)];
    expect(told(combineTimelines({ require: 'all' }, [a, b])).map(([from, to, , at]) => [from, to, at])).toEqual([
      ['unknown', 'up', 0],
      ['up', 'down', 10],
      ['down', 'degraded', 20],
      ['degraded', 'up', 25],
    ]);
  });

  test('at least two of three: one unknown leaves it open only while it decides', () => {
    const blind = [up, change('up', 'unknown', 10), change('unknown', 'up', 40)];
    const broken = [up, change('up', 'down', 20), change('down', 'up', 30)];
    const states = combineTimelines({ require: 'at-least', count: 2 }, [blind, broken, [up]]).map(({ to, edge }) => [to, edge.at]);
    expect(states).toEqual([
      ['up', 0],
      ['unknown', 20],
      ['up', 30],
    ]);
  });

  test('members that change places at the same moment leave no trace of an outage', () => {
    const a = [up, change('up', 'down', 10)];
    const b = [change('unknown', 'down', 0), change('down', 'up', 10)];
    const transitions = combineTimelines({ require: 'any' }, [a, b]);
    expect(transitions.map(({ to }) => to)).toEqual(['degraded']);
  });

  test('uplinks that may or may not have been down together: not down by the estimate, possibly down by the bounds', () => {
    const a = [up, change('up', 'down', 10, 20)];
    const b = [change('unknown', 'down', 0), change('down', 'up', 8, 18)];
    const transitions = combineTimelines({ require: 'any' }, [a, b]);
    expect(transitions.filter(({ reason }) => reason === 'edges-overlap').map(({ from, to }) => [from, to])).toEqual([
      ['up', 'unknown'],
      ['unknown', 'up'],
    ]);
    expect(accountFor(inputOf(transitions))).toMatchObject({ downMs: 0, unknownMs: 0, downLeastMs: 0, downMostMs: 8 });
  });

  test('a series that may have served for a moment: down by the estimate, in one outage, and not surely so', () => {
    const a = [change('unknown', 'down', 0), change('down', 'up', 10, 20)];
    const b = [up, change('up', 'down', 8, 18)];
    const input = inputOf(combineTimelines({ require: 'all' }, [a, b]));
    expect(accountFor(input)).toMatchObject({ downMs: END, downLeastMs: END - 8 });
    expect(outagesOf(input)).toHaveLength(1);
  });

  test('nothing to combine: no transitions, which is unknown and never up', () => {
    expect(combineTimelines({ require: 'all' }, [])).toEqual([]);
    expect(combineTimelines({ require: 'any' }, [[], []])).toEqual([]);
    expect(combineTimelines({ require: 'any' }, [[up], []]).map(({ to }) => to)).toEqual(['up']);
    expect(combineTimelines({ require: 'at-least', count: 3 }, [[up], [up]])).toEqual([]);
  });

  test('the reason and the time of the evidence are those of the member that decided', () => {
    const [, down] = combineTimelines({ require: 'all' }, [
      [up, { ...change('up', 'down', 10, 12), decidedAt: 17, reason: 'link-down' }],
      [up],
    ]);
    expect(down).toMatchObject({ reason: 'link-down', decidedAt: 17 });
  });
});

const stateOf = fc.constantFrom<State>(...STATES);
const ruleOf: fc.Arbitrary<ParentRule> = fc.oneof(
  fc.constant({ require: 'any' } as const),
  fc.constant({ require: 'all' } as const),
  fc.integer({ min: 1, max: 4 }).map((count) => ({ require: 'at-least', count }) as const),
);

/** A member's truth (a state for every ms) and what is recorded of it: edges that contain the true ones, estimated anywhere in them. */
interface Drawn {
  readonly truth: readonly State[];
  readonly transitions: readonly Transition[];
}

/** Spells as steps: after `gap` ms the state is another one, `before` and `after` ms around it are open, the estimate at `share` of them. */
const memberOf: fc.Arbitrary<Drawn> = fc
  .tuple(
    stateOf,
    fc.array(fc.record({ gap: fc.integer({ min: 0, max: 14 }), to: stateOf, before: fc.nat(7), after: fc.nat(7), share: fc.nat(100) }), {
      maxLength: 6,
    }),
  )
  .map(([initial, spells]) => draw(initial, spells));

function draw(initial: State, spells: readonly { gap: number; to: State; before: number; after: number; share: number }[]): Drawn {
  const truth = new Array<State>(END).fill(initial);
  const transitions: Transition[] = [];
  let [at, from, last] = [0, initial, 0];
  for (const { gap, to, before, after, share } of spells) {
    at += gap;
    if (to === from) continue;
    const [earliest, latest] = [Math.max(0, at - before), at + after];
    const estimate = Math.max(last, Math.floor(earliest + ((latest - earliest) * share) / 100));
    transitions.push({
      from,
      to,
      edge: { at: estimate, earliest, latest: Math.max(latest, estimate) },
      reason: 'no-reply',
      decidedAt: latest,
    });
    truth.fill(to, Math.min(at, END));
    [from, last] = [to, estimate];
  }
  return { truth, transitions };
}

const estimateAt = (transitions: readonly Transition[], at: number): State =>
  transitions.findLast(({ edge }) => edge.at <= at)?.to ?? transitions[0]?.from ?? 'unknown';

const isOrdered = (transitions: readonly Transition[]) =>
  transitions
    .slice(1)
    .every(
      ({ edge }, index) =>
        edge.earliest >= (transitions[index]?.edge.earliest ?? 0) && edge.latest >= (transitions[index]?.edge.latest ?? 0),
    );

const covers = (spans: readonly { from: number; to: number }[], at: number) => spans.some(({ from, to }) => from <= at && at < to);

describe('properties of composites, by brute force over every millisecond', () => {
  const cases = fc.tuple(ruleOf, fc.array(memberOf, { minLength: 1, maxLength: 4 }));

  test('the estimate is at every moment what the rule makes of the estimates of the members', () => {
    fc.assert(
      fc.property(cases, ([rule, members]) => {
        // A member without transitions is unknown, whatever it was drawn as.
        const needed = neededOf(rule, members.length);
        const transitions = combineTimelines(
          rule,
          members.map((member) => member.transitions),
        );
        for (let at = 0; at < END; at++) {
          const wanted = combineStates(
            needed,
            members.map((member) => estimateAt(member.transitions, at)),
          );
          // Nothing recorded at all says "unknown", and so does a rule that cannot be met without ever having said so.
          if (transitions.length > 0) expect([at, estimateAt(transitions, at)]).toEqual([at, wanted]);
        }
        expect(transitions.every(({ edge }) => edge.earliest <= edge.at && edge.at <= edge.latest)).toBe(true);
        transitions.slice(1).forEach((transition, index) => {
          expect(transition.from).toBe(transitions[index]?.to);
          expect(transition.edge.at).toBeGreaterThanOrEqual(transitions[index]?.edge.at ?? 0);
        });
      }),
      { numRuns: 200 },
    );
  });

  test('the bounds hold the truth at every moment, whatever unknown members truly did, and no wider than the members leave open', () => {
    fc.assert(
      fc.property(cases, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), ([rule, members], guesses) => {
        const needed = neededOf(rule, members.length);
        const transitions = combineTimelines(
          rule,
          members.map((member) => member.transitions),
        );
        const first = transitions[0]?.from ?? 'unknown';
        // What was never said is not held against it.
        if (
          transitions.length === 0 &&
          combineStates(
            needed,
            members.map(() => first),
          ) !== first
        )
          return;
        const input = inputOf(transitions);
        const segments = buildTimeline(input);
        const [worst, surely] = [worstSpans(input, segments), surelyDownSpans(input, segments)];
        const each = members.map((member) => {
          const own = inputOf(member.transitions);
          const timeline = buildTimeline(own);
          return { worst: worstSpans(own, timeline), surely: surelyDownSpans(own, timeline) };
        });
        // A member whose edges overtake each other may be in any state near them: that is held, and no more is promised.
        const tight = transitions.length > 0 && members.every((member) => isOrdered(member.transitions));
        for (let at = 0; at < END; at++) {
          const serving = members.filter((member, index) => {
            // Before its first edge and with nothing said, a member is unknown: it may be anything.
            const state = member.transitions.length === 0 ? 'unknown' : (member.truth[at] as State);
            return state === 'unknown' ? guesses[index] : state !== 'down';
          }).length;
          if (serving < needed) expect([at, covers(worst, at)]).toEqual([at, true]);
          else expect([at, covers(surely, at)]).toEqual([at, false]);
          const sure = each.filter((one) => !covers(one.worst, at)).length;
          const possible = each.filter((one) => !covers(one.surely, at)).length;
          if (tight) expect([at, covers(worst, at), covers(surely, at)]).toEqual([at, sure < needed, possible < needed]);
        }
      }),
      { numRuns: 400 },
    );
  });

  test('every true change of the composite lies within an edge, but where all is unknown anyway', () => {
    fc.assert(
      fc.property(cases, ([rule, members]) => {
        const needed = neededOf(rule, members.length);
        const observed = members.filter((member) => member.transitions.length > 0);
        if (observed.length < members.length) return;
        const transitions = combineTimelines(
          rule,
          members.map((member) => member.transitions),
        );
        const countsAs = (at: number) => {
          const state = combineStates(
            needed,
            members.map((member) => member.truth[at] as State),
          );
          return state === 'degraded' ? 'up' : state;
        };
        for (let at = 1; at < END; at++) {
          const open = estimateAt(transitions, at) === 'unknown' || estimateAt(transitions, at - 1) === 'unknown';
          if (countsAs(at - 1) === countsAs(at) || open) continue;
          const inside = transitions.some(({ edge }) => edge.earliest <= at && at <= edge.latest);
          expect([at, inside]).toEqual([at, true]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('what is possible is exactly what some choice of the members gives', () => {
    const possibleOf = fc
      .record({ up: fc.boolean(), degraded: fc.boolean(), down: fc.boolean(), unknown: fc.boolean() })
      .filter((possible) => STATES.some((state) => possible[state]));
    fc.assert(
      fc.property(fc.array(possibleOf, { minLength: 1, maxLength: 5 }), fc.integer({ min: 1, max: 5 }), (members: Possible[], needed) => {
        const choices = members.reduce<State[][]>(
          (lists, member) => lists.flatMap((list) => STATES.filter((state) => member[state]).map((state) => [...list, state])),
          [[]],
        );
        const reached = new Set(choices.map((states) => combineStates(needed, states)));
        expect(combinePossible(needed, members)).toEqual(Object.fromEntries(STATES.map((state) => [state, reached.has(state)])));
      }),
      { numRuns: 2000 },
    );
  });
});

test('exact edges stay exact', () => {
  const exact: Transition = { from: 'up', to: 'down', edge: exactEdge(5), reason: 'no-reply', decidedAt: 5 };
  expect(combineTimelines({ require: 'all' }, [[exact], [up]]).at(-1)?.edge).toEqual(exactEdge(5));
});
