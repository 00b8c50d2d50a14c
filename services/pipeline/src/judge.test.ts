import { describe, expect, it } from 'vitest';
import { type HeldPartition, inCommits } from './judge.ts';

const held = (...effects: number[]) => effects.map((each) => ({ partition: { effects: each } }) as unknown as HeldPartition);

describe('what is committed at once', () => {
  it.each([
    ['nothing', [], []],
    ['a little of each partition together', [1, 0, 200], [[1, 0, 200]]],
    ['much of one alone, the others together', [12_500, 12_500, 10, 20], [[12_500], [12_500, 10, 20]]],
    ['more than the most of one all the same', [50_000, 1], [[50_000], [1]]],
  ] as const)('%s', (_name, effects, commits) => {
    expect(inCommits(held(...effects)).map((commit) => commit.map(({ partition }) => partition.effects))).toEqual(commits);
  });
});
