/** `beacontower report list`, and the connection that commands about reports work with. */
import { createDatabase, type Database, listReports } from '@beacontower/database';
import { readEnvironment } from '@beacontower/runtime';
import { count, parse } from './arguments.ts';
import { requireDatabase, storesOf } from './connections.ts';
import { say } from './greeting.ts';

const MOST_LISTED = 1_000;
const USUALLY_LISTED = 20;

export async function listCommand(args: string[]): Promise<void> {
  const options = { limit: { type: 'string' }, data: { type: 'string' }, json: { type: 'boolean' }, language: { type: 'string' } } as const;
  const { values } = parse({ args, options });
  const limit = Math.min(MOST_LISTED, Math.max(1, count('limit', values.limit) ?? USUALLY_LISTED));
  await withDatabase(values.data, async (database) => {
    const { items } = await listReports(database, { limit }, ['']);
    if (values.json) return say(JSON.stringify({ items }));
    for (const { id, requestedAt, period, division, state, progress, requestedBy, error } of items) {
      const label = period.label ?? `${period.from} ${period.to}`;
      const how = state === 'running' ? `${state} ${progress}%` : state;
      say([requestedAt, id, label, division, how, requestedBy, error ?? ''].join('  ').trimEnd());
    }
  });
}

/** Opens the database of a data directory, or the one that the environment names, and closes it after the work. */
export async function withDatabase(data: string | undefined, work: (database: Database) => Promise<void>): Promise<void> {
  const { databaseUrl } = storesOf(readEnvironment(), data);
  const database = createDatabase({ url: databaseUrl, applicationName: 'beacontower report', onError: () => undefined });
  try {
    await requireDatabase(database);
    await work(database);
  } finally {
    await database.close();
  }
}
