import type { RoleName } from '@beacontower/contracts';
import { READERS } from '../api/readers.ts';

/** What the pages are for; each is a heading of the navigation. */
export const PLACE_GROUPS = ['watch', 'record', 'tell', 'run'] as const;

/** The pages one can go to, who may, and the key that goes there after `g`. */
export const PLACES = [
  { key: 'wall', group: 'watch', press: 'w', roles: READERS },
  { key: 'incidents', group: 'watch', press: 'i', roles: READERS },
  { key: 'objects', group: 'watch', press: 'o', roles: READERS },
  { key: 'availability', group: 'record', press: 'a', roles: READERS },
  { key: 'periods', group: 'record', press: 'e', roles: READERS },
  { key: 'reports', group: 'record', press: 'r', roles: READERS },
  { key: 'coverage', group: 'record', press: 'v', roles: READERS },
  { key: 'deliveries', group: 'tell', press: 'n', roles: READERS },
  { key: 'plans', group: 'tell', press: 'p', roles: READERS },
  { key: 'health', group: 'run', press: 'h', roles: READERS },
  { key: 'configuration', group: 'run', press: 'c', roles: ['system-administrator'] },
  { key: 'accounts', group: 'run', press: 'u', roles: ['system-administrator', 'security-administrator'] },
  { key: 'audit', group: 'run', press: 'l', roles: ['audit-administrator'] },
  // At the end: a security administrator begins with the accounts.
  { key: 'nodes', group: 'watch', press: 'f', roles: [...READERS, 'security-administrator'] },
] as const satisfies readonly {
  key: string;
  group: (typeof PLACE_GROUPS)[number];
  press: string;
  roles: readonly RoleName[];
}[];

export type Place = (typeof PLACES)[number];

/** The pages somebody with these roles may go to. */
export function placesOf(roles: readonly RoleName[]): readonly Place[] {
  return PLACES.filter((place) => roles.some((role) => (place.roles as readonly string[]).includes(role)));
}

/** Where somebody begins: the wall for those who watch, their own page for administrators who may not. */
export function homeOf(roles: readonly RoleName[]): string {
  return `/${placesOf(roles)[0]?.key ?? 'me'}`;
}
