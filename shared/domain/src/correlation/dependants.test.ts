import { describe, expect, it } from 'vitest';
import type { ParentRule } from '../inventory.ts';
import { countDependants, createDependencyGraph } from './dependants.ts';
import type { CorrelatedObject } from './world.ts';

const object = (id: string, parents: string[] = [], rule: ParentRule = { require: 'any' }, monitored = true): CorrelatedObject => ({
  id,
  class: 'other',
  monitored,
  parents,
  rule,
});

const graph = createDependencyGraph([
  object('core'),
  object('second'),
  object('site', ['core'], { require: 'any' }, false),
  object('in-site', ['site']),
  object('below', ['in-site', 'retired']),
  object('two-ways', ['core', 'second']),
  object('both', ['core', 'second'], { require: 'all' }),
  object('two-of-three', ['core', 'in-site', 'second'], { require: 'at-least', count: 2 }),
  object('both-ways-by-core', ['in-site', 'below']),
  object('round-a', ['core', 'round-b'], { require: 'all' }),
  object('round-b', ['round-a']),
]);

describe('countDependants', () => {
  it.each([
    // in-site, below, both, two-of-three, both-ways-by-core, round-a, round-b; the site itself is not monitored, two-ways has another way.
    ['core', 7],
    ['second', 1],
    ['site', 3],
    ['below', 0],
    ['not there', 0],
  ])('of %s are %i', (id, count) => {
    expect(countDependants(graph, id)).toBe(count);
  });
});
