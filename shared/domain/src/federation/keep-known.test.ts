import { describe, expect, test } from 'vitest';
import type { State, Transition } from '../state.ts';
import { keepKnown } from './keep-known.ts';

const change = (at: number, from: State, to: State): Transition => ({
  from,
  to,
  edge: { at, earliest: at, latest: at },
  reason: to === 'unknown' ? 'not-looked-at' : 'replied',
  decidedAt: at,
});
/** `up 10 down 20 up` → transitions at 10 and 20. */
const line = (text: string): Transition[] => {
  const words = text.split(' ').filter((word) => word !== '');
  const found: Transition[] = [];
  for (let place = 0; place + 2 < words.length; place += 2)
    found.push(change(Number(words[place + 1]), words[place] as State, words[place + 2] as State));
  return found;
};
const shown = (transitions: readonly Transition[]) =>
  transitions.map(({ from, edge, to }, index) => (index === 0 ? `${from} ${edge.at} ${to}` : `${edge.at} ${to}`)).join(' ');

describe('a node that went on from a back-up has forgotten; nobody here has', () => {
  test.each<[string, string, string, State, string]>([
    ['what it does not know any more stays', 'up 20 unknown 60 up', 'up 25 down 30 up', 'up', 'up 25 down 30 up 50 unknown 60 up'],
    ['beyond what was told nothing is known', 'up 20 unknown', '', 'up', 'up 50 unknown'],
    ['what it knows is its word', 'up 20 down 30 up', 'up 22 down 29 up', 'up', 'up 20 down 30 up'],
    ['it looked again before what was told ends', 'up 20 unknown 40 down', 'up 25 down 30 up', 'up', 'up 25 down 30 up 40 down'],
    ['it says what it was all the same', 'up 20 unknown 40 up', '', 'up', ''],
    ['it begins with nothing known', 'unknown 40 up', 'up 25 down', 'up', 'up 25 down 40 up'],
    ['an unknown after what was told is one', 'up 60 unknown', '', 'up', 'up 60 unknown'],
    ['it never heard of it', '', 'unknown 25 down 60 up', 'unknown', 'unknown 25 down 50 unknown'],
    ['it takes back what was not', '', 'up 25 down 30 up', 'up', ''],
    ['neither knew', 'up 20 unknown 60 up', 'up 20 unknown', 'up', 'up 20 unknown 60 up'],
  ])('%s', (_what, told, recorded, before, expected) => {
    expect(shown(keepKnown({ from: 10, to: 100, told: line(told), recorded: line(recorded), before, keptUntil: 50 }))).toBe(expected);
  });

  test('an edge that is open stays open', () => {
    const open = [change(20, 'up', 'unknown'), change(20, 'unknown', 'up')];
    expect(keepKnown({ from: 10, to: 100, told: open, recorded: [], before: 'up', keptUntil: 50 })).toEqual(open);
  });
});
