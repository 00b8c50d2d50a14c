import { describe, expect, it } from 'vitest';
import { blastRadiusOf } from './blast.ts';
import { createDependencyGraph } from './dependants.ts';
import { type Sketch, sketch } from './scenario.fixture.ts';

interface Case {
  readonly name: string;
  readonly objects: Readonly<Record<string, Sketch>>;
  readonly dead: readonly string[];
  readonly lost: readonly string[];
  readonly redundancy: readonly string[];
}

const SITE = { a: {}, b: {}, site: { of: ['a', 'b'], unmonitored: true as const }, unit: { of: ['site'] } };

const CASES: readonly Case[] = [
  { name: 'a lone object concerns itself', objects: { a: {}, b: {} }, dead: ['a'], lost: ['a'], redundancy: [] },
  {
    name: 'a chain is lost with its top',
    objects: { a: {}, b: { of: ['a'] }, c: { of: ['b'] } },
    dead: ['a'],
    lost: ['a', 'b', 'c'],
    redundancy: [],
  },
  {
    name: 'any: one of two lines lost takes the redundancy of all behind them',
    objects: SITE,
    dead: ['a'],
    lost: ['a'],
    redundancy: ['site', 'unit'],
  },
  {
    name: 'any: with both lines gone all behind them is lost',
    objects: SITE,
    dead: ['a', 'b'],
    lost: ['a', 'b', 'site', 'unit'],
    redundancy: [],
  },
  {
    name: 'all: the first loss takes it',
    objects: { a: {}, b: {}, c: { of: ['a', 'b'], rule: 'all' } },
    dead: ['b'],
    lost: ['b', 'c'],
    redundancy: [],
  },
  {
    name: 'at least two of four: two may go, the third takes it',
    objects: { a: {}, b: {}, d: {}, e: {}, c: { of: ['a', 'b', 'd', 'e'], rule: 2 } },
    dead: ['a', 'b'],
    lost: ['a', 'b'],
    redundancy: ['c'],
  },
  {
    name: 'who has another parent that is whole keeps its redundancy behind one that lost its own',
    objects: { a: {}, b: {}, x: { of: ['a', 'b'] }, y: {}, c: { of: ['x', 'y'] } },
    dead: ['a'],
    lost: ['a'],
    redundancy: ['x'],
  },
  {
    name: 'two ways that both hang on one dead device are none',
    objects: { d: {}, a: { of: ['d'] }, b: { of: ['d'] }, c: { of: ['a', 'b'] } },
    dead: ['d'],
    lost: ['d', 'a', 'b', 'c'],
    redundancy: [],
  },
  {
    name: 'parents that are not in the inventory do not count',
    objects: { a: {}, c: { of: ['a', 'gone'] } },
    dead: ['a', 'gone'],
    lost: ['a', 'c'],
    redundancy: [],
  },
  { name: 'a ring ends', objects: { a: { of: ['b'] }, b: { of: ['a'] } }, dead: ['a'], lost: ['a', 'b'], redundancy: [] },
];

describe('the blast radius', () => {
  it.each(CASES.map((one) => [one.name, one] as const))('%s', (_name, { objects, dead, lost, redundancy }) => {
    expect(blastRadiusOf(createDependencyGraph(sketch(objects)), new Set(dead))).toEqual({ lost, redundancy });
  });

  it('takes 100,000 objects behind one, and one object behind 50,000, in moments', () => {
    const many = Array.from({ length: 100_000 }, (_, i) => [`c${i}`, { of: ['p'] }] as const);
    const fan = many.slice(0, 50_000).map(([id]) => id);
    const graph = createDependencyGraph(sketch({ p: {}, ...Object.fromEntries(many), last: { of: fan } }));
    const begun = performance.now();
    const { lost, redundancy } = blastRadiusOf(graph, new Set(['p']));
    expect([lost.length, redundancy.length]).toEqual([100_002, 0]);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
