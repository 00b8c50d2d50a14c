import type { Snapshot } from '@beacontower/contracts';
import { describe, expect, test } from 'vitest';
import { changedStates, toldOf, wholeStates } from './snapshot-changes.ts';

const present = (states: Snapshot['states']) => ({ incarnation: 'i', log: 1, observed: [], states });
const UP: Snapshot['states'][number] = ['gd:a', 'up', 1, 'replied'];
const DOWN: Snapshot['states'][number] = ['gd:a', 'down', 2, 'no-reply'];
const LOST: Snapshot['states'][number] = ['gd:b', 'unknown', 3, 'not-looked-at'];

describe('what a snapshot says', () => {
  test('as a whole: every object of which something is known', () => {
    expect(wholeStates([UP, LOST])).toEqual([UP]);
  });

  test('as changes: what is another since, or newly known; what is not known any more too', () => {
    const told = toldOf(present([UP, ['gd:b', 'up', 1, 'replied']]), 7, 0);
    expect(changedStates(told, [UP, LOST])).toEqual([LOST]);
    expect(changedStates(told, [DOWN, ['gd:b', 'up', 1, 'replied'], ['gd:c', 'up', 5, 'replied']])).toEqual([
      DOWN,
      ['gd:c', 'up', 5, 'replied'],
    ]);
    expect(changedStates(told, [UP, ['gd:b', 'up', 1, 'replied'], ['gd:c', 'unknown', 5, 'not-looked-at']])).toEqual([]);
  });
});
