import type { RoleName } from '@beacontower/contracts';
import { homeOf } from '../../shell/places.ts';

/** Where to go once signed in: the page that was asked for, if it is one of ours, else where one's work begins. */
export function placeAfter(wanted: string | null, roles: readonly RoleName[]): string {
  // Another host may be written as //host or /\host: only a plain path of ours is followed, and the sign-in itself is no aim.
  const isOurs = wanted !== null && /^\/(?![/\\])[^\\]*$/.test(wanted) && !/^\/sign-in(\/|\?|$)/.test(wanted);
  if (!isOurs || wanted === '/') return homeOf(roles);
  return homeOf(roles) !== '/wall' && wanted.startsWith('/wall') ? homeOf(roles) : wanted;
}
