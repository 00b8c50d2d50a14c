import { randomUUID } from 'node:crypto';
import { AccountRights, NewAccessPolicy, NewAccount, RESERVED_NAMES, ROLES } from '@beacontower/contracts';
import {
  type Account,
  appendAudit,
  type By,
  createAccount,
  type Database,
  findAccountByName,
  lockAccount,
  newOneTimePassword,
  Passwords,
  readAccessPolicy,
  setOneTimePassword,
  type Transaction,
  tokenNamed,
  writeAccessPolicy,
} from '@beacontower/database';
import { SystemClock, UserError } from '@beacontower/runtime';
import type { z } from 'zod';
import { accountName } from './inventory-commands.ts';
import { requireDivisions } from './tokens.ts';

/** Who acts from the command line, in the audit; where from says which account of the machine it was. */
export const ACTOR = 'command line';

export function byNow(): By {
  return { actor: ACTOR, source: `command line: ${accountName()}`, now: new SystemClock().now() };
}

/** Acts on one account, alone. Throws a `UserError` when nobody has the name. */
export async function onPerson(database: Database, name: string, act: (tx: Transaction, account: Account) => Promise<void>): Promise<void> {
  await database.transaction(async (tx) => {
    const found = await findAccountByName(tx, name);
    const account = found && (await lockAccount(tx, found.id));
    if (!account) throw new UserError(`there is no account "${name}": "account list" shows them`);
    await act(tx, account);
  });
}

/** A password for somebody else, and until when (epoch ms) it is good. */
export interface IssuedPassword {
  readonly password: string;
  readonly until: number;
}

/** Sets a one-time password, whoever it is. */
export async function issuePassword(database: Database, name: string): Promise<IssuedPassword> {
  const password = newOneTimePassword();
  const passwordHash = await new Passwords().hash(password);
  let until = 0;
  await onPerson(database, name, async (tx, account) => {
    until = await setOneTimePassword(tx, account, passwordHash, byNow());
  });
  return { password, until };
}

/** Makes an account with its rights and a one-time password. */
export async function createPerson(
  database: Database,
  {
    roles,
    divisions,
    ...person
  }: { readonly name: string; readonly displayName: string; readonly email: string | undefined } & AccountRights,
): Promise<IssuedPassword> {
  const { email, ...rest } = person;
  const parsed = checked(NewAccount.safeParse({ ...rest, ...(email === undefined ? {} : { email }) }));
  if (RESERVED_NAMES.includes(parsed.name.toLowerCase()))
    throw new UserError(`"${parsed.name}" is a name of the system itself: choose another`);
  if (await tokenNamed(database, parsed.name))
    throw new UserError(`a token is called "${parsed.name}": what it does would read as done by this person`);
  const password = newOneTimePassword();
  const passwordHash = await new Passwords().hash(password);
  return database.transaction(async (tx) => {
    const id = randomUUID();
    const made = await createAccount(tx, { ...parsed, id, roles, divisions }, byNow());
    const account = await lockAccount(tx, id);
    if (made !== 'made' || !account) throw new UserError(`there is an account "${parsed.name}" already`);
    return { password, until: await setOneTimePassword(tx, account, passwordHash, byNow()) };
  });
}

/** The rights that were typed; each role and division is one there is. */
export async function givenRights(
  database: Database,
  { role = [], division = [] }: { readonly role?: readonly string[] | undefined; readonly division?: readonly string[] | undefined },
): Promise<AccountRights> {
  const unknown = role.find((name) => !(ROLES as readonly string[]).includes(name));
  if (unknown !== undefined) throw new UserError(`--role "${unknown}": expected ${ROLES.join(', ')}`);
  if (role.length > 0 && division.length === 0)
    throw new UserError('--division: a role without one opens nothing; "--division all" is all of them');
  const divisions = division.map((path) => (path === 'all' ? '' : path));
  await requireDivisions(database, divisions);
  return checked(AccountRights.safeParse({ roles: [...new Set(role)], divisions }));
}

/** Where administrators may work from; none: anywhere. For whoever shut everybody out. */
export async function setAdministrationFrom(database: Database, networks: readonly string[]): Promise<void> {
  const by = byNow();
  await database.transaction(async (tx) => {
    const { revision: _, changedAt: __, changedBy: ___, ...before } = await readAccessPolicy(tx);
    const after = checked(NewAccessPolicy.safeParse({ ...before, administrationFrom: networks }));
    await writeAccessPolicy(tx, after, null, by);
    const detail = { before: before.administrationFrom, after: after.administrationFrom };
    await appendAudit(tx, {
      at: by.now,
      actor: by.actor,
      source: by.source,
      action: 'access-policy.change',
      object: 'access-policy',
      result: 'done',
      detail,
    });
  });
}

function checked<T>(parsed: z.ZodSafeParseResult<T>): T {
  if (parsed.success) return parsed.data;
  throw new UserError(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}
