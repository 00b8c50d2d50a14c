import type { RoleName } from '@beacontower/contracts';

const READERS: readonly RoleName[] = ['viewer', 'operator', 'duty-manager', 'system-administrator'];

/** Where somebody with these roles begins. */
export function homeOf(roles: readonly RoleName[]): string {
  if (roles.some((role) => READERS.includes(role))) return '/wall';
  if (roles.includes('security-administrator')) return '/accounts';
  return roles.includes('audit-administrator') ? '/audit' : '/me';
}

/** Where to go once signed in: the page that was asked for, if it is one of ours, else where one's work begins. */
export function placeAfter(wanted: string | null, roles: readonly RoleName[]): string {
  // Another host may be written as //host or /\host: only a plain path of ours is followed, and the sign-in itself is no aim.
  const isOurs = wanted !== null && /^\/(?![/\\])[^\\]*$/.test(wanted) && !/^\/sign-in(\/|\?|$)/.test(wanted);
  if (!isOurs || wanted === '/') return homeOf(roles);
  return homeOf(roles) !== '/wall' && wanted.startsWith('/wall') ? homeOf(roles) : wanted;
}
