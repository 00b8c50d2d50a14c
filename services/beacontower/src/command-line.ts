import { ROLES as API_ROLES, type Language } from '@beacontower/contracts';
import { readEnvironment, UserError } from '@beacontower/runtime';
import { ACCOUNT_DETAILS } from './account-words.ts';
import { ALERT_DETAILS } from './alert-help.ts';
import { parse } from './arguments.ts';
import { AUDIT_DETAILS } from './audit-words.ts';
import { FEDERATION_DETAILS } from './federation-help.ts';
import { say } from './greeting.ts';
import { healthCommand } from './health-command.ts';
import { IMPORT_DETAILS } from './import-help.ts';
import { applyCommand, checkCommand, planCommand, tokenCommand } from './inventory-commands.ts';
import { reportCommand } from './report-commands.ts';
import { VERIFY_DETAILS } from './report-verify-words.ts';
import { REPORT_DETAILS } from './report-words.ts';
import { ROLE_NAMES } from './roles.ts';
import { runRoles } from './run.ts';
import { SAMPLES_DETAILS } from './sample-help.ts';
import { up } from './up.ts';
import { VERSION } from './version.ts';

const LANGUAGE_AND_JSON = ['--language zh|en  language of the words (default: en)', '--json            one JSON document instead of words'];
const INVENTORY_OPTIONS = [
  '--retire N        exactly so many objects are meant to be retired (asked for when they are many)',
  '--data DIR        data directory of the node (default: as for up)',
  ...LANGUAGE_AND_JSON,
];

/** One command of the command line: adding one is one entry in `COMMANDS`. */
export interface Command {
  readonly usage: string;
  readonly summary: Readonly<Record<Language, string>>;
  readonly details: readonly string[];
  readonly run: (args: string[]) => Promise<void>;
}

