import type { RoleName } from '@beacontower/contracts';

const EXCLUSIVE: readonly RoleName[] = ['system-administrator', 'security-administrator', 'audit-administrator'];
/** In the order they are offered. */
export const OFFERED_ROLES: readonly RoleName[] = ['viewer', 'operator', 'duty-manager', ...EXCLUSIVE];

/** The roles after one is pressed: of the three administrators, the one chosen last. */
export function withRole(roles: readonly RoleName[], role: RoleName, held: boolean): RoleName[] {
  const others = roles.filter((each) => each !== role && !(held && EXCLUSIVE.includes(role) && EXCLUSIVE.includes(each)));
  return OFFERED_ROLES.filter((each) => others.includes(each) || (held && each === role));
}

const PATH = /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/;

/** The divisions with one more; null when it is no path. What lies within another adds nothing. */
export function withDivision(divisions: readonly string[], typed: string): string[] | null {
  const path = typed.trim();
  if (path !== '' && !PATH.test(path)) return null;
  const covers = (outer: string, inner: string) => outer === '' || inner === outer || inner.startsWith(`${outer}.`);
  if (divisions.some((each) => covers(each, path))) return [...divisions];
  return [...divisions.filter((each) => !covers(path, each)), path].sort();
}
