import type { RoleName } from '@beacontower/contracts';

/** Who may read of the network (the API's `ACCESS_ROLES.read`): everybody but the administrators of security and of audit. */
export const READERS: readonly RoleName[] = ['viewer', 'operator', 'duty-manager', 'system-administrator'];
