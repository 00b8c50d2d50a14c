/** What an object's edges hold of its checks': cases that networks drawn by chance showed (test/simulation, seeds 1005, 1114 and 1498). */
import { describe, expect, test } from 'vitest';
import { type CheckTransition, combineChecks, objectTransitions } from './combine.ts';
import type { CheckKind, ServingRule } from './inventory.ts';
import { edgeBetween, type State, type Transition } from './state.ts';

const change = (from: State, to: State, earliest: number, latest: number): Transition => ({
  from,
  to,
  edge: edgeBetween(earliest, latest),
  reason: 'no-reply',
  decidedAt: latest,
});

describe('the edges of objectTransitions', () => {
  const late = { earliest: 100, at: 300, latest: 300 };

  test.each<[string, { rule: ServingRule; kinds: CheckKind[]; states: State[]; state: State }, CheckTransition, unknown[]]>([
    [
      'a late finding that only degrades keeps what it may hide in the bounds',
      { rule: 'any', kinds: ['icmp', 'icmp'], states: ['up', 'up'], state: 'up' },
      { check: 1, transition: change('up', 'down', 100, 200) },
      [
        ['up', 'degraded', late, 'no-reply'],
        ['degraded', 'unknown', late, 'edges-overlap'],
        ['unknown', 'degraded', late, 'edges-overlap'],
      ],
    ],
    [
      'so does the end of it',
      { rule: 'any', kinds: ['icmp', 'icmp'], states: ['up', 'down'], state: 'degraded' },
      { check: 1, transition: change('down', 'up', 100, 200) },
      [
        ['degraded', 'up', late, 'no-reply'],
        ['up', 'unknown', late, 'edges-overlap'],
        ['unknown', 'up', late, 'edges-overlap'],
      ],
    ],
    [
      'one that was in time hides nothing',
      { rule: 'any', kinds: ['icmp', 'icmp'], states: ['up', 'up'], state: 'up' },
      { check: 1, transition: change('up', 'down', 300, 500) },
      [['up', 'degraded', { earliest: 300, at: 400, latest: 500 }, 'no-reply']],
    ],
    [
      'one that is open itself says so by its own edge',
      { rule: 'all', kinds: ['icmp', 'icmp'], states: ['up', 'up'], state: 'up' },
      { check: 1, transition: change('up', 'down', 100, 200) },
      [['up', 'down', late, 'no-reply']],
    ],
    [
      'of what is pinged the agent hides nothing',
      { rule: 'any', kinds: ['icmp', 'snmp'], states: ['up', 'up'], state: 'up' },
      { check: 1, transition: change('up', 'down', 100, 200) },
      [['up', 'degraded', late, 'no-reply']],
    ],
  ])('%s', (_, { rule, kinds, states, state }, finding, expected) => {
    const said = objectTransitions({ servingRule: rule, kinds }, states, [finding], { state, notBefore: 300 });
    expect(said.map(({ from, to, edge, reason }) => [from, to, edge, reason])).toEqual(expected);
  });

  test.each<[string, ServingRule, State[], Transition, Transition, unknown[]]>([
    [
      "as open as the widest of its checks' edges at one moment, whichever moved it",
      'all',
      ['up', 'up'],
      change('up', 'down', 290, 310),
      change('up', 'down', 100, 500),
      [['up', 'down', { earliest: 100, at: 300, latest: 500 }]],
    ],
    [
      'no wider for a check whose edge is narrower',
      'all',
      ['up', 'up'],
      change('up', 'down', 100, 500),
      change('up', 'down', 290, 310),
      [['up', 'down', { earliest: 100, at: 300, latest: 500 }]],
    ],
    [
      "its own where the other check's is at another moment",
      'all',
      ['up', 'up'],
      change('up', 'down', 290, 310),
      change('up', 'down', 100, 510),
      [['up', 'down', { earliest: 290, at: 300, latest: 310 }]],
    ],
    [
      'its own where the other check was only troubled',
      'all',
      ['up', 'degraded'],
      change('up', 'down', 290, 310),
      change('degraded', 'up', 100, 500),
      [['degraded', 'down', { earliest: 290, at: 300, latest: 310 }]],
    ],
  ])('the edge of an object is %s', (_, rule, states, first, second, expected) => {
    const changes = [
      { check: 0, transition: first },
      { check: 1, transition: second },
    ];
    const before = { state: combineChecks(rule, ['icmp', 'icmp'], states), notBefore: 0 };
    const said = objectTransitions({ servingRule: rule, kinds: ['icmp', 'icmp'] }, states, changes, before);
    expect(said.map(({ from, to, edge }) => [from, to, edge])).toEqual(expected);
  });
});
