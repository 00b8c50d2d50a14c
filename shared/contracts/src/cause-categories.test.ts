import { describe, expect, test } from 'vitest';
import { CAUSE_CATEGORIES, CAUSE_CATEGORY_CODES, causeCategoryOf, causeCategoryWords } from './cause-categories.ts';

describe('a category of causes', () => {
  test.each([
    ['fibre-cut', 'fibre-cut'],
    ['光缆中断', 'fibre-cut'],
    [' Fibre Cut ', 'fibre-cut'],
    ['挖断了', null],
    ['', null],
  ])('meant by "%s" is %s', (text, code) => {
    expect(causeCategoryOf(text)).toBe(code);
  });

  test('is found by each of its words, and no two share one', () => {
    const words = CAUSE_CATEGORY_CODES.flatMap((code) => [code, ...Object.values(CAUSE_CATEGORIES[code])].map((word) => [word, code]));
    for (const [word, code] of words) expect(causeCategoryOf(String(word))).toBe(code);
  });

  test('of imported history keeps the words it came with', () => {
    expect(causeCategoryWords('挖断了')).toEqual({ zh: '挖断了', en: '挖断了' });
    expect(causeCategoryWords('power')).toEqual({ zh: '供电故障', en: 'power failure' });
  });
});
