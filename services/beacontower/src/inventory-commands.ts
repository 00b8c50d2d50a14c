/** The commands that work on a node's data: arguments in, connections opened and closed, exit code out. */
import { userInfo } from 'node:os';
import { migrate } from '@beacontower/database';
import { createLogger, readEnvironment, SystemClock, UserError } from '@beacontower/runtime';
import { count, parse } from './arguments.ts';
import { announceInventory, type CommandIo, configApply, configCheck, configPlan } from './configuration-commands.ts';
import { type Connections, openConnections, requireDatabase, storesOf } from './connections.ts';
import { say } from './greeting.ts';
import { sealerForReading, sealerForWriting } from './secret-key.ts';
import { createToken } from './tokens.ts';

const WORDING = { language: { type: 'string' }, json: { type: 'boolean' } } as const;
const INVENTORY = { ...WORDING, retire: { type: 'string' }, data: { type: 'string' } } as const;

export async function checkCommand(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, options: WORDING, allowPositionals: true });
  const [verb, ...paths] = positionals;
  if (verb !== 'check' || paths.length === 0) throw new UserError('expected "config check PATH…"');
  process.exitCode = await configCheck(paths, wording(values));
}

export async function planCommand(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, options: INVENTORY, allowPositionals: true });
  if (positionals.length === 0) throw new UserError('expected "plan PATH…"');
  const sealer = () => sealerForReading(readEnvironment(), values.data);
  const settings = { retire: count('retire', values.retire), sealer };
  await withStores(values.data, async ({ database }) => {
    process.exitCode = await configPlan(positionals, wording(values), database, settings);
  });
}

export async function applyCommand(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, options: INVENTORY, allowPositionals: true });
  if (positionals.length === 0) throw new UserError('expected "apply PATH…"');
  const settings = {
    now: new SystemClock().now(),
    by: accountName(),
    source: 'command line',
    retire: count('retire', values.retire),
    sealer: () => sealerForWriting(readEnvironment(), values.data),
  };
  await withStores(values.data, async ({ database, databaseUrl, redis, keys }) => {
    // Nobody supervises an external store: the first to come brings its schema up to date.
    if (readEnvironment().databaseUrl !== null) await migrate(databaseUrl);
    process.exitCode = await configApply(positionals, wording(values), database, settings, (result) =>
      announceInventory(redis, keys, result.partitions, result.version),
    );
  });
}

export async function tokenCommand(args: string[]): Promise<void> {
  const { values, positionals } = parse({
    args,
    options: {
      name: { type: 'string' },
      role: { type: 'string', multiple: true },
      division: { type: 'string', multiple: true },
      data: { type: 'string' },
    },
    allowPositionals: true,
  });
  const { name, role = ['viewer'], division = [''] } = values;
  if (positionals.length !== 1 || positionals[0] !== 'create' || name === undefined)
    throw new UserError('expected "token create --name NAME"');
  await withStores(values.data, async ({ database }) => {
    say(await createToken(database, { name, roles: role, divisions: division }, new SystemClock().now()));
  });
}

/** A container may run under an account that has no name. */
export function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? ''}`;
  }
}

/** How a command answers, by `--language` and `--json`. Throws a `UserError` on a language there is not. */
export function wording(values: { readonly language?: string; readonly json?: boolean }): CommandIo {
  const { language = 'en', json = false } = values;
  if (language !== 'zh' && language !== 'en') throw new UserError(`--language "${language}": expected zh or en`);
  return { out: (text) => void process.stdout.write(text), colour: process.stdout.isTTY && !json, language, json };
}

/** Opens the stores of a node for one command, and closes them after it. */
export async function withStores(data: string | undefined, work: (connections: Connections) => Promise<void>): Promise<void> {
  const environment = readEnvironment();
  const logger = createLogger({ name: 'command', level: 'silent' });
  const connections = openConnections({ ...storesOf(environment, data), redisPrefix: environment.redisPrefix, name: 'command', logger });
  try {
    await requireDatabase(connections.database);
    await work(connections);
  } finally {
    await connections.close();
  }
}
