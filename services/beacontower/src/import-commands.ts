/** `beacontower import`: arguments in, exit code out. */
import { userInfo } from 'node:os';
import { migrate } from '@beacontower/database';
import { createLogger, readEnvironment, SystemClock, UserError } from '@beacontower/runtime';
import { parse } from './arguments.ts';
import type { CommandIo } from './configuration-commands.ts';
import { openConnections, requireDatabase, storesOf } from './connections.ts';
import { type ImportSettings, importInventoryFile, importOutagesFile } from './import-history.ts';
import { coversOf, secondsOf, stretchOf, timeZoneOf } from './import-settings.ts';

const OPTIONS = {
  'dry-run': { type: 'boolean' },
  data: { type: 'string' },
  language: { type: 'string' },
  json: { type: 'boolean' },
  'time-zone': { type: 'string' },
} as const;
const OUTAGE_OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  covers: { type: 'string', multiple: true },
  edge: { type: 'string' },
  resolution: { type: 'string' },
} as const;

/** `import inventory FILE`, `import outages FILE`. */
export async function importCommand(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, options: { ...OPTIONS, ...OUTAGE_OPTIONS }, allowPositionals: true });
  const [kind, file, ...rest] = positionals;
  if ((kind !== 'inventory' && kind !== 'outages') || file === undefined || rest.length > 0)
    throw new UserError('expected "import inventory FILE" or "import outages FILE"');
  if (kind === 'inventory') refuseOutageOptions(values);
  const timeZone = timeZoneOf(values['time-zone']);
  const now = new SystemClock().now();
  const settings: ImportSettings = { now, by: accountName(), source: 'command line', dryRun: values['dry-run'] === true, timeZone };
  const outages = {
    stretch: stretchOf(values, timeZone, now),
    covers: coversOf(values.covers),
    edgeMs: secondsOf('edge', values.edge),
    resolutionMs: secondsOf('resolution', values.resolution),
  };
  const io = wording(values);
  const environment = readEnvironment();
  const logger = createLogger({ name: 'command', level: 'silent' });
  const stores = storesOf(environment, values.data);
  const { database, databaseUrl, close } = openConnections({ ...stores, redisPrefix: environment.redisPrefix, name: 'command', logger });
  try {
    await requireDatabase(database);
    if (environment.databaseUrl !== null) await migrate(databaseUrl);
    process.exitCode = await (kind === 'inventory'
      ? importInventoryFile(file, io, database, settings)
      : importOutagesFile(file, io, database, { ...settings, ...outages })
    ).catch(explain(file));
  } finally {
    await close();
  }
}

function refuseOutageOptions(values: Readonly<Record<string, unknown>>): void {
  const wrong = Object.keys(OUTAGE_OPTIONS).find((name) => values[name] !== undefined);
  if (wrong !== undefined)
    throw new UserError(`--${wrong} is for "import outages"; of an object the columns from and to say when it was there`);
}

const explain =
  (file: string) =>
  (error: unknown): never => {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new UserError(`there is no file ${file}`);
    if (code === 'EISDIR') throw new UserError(`${file} is a directory; expected a CSV file`);
    if (code === 'EACCES') throw new UserError(`${file} must not be read by this account`);
    throw error;
  };

/** A container may run under an account that has no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? ''}`;
  }
}

function wording(values: { readonly language?: string | undefined; readonly json?: boolean | undefined }): CommandIo {
  const { language = 'en', json = false } = values;
  if (language !== 'zh' && language !== 'en') throw new UserError(`--language "${language}": expected zh or en`);
  return { out: (text) => void process.stdout.write(text), colour: process.stdout.isTTY && !json, language, json };
}
