/** `beacontower alert …`: who would be told of an event, and who is on duty; of the node, or of configuration files. */
import { ExplainRequest, explanationView, routedEventOf } from '@beacontower/contracts';
import { createDatabase } from '@beacontower/database';
import { explainRouting } from '@beacontower/domain';
import { readEnvironment, SystemClock, UserError } from '@beacontower/runtime';
import { onCallLines, onCallOf } from './alert-duty.ts';
import { explanationLines } from './alert-explanation.ts';
import { previewOf, previewText } from './alert-preview.ts';
import { type AlertSource, sourceOfFiles, sourceOfNode } from './alert-source.ts';
import { ALERT_WORDS } from './alert-words.ts';
import { count, moment, parse } from './arguments.ts';
import type { CommandIo } from './configuration-commands.ts';
import { requireDatabase, storesOf } from './connections.ts';
import { wording } from './inventory-commands.ts';

const SOURCE = {
  config: { type: 'string', multiple: true },
  data: { type: 'string' },
  at: { type: 'string' },
  language: { type: 'string' },
  json: { type: 'boolean' },
} as const;
const EVENT = {
  object: { type: 'string' },
  incident: { type: 'string' },
  class: { type: 'string' },
  division: { type: 'string' },
  party: { type: 'string' },
  severity: { type: 'string' },
  kind: { type: 'string' },
} as const;
const MESSAGE = {
  channel: { type: 'string' },
  template: { type: 'string' },
  step: { type: 'string' },
  kind: { type: 'string' },
  incidents: { type: 'string' },
} as const;
const DAY = 86_400_000;
const USUAL_DAYS = 14;

export async function alertCommand(args: string[]): Promise<void> {
  const [verb, ...rest] = args;
  if (verb === 'explain') return explainCommand(rest);
  if (verb === 'on-call') return onCallCommand(rest);
  if (verb === 'preview') return previewCommand(rest);
  throw new UserError('expected "alert explain …", "alert on-call …" or "alert preview …"; --help tells what there is');
}

async function explainCommand(args: string[]): Promise<void> {
  const { values } = parse({ args, options: { ...SOURCE, ...EVENT } });
  const { config, data, at: when, language, json, ...asked } = values;
  const io = wording(values);
  const at = moment('at', when) ?? new SystemClock().now();
  await withSource({ config, data, at, io }, async (source) => {
    const subject = await source.subject(asked);
    if (subject === undefined)
      throw new UserError(`there is no ${asked.incident ? `incident ${asked.incident}` : `object ${asked.object}`}`);
    // The incident has been found: the request only says what differs from it.
    const { incident: _incident, object: _object, ...rest } = asked;
    const request = checked({ ...rest, ...(subject && { object: subject.object }) });
    const event = routedEventOf(request, subject);
    const names = { contacts: source.duties.contacts, channels: source.rules.channels };
    const view = explanationView(explainRouting(event, source.rules, at), event, at, names);
    const lines = [...explanationLines(view, source.timeZone, io.language), ...(source.offline ? [ALERT_WORDS[io.language].offline] : [])];
    io.out(io.json ? `${JSON.stringify(view, null, 2)}\n` : `${lines.join('\n')}\n`);
  });
}

async function onCallCommand(args: string[]): Promise<void> {
  const { values, positionals } = parse({ args, options: { ...SOURCE, days: { type: 'string' } }, allowPositionals: true });
  const io = wording(values);
  const at = moment('at', values.at) ?? new SystemClock().now();
  const days = count('days', values.days) ?? USUAL_DAYS;
  if (days < 1 || days > 366) throw new UserError(`--days "${values.days}": expected 1 to 366`);
  await withSource({ config: values.config, data: values.data, at, io }, async ({ duties, offline }) => {
    const rotas = onCallOf(duties, positionals, at, at + days * DAY);
    const lines = [...onCallLines(rotas, io.language), ...(offline ? [ALERT_WORDS[io.language].offline] : [])];
    io.out(io.json ? `${JSON.stringify({ items: rotas }, null, 2)}\n` : `${lines.join('\n')}\n`);
  });
}

async function previewCommand(args: string[]): Promise<void> {
  const { values } = parse({ args, options: { ...SOURCE, ...MESSAGE } });
  const io = wording(values);
  const incidents = count('incidents', values.incidents) ?? 1;
  const { channel, template, step, kind } = values;
  await withSource({ config: values.config, data: values.data, at: new SystemClock().now(), io }, async (source) => {
    const preview = previewOf(source, { channel, template, step, kind, incidents, language: io.language });
    io.out(io.json ? `${JSON.stringify(preview.message, null, 2)}\n` : `${previewText(preview)}\n`);
  });
}

/** What was typed as a request of the API, which says what each word may be. Throws a `UserError` that names the option. */
function checked(asked: Record<string, string | undefined>): ExplainRequest {
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
  const parsed = ExplainRequest.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`);
  throw new UserError(faults.join('\n'));
}

interface Sourcing {
  readonly config: readonly string[] | undefined;
  readonly data: string | undefined;
  readonly at: number;
  readonly io: CommandIo;
}

/** Works with configuration files when there are any, else with the node. */
async function withSource({ config, data, at, io }: Sourcing, work: (source: AlertSource) => Promise<void>): Promise<void> {
  if (config !== undefined) return work(await sourceOfFiles(config, io.language));
  const { databaseUrl } = storesOf(readEnvironment(), data);
  const database = createDatabase({ url: databaseUrl, applicationName: 'beacontower alert', onError: () => undefined });
  try {
    await requireDatabase(database);
    await work(await sourceOfNode(database, at));
  } finally {
    await database.close();
  }
}
