/** `beacontower report create`: the same code as the reporting role, without a queue. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { NewReport, type ReportOrder } from '@beacontower/contracts';
import { type Database, orderReport, ReportRefused } from '@beacontower/database';
import { SystemClock, UserError } from '@beacontower/runtime';
import { makeReport } from '@beacontower/service-reporting';
import { parse } from './arguments.ts';
import { say } from './greeting.ts';
import { momentOf, timeZoneOf } from './import-settings.ts';
import { withDatabase } from './report-list.ts';
import { VERSION } from './version.ts';

const CREATE_OPTIONS = {
  period: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  'time-zone': { type: 'string' },
  division: { type: 'string' },
  objective: { type: 'string', multiple: true },
  language: { type: 'string', multiple: true },
  format: { type: 'string', multiple: true },
  out: { type: 'string' },
  data: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export async function createCommand(args: string[]): Promise<void> {
  const { values } = parse({ args, options: CREATE_OPTIONS });
  const asked = askedFor(values);
  const directory = resolve(values.out ?? '.');
  await withDatabase(values.data, async (database) => {
    const now = new SystemClock().now();
    const order = await orderReport(database, asked, [''], now).catch(told);
    const files: string[] = [];
    await mkdir(directory, { recursive: true }).catch(unwritable(directory));
    const { summary, coverageSummary, remarks } = await makeReport(sourceOf(database, order, now), async (file) => {
      const path = join(directory, file.name);
      await put(path, file.bytes).catch(unwritable(path));
      files.push(path);
    });
    if (values.json) return say(JSON.stringify({ files, summary, coverageSummary, remarks, order }));
    for (const language of order.languages) {
      for (const remark of remarks) say(remark[language]);
      say(summary[language]);
      if (coverageSummary !== null) say(coverageSummary[language]);
    }
    for (const path of files) say(path);
  });
}

// Whoever watches the directory never sees half a file.
async function put(path: string, bytes: Uint8Array): Promise<void> {
  const part = `${path}.part`;
  try {
    await writeFile(part, bytes);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

const unwritable =
  (path: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new UserError(
      `--out: ${path} cannot be written (${error.code ?? error.message}); expected a directory that this account may write to`,
    );
  };

function sourceOf(database: Database, order: ReportOrder, now: number) {
  return { database, order, id: null, by: 'command line', version: VERSION, now, tell: async () => undefined };
}

/** The option of each field, for complaints. */
const OPTION_OF: Readonly<Record<string, string>> = {
  period: '--period',
  timeZone: '--time-zone',
  division: '--division',
  objectives: '--objective',
  languages: '--language',
  formats: '--format',
};

function askedFor(values: ReturnType<typeof parse<{ options: typeof CREATE_OPTIONS }>>['values']): NewReport {
  const { period, from, to, division, objective, language, format } = values;
  const span = from === undefined && to === undefined ? undefined : spanOf(from, to, timeZoneOf(values['time-zone']) ?? 'UTC');
  if ((period === undefined) === (span === undefined))
    throw new UserError('expected "report create --period PERIOD", or --from T --to T; --help tells what there is');
  const parsed = NewReport.safeParse({
    period: period ?? span,
    ...(values['time-zone'] === undefined ? {} : { timeZone: values['time-zone'] }),
    ...(division === undefined ? {} : { division }),
    ...(objective === undefined ? {} : { objectives: objective }),
    ...(language === undefined ? {} : { languages: language }),
    ...(format === undefined ? {} : { formats: format }),
  });
  if (parsed.success) return parsed.data;
  throw new UserError(parsed.error.issues.map((issue) => `${optionOf(String(issue.path[0]))}: ${issue.message}`).join('; '));
}

function spanOf(from: string | undefined, to: string | undefined, timeZone: string): { from: string; to: string } {
  if (from === undefined || to === undefined) throw new UserError('--from and --to go together');
  const [begins, ends] = [momentOf('from', from, timeZone), momentOf('to', to, timeZone)];
  return { from: new Date(begins).toISOString(), to: new Date(ends).toISOString() };
}

function optionOf(field: string): string {
  const [name = ''] = field.split('.');
  return OPTION_OF[name] ?? name;
}

function told(error: unknown): never {
  if (error instanceof ReportRefused) throw new UserError(`${optionOf(error.field)}: ${error.message}; expected ${error.expected}`);
  throw error;
}
