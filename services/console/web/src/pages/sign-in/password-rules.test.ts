import { describe, expect, it } from 'vitest';
import { judgeTyped } from './password-rules.ts';

const RULES = { minLength: 12, minClasses: 3, history: 5, maxAgeDays: 90 };
const notMet = (typed: Partial<Parameters<typeof judgeTyped>[0]>) =>
  judgeTyped({ names: ['duty', '张伟'], current: 'One-time-1', next: '', again: '', ...typed }, RULES)
    .filter(({ met }) => !met)
    .map(({ rule }) => rule);

describe('a password while it is typed', () => {
  it.each([
    ['', ['length', 'classes', 'name', 'common', 'different', 'again']],
    ['short1A', ['length', 'again']],
    ['thislowercasetext', ['classes', 'again']],
    ['Long-enough-DUTY-9', ['name', 'again']],
    ['P@ssw0rd-2026', ['common', 'again']],
    ['One-time-1', ['length', 'different', 'again']],
    ['Ｏｎｅ-time-1', ['length', 'different', 'again']],
    ['Lantern-tower-42', ['again']],
  ])('"%s"', (next, rules) => {
    expect(notMet({ next })).toEqual(rules);
  });

  it('is good when typed twice', () => {
    expect(notMet({ next: 'Lantern-tower-42', again: 'Lantern-tower-42' })).toEqual([]);
  });

  it('counts characters, not code units', () => {
    expect(notMet({ next: '🔥🔥🔥🔥🔥🔥', again: '🔥🔥🔥🔥🔥🔥' })).toContain('length');
  });
});
