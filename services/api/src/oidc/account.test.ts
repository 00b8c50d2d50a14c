import { expect, it } from 'vitest';
import { accountName } from './account.ts';

it.each([
  ['wang.wei', 's', 'wang.wei'],
  ['王伟', 's', '王伟'],
  ['Wang Wei / NOC', 's', 'Wang-Wei-NOC'],
  ['  <script>', 's', 'script-'],
  ['-', 'subject', 'subject'],
  [null, '00u1', '00u1'],
  ['', '|', 'person'],
  ['x'.repeat(200), 's', 'x'.repeat(64)],
])('names an account after %j', (name, subject, expected) => {
  expect(accountName({ name, subject })).toBe(expected);
});