/** Every command by its first word. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  up: {
    usage: 'up [--config FILE|DIR] [--data DIR] [--listen HOST:PORT]',
    summary: {
      en: 'run the whole node in the foreground, with its own PostgreSQL and Redis',
      zh: '在前台运行整个节点，自带 PostgreSQL 与 Redis',
    },
    details: [
      '--config FILE|DIR   what to watch and whom to tell (default: the built-in one, which watches this machine)',
      '--data DIR          where everything is kept (default: /var/lib/beacontower for root, else ~/.local/share/beacontower)',
      '--listen HOST:PORT  where the API answers (default: 127.0.0.1:8080)',
      '',
      'BEACONTOWER_DATABASE_URL   an external PostgreSQL instead of the private one',
      'BEACONTOWER_REDIS_URL      an external Redis or Valkey instead of the private one',
      'BEACONTOWER_SAMPLES_URL    an InfluxDB for samples, influxdb://HOST:PORT/DATABASE?org=ORG (default: DuckDB in the data directory)',
      'BEACONTOWER_SAMPLES_TOKEN  the token for it; BEACONTOWER_SAMPLES_TOKEN_FILE names a file that holds it',
      'BEACONTOWER_SAMPLES_RETENTION  days of raw samples, of 5-minute and of 1-hour means (default: 14d,180d,1830d)',
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
    summary: { en: 'run one or more roles in this process, against external stores', zh: '在本进程中运行一个或多个角色，使用外部存储' },
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
  health: {
    usage: 'health ROLE… [--data DIR]',
    summary: { en: 'say how the roles are that run on this host, for health checks', zh: '显示本机所运行角色的状况，供健康检查使用' },
    details: [
      '--data DIR  data directory of the node (default: as for up)',
      'With BEACONTOWER_INSTANCE set that instance is meant, else every one on this host.',
      '',
      'Exit code: 0 each of them does its work, 1 one of them does not, or nothing was heard of it for ten seconds.',
    ],
    run: healthCommand,
  },
  config: {
    usage: 'config check PATH…',
    summary: {
      en: 'name every fault of a configuration: file, line, path, and what was expected',
      zh: '列出配置的全部错误：文件、行、路径与应有的值',
    },
    details: [...LANGUAGE_AND_JSON, '', 'Exit code: 0 it can be applied, 1 it has faults.'],
    run: checkCommand,
  },
  plan: {
    usage: 'plan PATH… [--retire N] [--data DIR]',
    summary: { en: 'show what apply would change, and change nothing', zh: '显示 apply 将做的更改，不做任何更改' },
    details: [...INVENTORY_OPTIONS, '', 'Exit code: 0 shown, 1 faults, 2 it would be refused.'],
    run: planCommand,
  },
  apply: {
    usage: 'apply PATH… [--retire N] [--data DIR]',
    summary: { en: 'bring the inventory to what the configuration says; history is kept', zh: '使清单与配置一致；历史保留' },
    details: [...INVENTORY_OPTIONS, '', 'Exit code: 0 done or nothing to do, 1 faults, 2 refused. On 1 and 2 nothing was changed.'],
    run: applyCommand,
  },
  token: {
    usage: 'token create --name NAME [--role ROLE]… [--division PATH]… [--data DIR]',
    summary: { en: 'make an API token; it is shown this once', zh: '创建 API 令牌；仅显示这一次' },
    details: [
      `--role ROLE      ${API_ROLES.join(', ')} (default: viewer); may be repeated`,
      '--division PATH  dotted path such as cn.gd (default: all); may be repeated',
      '--data DIR       data directory of the node (default: as for up)',
    ],
    run: tokenCommand,
  },
  account: {
    usage: [
      'account setup',
      ...['create', 'reset-password', 'unlock', 'disable', 'enable', 'rights', 'reset-second-factor'].map((verb) => `account ${verb} NAME`),
      'account list',
      'account administration-from [NETWORK]…',
    ].join(', '),
    summary: { en: 'the people who sign in to the console, from the machine itself', zh: '在本机上管理登录控制台的账号' },
    details: [...ACCOUNT_DETAILS, ...LANGUAGE_AND_JSON],
    run: async (args) => (await import('./account-commands.ts')).accountCommand(args),
  },
  import: {
    usage: 'import inventory FILE, import outages FILE --from T --to T [--covers WHAT]… [--dry-run]',
    summary: { en: 'take in the past of a node from CSV files', zh: '从 CSV 文件导入节点的历史' },
    details: IMPORT_DETAILS,
    // Loads a reader of CSV, which no other command needs.
    run: async (args) => (await import('./import-commands.ts')).importCommand(args),
  },
  samples: {
    usage: 'samples export --from T --to T --samples interfaces|icmp --out FILE, samples migrate --to URL',
    summary: {
      en: 'write samples to a Parquet or CSV file, or move them from DuckDB to InfluxDB',
      zh: '将采样数据导出为 Parquet 或 CSV 文件，或从 DuckDB 迁移到 InfluxDB',
    },
    details: SAMPLES_DETAILS,
    // Loads the engines of the store, which no other command needs.
    run: async (args) => (await import('./sample-commands.ts')).samplesCommand(args),
  },
  report: {
    usage: 'report create --period PERIOD [--format FORMAT]… [--out DIR], report list, report verify FILE [--key FILE|BASE64]…',
    summary: {
      en: 'make a report of availability; list reports; check the evidence of a closed period without a node or network',
      zh: '生成可用率报告；列出报告；在没有节点与网络的情况下核验已关账周期的证据包',
    },
    details: [...REPORT_DETAILS, ...VERIFY_DETAILS, '', ...LANGUAGE_AND_JSON],
    run: reportCommand,
  },
  alert: {
    usage:
      'alert explain --object ID [--at T] [--config PATH]…, alert on-call [ROTA]… [--at T] [--config PATH]…, alert preview [--channel ID]',
    summary: {
      en: 'say who would be told of an event and why not the others; who is on duty; how a message reads',
      zh: '说明某事件将通知谁、为何不通知其他人；显示当前值班人；预览消息',
    },
    details: [...ALERT_DETAILS, ...LANGUAGE_AND_JSON],
    run: async (args) => (await import('./alert-commands.ts')).alertCommand(args),
  },
  audit: {
    usage: 'audit verify [--head SEQUENCE:HASH] [--key FILE|BASE64]…',
    summary: {
      en: 'check that nobody changed the audit: every row, every link, every signed place',
      zh: '核验审计日志未被改动：逐条记录、逐个环节、逐个签名检查点',
    },
    details: [
      ...AUDIT_DETAILS,
      ...LANGUAGE_AND_JSON,
      '',
      'Exit code: 0 it agrees with itself, 1 it does not (said where), or it could not be read.',
    ],
    run: async (args) => (await import('./audit-command.ts')).auditCommand(args),
  },
  federation: {
    usage: [
      'federation invite NODE --division PATH --name NAME',
      'federation approve NODE --code CODE',
      ...['refuse', 'revoke'].map((verb) => `federation ${verb} NODE --reason TEXT`),
      ...['invitations', 'requests', 'nodes'].map((verb) => `federation ${verb}`),
      'federation distribute',
      'federation join TOKEN',
      ...['status', 'leave', 'restart-chain'].map((verb) => `federation ${verb}`),
      'federation check URL',
    ].join(', '),
    summary: { en: 'report to another node, or let others report here', zh: '与上级节点联网，或接纳下级节点上报' },
    details: [...FEDERATION_DETAILS, ...LANGUAGE_AND_JSON],
    run: async (args) => (await import('./federation-command.ts')).federationCommand(args),
  },
  version: {
    usage: 'version',
    summary: { en: 'print the version', zh: '显示版本' },
    details: [],
    async run() {
      say(VERSION);
    },
  },
};

/** Runs one command. Throws a `UserError` for what was typed wrong. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  const [name = '--help', ...rest] = wordingLast(args);
  const language: Language = /(^| )--language[ =]zh( |$)/.test(rest.join(' ')) ? 'zh' : 'en';
  if (name === '--help' || name === '-h' || name === 'help') return say(overview(language));
  if (name === '--version' || name === '-v') return say(VERSION);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new UserError(`there is no command "${name}"; "beacontower --help" lists them`);
  if (rest.includes('--help') || rest.includes('-h')) return say(help(command, language));
  await command.run(rest);
}

/** `--language zh` and `--json` may stand before the command, as a person puts them there; they are moved behind all else. */
function wordingLast(args: readonly string[]): string[] {
  const count = args[0] === '--language' ? 2 : args[0] === '--json' || args[0]?.startsWith('--language=') ? 1 : 0;
  if (count === 0) return [...args];
  return [...wordingLast(args.slice(count)), ...args.slice(0, count).flatMap((part) => part.split('='))];
}

const OVERVIEW = {
  en: { head: 'watches a network, says what is down, and since when.', foot: 'beacontower COMMAND --help tells more.' },
  zh: { head: '监测网络，判定何处中断、自何时起。', foot: 'beacontower 命令 --help 显示详情。' },
} as const;

function overview(language: Language): string {
  const { head, foot } = OVERVIEW[language];
  const commands = Object.values(COMMANDS).map(({ usage, summary }) => `  beacontower ${usage}\n      ${summary[language]}`);
  return [`烽台 Beacontower ${VERSION}: ${head}`, '', ...commands, '', foot].join('\n');
}

function help({ usage, summary, details }: Command, language: Language): string {
  return [`beacontower ${usage}`, `  ${summary[language]}`, '', ...details.map((line) => (line === '' ? '' : `  ${line}`))]
    .join('\n')
    .trimEnd();
}
