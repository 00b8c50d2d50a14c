import { describe, expect, it } from 'vitest';
import { classesOf, judgeTyped } from './password-rules.ts';

const RULES = { minLength: 12, minClasses: 3, history: 5, maxAgeDays: 90 };
const notMet = (typed: Partial<Parameters<typeof judgeTyped>[0]>) =>
  judgeTyped({ name: 'duty', current: 'One-time-1', next: '', again: '', ...typed }, RULES)
    .filter(({ met }) => !met)
    .map(({ rule }) => rule);

describe('a password while it is typed', () => {
  it.each([
    ['', ['length', 'classes', 'name', 'different', 'again']],
    ['short1A', ['length', 'again']],
    ['alllowercaseletters', ['classes', 'again']],
    ['Long-enough-DUTY-9', ['name', 'again']],
    ['One-time-1', ['length', 'different', 'again']],
    ['Beacon-tower-42', ['again']],
  ])('"%s"', (next, rules) => {
    expect(notMet({ next })).toEqual(rules);
  });

  it('is good when typed twice', () => {
    expect(notMet({ next: 'Beacon-tower-42', again: 'Beacon-tower-42' })).toEqual([]);
  });

  it('counts characters, not code units, and Chinese as others', () => {
    expect(classesOf('烽火台')).toBe(1);
    expect(notMet({ next: '🔥🔥🔥🔥🔥🔥', again: '🔥🔥🔥🔥🔥🔥' })).toEqual(['length', 'classes']);
  });
});
