import { expect, it } from 'vitest';
import { withheldOf } from './withheld.ts';

it.each([
  ['withheld', 'silence 3f9c', { reason: 'silence', id: '3f9c', until: null }],
  ['withheld', 'quiet-hours 2026-11-22T00:00:00.000Z', { reason: 'quiet-hours', id: null, until: '2026-11-22T00:00:00.000Z' }],
  ['withheld', 'quiet-hours', { reason: 'quiet-hours', id: null, until: null }],
  ['withheld', 'something else', null],
  ['withheld', null, null],
  ['dead', 'silence 3f9c', null],
] as const)('%s because of %j is %j', (state, lastError, expected) => {
  expect(withheldOf({ state, lastError })).toEqual(expected);
});
