import { expect, test } from 'vitest';
import { relative, signed } from './growth.ts';

test.each([
  [5, '+5'],
  [-2, '−2'],
  [0, null],
  [null, null],
])('%s is shown as %s', (absolute, text) => {
  expect(signed({ absolute })).toBe(text);
});

test.each([
  [0.042, '+4.2%'],
  [-0.5, '−50.0%'],
  [0, null],
  [null, null],
])('a share of %s is shown as %s', (share, text) => {
  expect(relative({ relative: share })).toBe(text);
});
