import { describe, expect, it } from 'vitest';
import type { ObservedNode } from '../record/observed-nodes.ts';
import { type Judged, observedUntil, recordedUntil, unobservedNodes } from './judged.ts';

const node = (id: string, until: Partial<ObservedNode>): [string, ObservedNode] => [
  id,
  {
    ...{ node: id, name: id, nameEn: null, division: `cn.${id}`, isRemoved: false },
    ...{ pinged: 900, all: 800, composed: 700, shown: { pinged: 900, all: 800 }, ...until },
  },
];
const judged: Judged = {
  asOf: 1_000,
  nodes: new Map([
    node('gd', {}),
    node('gx', { pinged: 300, all: 300, composed: 300 }),
    node('xz', { pinged: 0, all: 0, isRemoved: true }),
  ]),
  untilFor: (id, pinged) => (id.startsWith('gd:') ? (pinged ? 900 : 800) : 300),
  untilForAll: (pinged) => (pinged ? 1_000 : 950),
  composedUntil: () => Number.POSITIVE_INFINITY,
};

describe('up to when the record of an objective is here', () => {
  it.each([
    ['the whole country waits for its most silent province', { division: 'cn', objects: null }, 300],
    ['a province waits for itself alone', { division: 'cn.gd', objects: null }, 800],
    ['a city of it as well', { division: 'cn.gd.gz', objects: null }, 800],
    ['where no node reports from, this one is enough', { division: 'cn.bj', objects: null }, 950],
    ['one that was removed is not waited for', { division: 'cn.xz', objects: null }, 950],
    ['objects that are named are those of their nodes', { division: 'cn', objects: ['gd:a', 'cn:b'] }, 800],
  ])('%s', (_, objective, until) => {
    expect(recordedUntil(judged, objective)).toBe(until);
  });
});

it('an object of another node is known as far as its node tells, a composite as far as it was composed there', () => {
  expect(observedUntil(judged, 'gd:a', { pinged: true, leans: false })).toBe(900);
  expect(observedUntil(judged, 'gd:a', { pinged: false, leans: false })).toBe(800);
  expect(observedUntil(judged, 'gd:pair', { pinged: false, leans: true })).toBe(700);
  expect(observedUntil(judged, 'cn:a', { pinged: true, leans: false })).toBeNull();
});

it('a figure names those whose record ends before it does', () => {
  const late = (division: string, to: number) => unobservedNodes(judged, { division, objects: null }, to).map(({ node: id }) => id);
  expect([late('cn', 900), late('cn.gd', 900), late('cn.gd', 901)]).toEqual([['gx', 'xz'], [], ['gd']]);
});
