/** `beacontower account …`: people who sign in, by whoever may work on the machine itself. Everything is recorded in the audit. */
import { resolve } from 'node:path';
import type { AccountSummary } from '@beacontower/contracts';
import { changeAccount, type Database, listAccounts, resetSecondFactor, setRights, unlockAccount } from '@beacontower/database';
import { readEnvironment, UserError } from '@beacontower/runtime';
import { ACTOR, byNow, createPerson, givenRights, issuePassword, onPerson, setAdministrationFrom } from './account-acts.ts';
import { accountTable } from './account-table.ts';
import { ACCOUNT_WORDS } from './account-words.ts';
import { parse } from './arguments.ts';
import type { CommandIo } from './configuration-commands.ts';
import { firstSignInFile, makeFirstAccounts } from './first-accounts.ts';
import { withStores, wording } from './inventory-commands.ts';

const OPTIONS = {
  'display-name': { type: 'string' },
  email: { type: 'string' },
  role: { type: 'string', multiple: true },
  division: { type: 'string', multiple: true },
  data: { type: 'string' },
  language: { type: 'string' },
  json: { type: 'boolean' },
} as const;
type Values = ReturnType<typeof parse<{ options: typeof OPTIONS }>>['values'];

interface Asked {
  readonly database: Database;
  readonly io: CommandIo;
  readonly values: Values;
  /** What stands behind the verb. */
  readonly rest: readonly string[];
}

/** Adding a verb is one line here and one in `ACCOUNT_DETAILS`. */
const VERBS: Readonly<Record<string, (asked: Asked) => Promise<void>>> = {
  setup,
  create,
  list,
  'reset-password': resetPassword,
  unlock: (asked) => change(asked, 'unlock', (tx, account) => unlockAccount(tx, account, byNow())),
  disable: (asked) => setDisabled(asked, true),
  enable: (asked) => setDisabled(asked, false),
  rights,
  'reset-second-factor': (asked) => change(asked, 'second-factor', (tx, account) => resetSecondFactor(tx, account, byNow())),
  'administration-from': administrationFrom,
};

export async function accountCommand(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, options: OPTIONS, allowPositionals: true });
  const [verb = '', ...rest] = positionals;
  const run = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (!run) throw new UserError(`expected account ${Object.keys(VERBS).join('|')}; --help tells more`);
  const io = wording(values);
  await withStores(values.data, ({ database }) => run({ database, io, values, rest }));
}

async function setup({ database, io, values, rest }: Asked): Promise<void> {
  if (rest.length > 0) throw new UserError('"account setup" takes no name');
  const file = firstSignInFile(resolve(values.data ?? readEnvironment().dataDirectory));
  const { source, now } = byNow();
  if (!(await makeFirstAccounts(database, file, { source, now })))
    throw new UserError('there are accounts already: "account list" shows them, "account create" makes another');
  tell(io, { file }, ACCOUNT_WORDS[io.language].made(file));
}

async function create({ database, io, values, rest }: Asked): Promise<void> {
  const name = oneName(rest);
  const displayName = values['display-name'];
  if (displayName === undefined) throw new UserError('expected "account create NAME --display-name PERSON"');
  const given = { name, displayName, email: values.email, ...(await givenRights(database, values)) };
  const { password, until } = await createPerson(database, given);
  tellPassword(io, name, password, until);
}

async function list({ database, io, rest }: Asked): Promise<void> {
  if (rest.length > 0) throw new UserError('"account list" takes no name');
  const items: AccountSummary[] = [];
  let cursor: string | undefined;
  do {
    const page = await listAccounts(database, { limit: 1_000, cursor }, [''], byNow().now);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  tell(io, { items }, accountTable(items, io.language));
}

async function resetPassword({ database, io, rest }: Asked): Promise<void> {
  const name = oneName(rest);
  const { password, until } = await issuePassword(database, name);
  tellPassword(io, name, password, until);
}

async function rights(asked: Asked): Promise<void> {
  const given = await givenRights(asked.database, asked.values);
  await change(asked, 'rights', (tx, account) => setRights(tx, account, given, byNow()));
}

async function setDisabled(asked: Asked, disabled: boolean): Promise<void> {
  await change(asked, disabled ? 'disable' : 'enable', (tx, { ...account }) =>
    changeAccount(tx, account, { displayName: account.displayName, email: account.email, disabled }, byNow()),
  );
}

async function administrationFrom({ database, io, rest }: Asked): Promise<void> {
  await setAdministrationFrom(database, rest);
  const words = ACCOUNT_WORDS[io.language];
  tell(io, { administrationFrom: rest }, words.from(rest.join(', ') || words.anywhere));
}

async function change(
  { database, io, rest }: Asked,
  what: 'unlock' | 'disable' | 'enable' | 'rights' | 'second-factor',
  act: Parameters<typeof onPerson>[2],
): Promise<void> {
  const name = oneName(rest);
  await onPerson(database, name, act);
  tell(io, { account: name, done: what, by: ACTOR }, ACCOUNT_WORDS[io.language].done[what](name));
}

function oneName(rest: readonly string[]): string {
  const [name, ...more] = rest;
  if (name === undefined || more.length > 0) throw new UserError('expected the name of one account; --help tells more');
  return name;
}

function tellPassword(io: CommandIo, account: string, password: string, until: number): void {
  const when = new Date(until).toISOString();
  tell(io, { account, password, until: when }, ACCOUNT_WORDS[io.language].password(account, password, when));
}

function tell(io: CommandIo, document: object, text: string): void {
  io.out(io.json ? `${JSON.stringify(document, null, 2)}\n` : `${text}\n`);
}
