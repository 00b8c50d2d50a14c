import { expect, test } from 'vitest';
import { codeOf } from './code.ts';

test.each([
  ['0123-4567', '0123-4567'],
  ['01234567', '0123-4567'],
  [' 0123 4567 ', '0123-4567'],
  ['0123-456', null],
  ['0123-45678', null],
  ['abcd-efgh', null],
  ['', null],
])('of %j the code is %j', (typed, code) => {
  expect(codeOf(typed)).toBe(code);
});
