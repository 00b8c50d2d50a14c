/** Roles that nobody may slip into by a password which they set for another: whoever holds them watches the one who sets passwords. */
const WATCHING: readonly string[] = ['security-administrator', 'audit-administrator'];

/** Whether somebody watches those who set one-time passwords, so that these do not set theirs. */
export function watchesAdministration(roles: readonly string[]): boolean {
  return roles.some((role) => WATCHING.includes(role));
}

/**
 * Of roles that are to be given, those that wait until the account's one-time password was changed: until then whoever set it can sign
 * in as this person, and would hold the role. What the account has already is not given anew.
 */
export function heldBackRoles<R extends string>(
  account: { readonly roles: readonly R[]; readonly mustChange: boolean },
  given: readonly R[],
): R[] {
  return account.mustChange ? given.filter((role) => WATCHING.includes(role) && !account.roles.includes(role)) : [];
}
