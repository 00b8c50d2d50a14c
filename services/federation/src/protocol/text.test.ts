import { describe, expect, test } from 'vitest';
import { isUnstorable } from './text.ts';

describe('what no record can hold', () => {
  test.each<[string, boolean]>([
    ['{"a":"plain 文字 😀"}', false],
    ['{"a":"\\u4e2d\\ud83d\\ude00"}', false],
    ['{"a":"a backslash, \\\\u0000"}', false],
    ['{"a":["\\u0000"]}', true],
    ['{"a\\u0000":1}', true],
    ['{"a":{"b":"\\uD800"}}', true],
    ['["\\udc00\\ud800"]', true],
    ['[null,"\\u0000"]', true],
    [`${'['.repeat(200_000)}"\\u0000"${']'.repeat(200_000)}`, true],
    [`${'['.repeat(200_000)}"\\ud83d\\ude00"${']'.repeat(200_000)}`, false],
  ])('%.60s: %s', (text, expected) => {
    expect(isUnstorable(text, JSON.parse(text))).toBe(expected);
  });
});
