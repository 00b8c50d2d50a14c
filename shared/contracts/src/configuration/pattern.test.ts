import { expect, it } from 'vitest';
import { isPattern, repeatsRepetition } from './pattern.ts';

it.each([
  ['^(a+)+$', true],
  ['(.*)*', true],
  ['((ab+)c)*', true],
  ['(?:\\d+,?){2,}', true],
  ['("code"\\s*:\\s*0)+', true],
  ['"code"\\s*:\\s*0', false],
  ['(ok|success)', false],
  ['(a|b)+', false],
  ['(\\+)*', false],
  ['([+*])*', false],
  ['(a+)?', false],
  ['(a+){2}', false],
  ['^0$', false],
])('%s repeats a repetition: %s', (pattern, expected) => {
  expect(isPattern(pattern)).toBe(true);
  expect(repeatsRepetition(pattern)).toBe(expected);
});

it('looks at a long pattern in no time', () => {
  expect(repeatsRepetition('('.repeat(20_000))).toBe(false);
  expect(isPattern('(')).toBe(false);
});
