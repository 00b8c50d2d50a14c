/** `beacontower samples …`: arguments in, the recorder asked or the store opened, exit code out. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ExportOrder } from '@beacontower/contracts';
import { UserError } from '@beacontower/runtime';
import { moment, parse } from './arguments.ts';
import { say } from './greeting.ts';
import { type CheckNames, selectChecks } from './sample-checks.ts';
import { migrateSamples } from './sample-migration.ts';
import { withSamples } from './sample-source.ts';

export async function samplesCommand(args: string[]): Promise<void> {
  const [verb, ...rest] = args;
  if (verb === 'export') return exportCommand(rest);
  if (verb === 'migrate') return migrateCommand(rest);
  throw new UserError('expected "samples export …" or "samples migrate …"; --help tells what there is');
}

async function exportCommand(args: string[]): Promise<void> {
  const { values } = parse({
    args,
    options: {
      from: { type: 'string' },
      to: { type: 'string' },
      samples: { type: 'string' },
      format: { type: 'string' },
      out: { type: 'string' },
      object: { type: 'string', multiple: true },
      data: { type: 'string' },
    },
  });
  const from = moment('from', values.from);
  const to = moment('to', values.to);
  const { out } = values;
  if (from === undefined || to === undefined || out === undefined)
    throw new UserError('expected --from T --to T --samples KIND --out FILE');
  if (from >= to) throw new UserError('--to must be after --from');
  const samples = oneOf('samples', values.samples, ['interfaces', 'icmp']);
  const format = oneOf('format', values.format ?? (out.endsWith('.csv') ? 'csv' : 'parquet'), ['parquet', 'csv']);
  const file = resolve(out);
  if (existsSync(file)) throw new UserError(`${file} exists; name another file, or remove it first`);

  await withSamples(values.data, async (source) => {
    const { checks, objects } = narrowed(source.checks, samples, values.object ?? []);
    const order: ExportOrder = { samples, format, from, to, checks, file, ...(objects === null ? {} : { objects }) };
    const { rows, bytes } = await source.export(order);
    say(`${rows} rows, ${bytes} bytes: ${file}`);
    if (!existsSync(file)) say('the recorder runs on another host: the file is there');
    if (objects === null) say('PostgreSQL did not answer, so there is no column "object"; the column "check" holds the short numbers');
  });
}

function oneOf<T extends string>(name: string, text: string | undefined, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === text);
  if (found === undefined) throw new UserError(`--${name} "${text ?? ''}": expected ${allowed.join(' or ')}`);
  return found;
}

/** Without names from PostgreSQL everything can be exported, but nothing be picked. */
function narrowed(known: CheckNames | null, samples: 'interfaces' | 'icmp', wanted: readonly string[]) {
  if (known === null && wanted.length > 0)
    throw new UserError('PostgreSQL does not answer, so objects cannot be looked up: export without --object');
  if (known === null) return { checks: null, objects: null };
  return selectChecks(known, samples, wanted);
}

async function migrateCommand(args: string[]): Promise<void> {
  const { values } = parse({
    args,
    options: { to: { type: 'string' }, from: { type: 'string' }, 'to-time': { type: 'string' }, data: { type: 'string' } },
  });
  if (values.to === undefined) throw new UserError('expected "samples migrate --to URL"');
  const period = { from: moment('from', values.from), to: moment('to-time', values['to-time']) };
  await migrateSamples(values.to, period, values.data);
}
