import { expect, it } from 'vitest';
import { goesFirst } from './order.ts';

const waits = (edges: Record<string, string[]>) => new Map(Object.entries(edges));

it.each([
  ['waits for one that waits for nobody', 'a', { a: ['b'], b: [] }, false],
  ['is the first of two that wait for each other', 'a', { a: ['b'], b: ['a'] }, true],
  ['is the second of two that wait for each other', 'b', { a: ['b'], b: ['a'] }, false],
  ['is the first of three in a circle', 'a', { a: ['b'], b: ['c'], c: ['a'] }, true],
  ['is in a circle, and waits for one outside it', 'a', { a: ['b', 'z'], b: ['a'], z: [] }, false],
  ['waits for a circle it is not in', 'a', { a: ['b'], b: ['c'], c: ['b'] }, false],
])('a message that %s', (_name, id, edges, first) => {
  expect(goesFirst(id, waits(edges as unknown as Record<string, string[]>))).toBe(first);
});
