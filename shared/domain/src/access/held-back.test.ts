import { expect, it } from 'vitest';
import { heldBackRoles, watchesAdministration } from './held-back.ts';

it.each([
  ['a watching role, while another knows the password', true, [], ['operator', 'audit-administrator'], ['audit-administrator']],
  ['none, once it was changed', false, [], ['security-administrator'], []],
  ['none of what changes nothing for the one who set it', true, [], ['viewer', 'duty-manager', 'system-administrator'], []],
  ['none that the account has already', true, ['security-administrator'], ['operator', 'security-administrator'], []],
  ['the other of the two', true, ['security-administrator'], ['audit-administrator'], ['audit-administrator']],
])('holds back %s', (_what, mustChange, roles, given, held) => {
  expect(heldBackRoles({ roles, mustChange }, given)).toEqual(held);
});

it('knows who watches', () => {
  expect(
    [['security-administrator'], ['audit-administrator'], ['system-administrator', 'operator'], []].map(watchesAdministration),
  ).toEqual([true, true, false, false]);
});
