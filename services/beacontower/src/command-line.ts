import { ROLES as API_ROLES } from '@beacontower/contracts';
import { readEnvironment, UserError } from '@beacontower/runtime';
import { parse } from './arguments.ts';
import { say } from './greeting.ts';
import { applyCommand, checkCommand, planCommand, tokenCommand } from './inventory-commands.ts';
import { ROLE_NAMES } from './roles.ts';
import { runRoles } from './run.ts';
import { up } from './up.ts';
import { VERSION } from './version.ts';

const LANGUAGE_AND_JSON = ['--language zh|en  language of the words (default: en)', '--json            one JSON document instead of words'];
const INVENTORY_OPTIONS = [
  '--retire N        exactly so many objects are meant to be retired (asked for when they are many)',
  '--data DIR        data directory of the node (default: as for up)',
  ...LANGUAGE_AND_JSON,
];

/** One command of the command line: adding one is one entry in `COMMANDS`. */
interface Command {
  readonly usage: string;
  readonly summary: string;
  readonly details: readonly string[];
  readonly run: (args: string[]) => Promise<void>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  up: {
    usage: 'up [--config FILE|DIR] [--data DIR] [--listen HOST:PORT]',
    summary: 'run the whole node in the foreground, with its own PostgreSQL and Redis',
    details: [
      '--config FILE|DIR   what to watch and whom to tell (default: the built-in one, which watches this machine)',
      '--data DIR          where everything is kept (default: /var/lib/beacontower for root, else ~/.local/share/beacontower)',
      '--listen HOST:PORT  where the API answers (default: 127.0.0.1:8080)',
      '',
      'BEACONTOWER_DATABASE_URL   an external PostgreSQL instead of the private one',
      'BEACONTOWER_REDIS_URL      an external Redis or Valkey instead of the private one',
      'BEACONTOWER_TOKEN          a bootstrap API token (at least 16 characters)',
      'BEACONTOWER_LOG_LEVEL      trace, debug, info, warn, error (default: warn on a terminal, else info)',
      '',
      'Ctrl-C stops it in order. kill -HUP reads the configuration again; a bad one changes nothing.',
    ],
    async run(args) {
      const { values } = parse({ args, options: { config: { type: 'string' }, data: { type: 'string' }, listen: { type: 'string' } } });
      await up({ config: values.config, data: values.data, listen: values.listen }, readEnvironment());
    },
  },
  run: {
    usage: 'run ROLE…',
    summary: 'run one or more roles in this process, against external stores',
    details: [
      `roles: ${ROLE_NAMES.join(', ')}`,
      'BEACONTOWER_DATABASE_URL and BEACONTOWER_REDIS_URL say where the stores are.',
      'BEACONTOWER_INSTANCE is a stable name of this process, so that it takes its own leases back at once after a restart.',
    ],
    async run(args) {
      const { positionals } = parse({ args, options: {}, allowPositionals: true });
      await runRoles(positionals, readEnvironment());
    },
  },
  config: {
    usage: 'config check PATH…',
    summary: 'name every fault of a configuration: file, line, path, and what was expected',
    details: [...LANGUAGE_AND_JSON, '', 'Exit code: 0 it can be applied, 1 it has faults.'],
    run: checkCommand,
  },
  plan: {
    usage: 'plan PATH… [--retire N] [--data DIR]',
    summary: 'show what apply would change, and change nothing',
    details: [...INVENTORY_OPTIONS, '', 'Exit code: 0 shown, 1 faults, 2 it would be refused.'],
    run: planCommand,
  },
  apply: {
    usage: 'apply PATH… [--retire N] [--data DIR]',
    summary: 'bring the inventory to what the configuration says; history is kept',
    details: [...INVENTORY_OPTIONS, '', 'Exit code: 0 done or nothing to do, 1 faults, 2 refused. On 1 and 2 nothing was changed.'],
    run: applyCommand,
  },
  token: {
    usage: 'token create --name NAME [--role ROLE]… [--division PATH]… [--data DIR]',
    summary: 'make an API token; it is shown this once',
    details: [
      `--role ROLE      ${API_ROLES.join(', ')} (default: viewer); may be repeated`,
      '--division PATH  dotted path such as cn.gd (default: all); may be repeated',
      '--data DIR       data directory of the node (default: as for up)',
    ],
    run: tokenCommand,
  },
  version: {
    usage: 'version',
    summary: 'print the version',
    details: [],
    async run() {
      say(VERSION);
    },
  },
};

/** Runs one command. Throws a `UserError` for what was typed wrong. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  const [name = '--help', ...rest] = args;
  if (name === '--help' || name === '-h' || name === 'help') return say(overview());
  if (name === '--version' || name === '-v') return say(VERSION);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new UserError(`there is no command "${name}"; "beacontower --help" lists them`);
  if (rest.includes('--help') || rest.includes('-h')) return say(help(command));
  await command.run(rest);
}

function overview(): string {
  const commands = Object.values(COMMANDS).map(({ usage, summary }) => `  beacontower ${usage}\n      ${summary}`);
  return [
    `烽台 Beacontower ${VERSION}: watches a network, says what is down, and since when.`,
    '',
    ...commands,
    '',
    'beacontower COMMAND --help tells more.',
  ].join('\n');
}

function help({ usage, summary, details }: Command): string {
  return [`beacontower ${usage}`, `  ${summary}`, '', ...details.map((line) => (line === '' ? '' : `  ${line}`))].join('\n').trimEnd();
}
