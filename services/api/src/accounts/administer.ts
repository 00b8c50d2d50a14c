import { type AccountRights, type AccountSummary, EXCLUSIVE_ROLES, RESERVED_NAMES, type RoleName } from '@beacontower/contracts';
import {
  type Account,
  type By,
  countOthersWithRole,
  lockAccount,
  newOneTimePassword,
  type Scope,
  scopeCovers,
  setOneTimePassword,
  type Transaction,
  viewAccount,
} from '@beacontower/database';
import { heldBackRoles, watchesAdministration } from '@beacontower/domain';
import type { FastifyRequest } from 'fastify';
import { principalOf, type RouteContext } from '../context.ts';
import { ApiProblem, badField, notFound } from '../http/problem.ts';
import { checkRevision } from '../http/revision.ts';
import { recorded } from './record.ts';

/** Who acts, for the record. */
export function byOf({ clock }: Pick<RouteContext, 'clock'>, request: FastifyRequest): By {
  return { actor: principalOf(request).name, source: request.ip, now: clock.now() };
}

/** Acts on an account of the caller's divisions, alone; what comes back is the account as it is then. `revision`: as the caller read it. */
export async function onAccount(
  context: RouteContext,
  request: FastifyRequest,
  id: string,
  act: (tx: Transaction, account: Account) => Promise<void>,
  revision: number | null = null,
): Promise<AccountSummary> {
  const { database, clock } = context;
  const scope = principalOf(request).divisions;
  await recorded(database, request, async (tx) => {
    const account = await lockAccount(tx, id);
    if (!account || !lies(scope, account.divisions)) throw notFound('account');
    checkRevision(revision, account.revision);
    await act(tx, account);
  });
  const view = await viewAccount(database, id, [''], clock.now());
  if (!view) throw notFound('account');
  return view;
}

function lies(scope: Scope, divisions: readonly string[]): boolean {
  return divisions.every((division) => scopeCovers(scope, division));
}

/** Nobody decides on themselves. */
export function refuseSelf(request: FastifyRequest, account: Pick<Account, 'id'>, what: string): void {
  if (principalOf(request).id === account.id) throw new ApiProblem(403, 'own-account', `${what}: another has to do this for you`);
}

/** The last who may do something cannot be taken away by a slip, nor by another administrator: on the machine it can be done. */
export async function keepLast(tx: Transaction, account: Account, left: readonly RoleName[]): Promise<void> {
  if (account.disabledAt !== null) return;
  for (const role of EXCLUSIVE_ROLES.filter((each) => account.roles.includes(each) && !left.includes(each))) {
    if ((await countOthersWithRole(tx, account.id, role)) > 0) continue;
    throw new ApiProblem(409, 'last-administrator', `this is the last ${role}: give the role to another first`);
  }
}

/** Nobody is given power over those who know their password: they change it first. On the machine it can be done. */
export function refuseHeldBack(account: Account, roles: readonly RoleName[]): void {
  const [role] = heldBackRoles(account, roles);
  if (role === undefined) return;
  const what = `${account.name} still has a one-time password, which whoever set it knows: ${role} can be given once it was changed`;
  throw new ApiProblem(409, 'one-time-password-held', `${what}; let them sign in and choose their own, then give the role`);
}

/** Nobody gives divisions that are not theirs. */
export function checkGiven(request: FastifyRequest, { divisions }: AccountRights): void {
  const index = divisions.findIndex((division) => !scopeCovers(principalOf(request).divisions, division));
  if (index < 0) return;
  throw new ApiProblem(403, 'outside-scope', 'an account cannot be given divisions that you do not have', {
    errors: [{ in: 'body', path: `divisions.${index}`, message: 'lies outside of yours', expected: 'a division of yours' }],
  });
}

/** A one-time password for somebody else. Those of security and audit administrators are set on the machine only. */
export async function resetPassword(context: RouteContext, request: FastifyRequest, id: string) {
  const password = newOneTimePassword();
  const passwordHash = await context.passwords.hash(password);
  const by = byOf(context, request);
  let until = by.now;
  const account = await onAccount(context, request, id, async (tx, held) => {
    refuseSelf(request, held, 'a one-time password');
    if (watchesAdministration(held.roles)) {
      const how = 'is set on the machine: beacontower account reset-password NAME';
      throw new ApiProblem(403, 'on-the-machine', `the password of a security or audit administrator ${how}`);
    }
    until = await setOneTimePassword(tx, held, passwordHash, by);
  });
  return { account, password, until };
}

/** Names under which the system itself acts are nobody's, neither a person's nor a token's. */
export function checkName(name: string): void {
  if (!RESERVED_NAMES.includes(name.toLowerCase())) return;
  throw badField('body', 'name', 'is a name of the system itself', 'another name');
}
