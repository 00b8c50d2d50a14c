import type { RoleName } from '@beacontower/contracts';

const READERS: readonly RoleName[] = ['viewer', 'operator', 'duty-manager', 'system-administrator'];

/** The pages one can go to, and who may. */
export const PLACES = [
  { key: 'wall', roles: READERS },
  { key: 'incidents', roles: READERS },
  { key: 'objects', roles: READERS },
  { key: 'availability', roles: READERS },
  { key: 'periods', roles: READERS },
  { key: 'reports', roles: READERS },
  { key: 'coverage', roles: READERS },
  { key: 'deliveries', roles: READERS },
  { key: 'plans', roles: READERS },
  { key: 'health', roles: READERS },
  { key: 'configuration', roles: ['system-administrator'] },
  { key: 'accounts', roles: ['system-administrator', 'security-administrator'] },
  { key: 'audit', roles: ['audit-administrator'] },
] as const satisfies readonly { key: string; roles: readonly RoleName[] }[];
