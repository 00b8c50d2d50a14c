import { describe, expect, test } from 'vitest';
import { cleanText, cleanTexts } from './text.ts';

describe('cleanText', () => {
  test.each([
    ['what XML forbids goes', 'a\u0000b\u000bc\u001fd\uffff', 'abcd'],
    ['half of a pair goes, a whole one stays', 'a\ud840b𠀀', 'ab𠀀'],
    ['lines and tabs become one space', '一\r\n二\t三', '一 二 三'],
    ['marks that turn the direction go', 'abc\u202etxt.exe\u2066', 'abctxt.exe'],
    ['rare characters stay', '儋州歙县黟县亳州濮阳诸暨', '儋州歙县黟县亳州濮阳诸暨'],
    ['markup is text', '<w:t>&amp;', '<w:t>&amp;'],
  ])('%s', (_, text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });
});

test('every text in a model is cleaned, and nothing else changes', () => {
  const model = { name: 'a\u0001', values: [1, null, true, 'b\n'], inner: { text: 'c' } };
  expect(cleanTexts(model)).toEqual({ name: 'a', values: [1, null, true, 'b '], inner: { text: 'c' } });
});
