/** `beacontower federation …`: who reports here, and to whom this node reports. Each verb has a file and options of its own. */
import { UserError } from '@beacontower/runtime';

type Verb = (args: string[]) => Promise<void>;

const above = () => import('./federation-above.ts');
const below = () => import('./federation-below.ts');

/** Adding a verb is one line here and one in `FEDERATION_DETAILS`. */
const VERBS: Readonly<Record<string, Verb>> = {
  invite: async (args) => (await below()).inviteVerb(args),
  invitations: async (args) => (await below()).invitationsVerb(args),
  requests: async (args) => (await below()).requestsVerb(args),
  approve: async (args) => (await below()).approveVerb(args),
  refuse: async (args) => (await below()).refuseVerb(args),
  revoke: async (args) => (await below()).revokeVerb(args),
  nodes: async (args) => (await below()).nodesVerb(args),
  distribute: async (args) => (await import('./federation-distribute.ts')).distributeVerb(args),
  join: async (args) => (await above()).joinVerb(args),
  status: async (args) => (await above()).statusVerb(args),
  leave: async (args) => (await above()).leaveVerb(args),
  'restart-chain': async (args) => (await above()).restartChainVerb(args),
  check: async (args) => (await import('./federation-check.ts')).checkVerb(args),
};

/** What follows `beacontower federation`. */
export const FEDERATION_VERBS: readonly string[] = Object.keys(VERBS);

export async function federationCommand(args: string[]): Promise<void> {
  const [verb = '', ...rest] = args;
  const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (!run) throw new UserError(`expected federation ${FEDERATION_VERBS.join('|')}; --help tells more`);
  await run(rest);
}
