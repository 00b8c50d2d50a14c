/**
 * The figures published for the first half of 2018 come back from data: the inventory applied, its past and its outages imported, all by
 * the command line, as an operator would.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase, type Database, findObjective, readCoverage, readDivisionLists, readFigure } from '@beacontower/database';
import { childEnvironment } from '@beacontower/runtime';
import { startPostgres, startRedis, type TestServer } from '@beacontower/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PUBLISHED, publishedInventoryCsv, publishedOutagesCsv, publishedYaml } from './support/published/index.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FROM_SOURCE = ['--import', 'tsx', '--conditions=@beacontower/source', join(ROOT, 'services/beacontower/src/main.ts')];
const SCOPE = [''];

let postgres: TestServer;
let redis: TestServer;
let database: Database;
let directory: string;

beforeAll(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  directory = await mkdtemp(join(tmpdir(), 'bt-published-'));
  database = createDatabase({ url: postgres.url, applicationName: 'test', onError: () => undefined });
});
afterAll(async () => {
  await database.close();
  await Promise.all([postgres.stop(), redis.stop()]);
  await rm(directory, { recursive: true });
});

async function beacontower(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [...FROM_SOURCE, ...args], {
    cwd: ROOT,
    env: childEnvironment({ BEACONTOWER_DATABASE_URL: postgres.url, BEACONTOWER_REDIS_URL: redis.url }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString('utf8')));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`beacontower ${args.join(' ')}: ${code}\n${said}`);
  return said;
}

async function write(name: string, content: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
}

test('apply, import inventory, import outages: 99.91%, 99.97%, 99.97%, 95.9% and 96.1%', async () => {
  const lists = await readDivisionLists();
  const divisionsOf = (id: string) => lists.find((list) => list.id === id)?.divisions ?? [];
  await beacontower('apply', await write('published.yaml', publishedYaml(divisionsOf('cn-2018'), divisionsOf('corps-2018'))));
  await beacontower('import', 'inventory', await write('inventory.csv', publishedInventoryCsv()), '--time-zone', PUBLISHED.timeZone);
  const stretch = ['--from', '2018-01-01', '--to', '2018-07-01', '--time-zone', PUBLISHED.timeZone, '--covers', 'all'];
  const outages = await write('outages.csv', publishedOutagesCsv());
  expect(await beacontower('import', 'outages', outages, ...stretch, '--dry-run')).toMatch(
    /user access: 152 objects.*mean availability 99\.9100%/,
  );
  await beacontower('import', 'outages', outages, ...stretch);

  for (const [id, published] of Object.entries(PUBLISHED.availability)) {
    const objective = await findObjective(database, id, SCOPE);
    if (objective === undefined) throw new Error(`no objective ${id}`);
    const { from, to } = PUBLISHED;
    const { whole } = await readFigure(database, { objective, from, to, scope: SCOPE, now: Date.now() });
    expect(whole.experienced.availability, id).toBeCloseTo(published, 11);
    expect(whole.experienced, id).toMatchObject({ completeness: 1, unobserved: 0 });
    // Times are exact and nothing is unknown: the bounds are the figure.
    expect([whole.experienced.lowest, whole.experienced.highest], id).toEqual([
      whole.experienced.availability,
      whole.experienced.availability,
    ]);
  }

  const coverage = await readCoverage(database, { from: PUBLISHED.from, at: PUBLISHED.to, scope: SCOPE });
  if ('problem' in coverage) throw new Error(coverage.problem);
  const { now, before } = coverage;
  expect(now.withoutCorps.county).toMatchObject({ connected: PUBLISHED.counties, total: PUBLISHED.allCounties });
  expect(now.withCorps.county).toMatchObject({
    connected: PUBLISHED.counties + PUBLISHED.corpsUnits,
    total: PUBLISHED.allCounties + PUBLISHED.corpsUnits,
  });
  expect([now.withoutCorps, now.withCorps].map(({ county }) => `${((county.fraction ?? 0) * 100).toFixed(1)}%`)).toEqual([
    '95.9%',
    '96.1%',
  ]);
  expect([now.withCorps.province.fraction, now.withCorps.city.fraction]).toEqual([1, 1]);
  expect(now.byLevel.central).toMatchObject({ units: PUBLISHED.centralUnits, internetExitUnits: PUBLISHED.internetExitUnits });
  expect(now.byLevel.central.units - before.byLevel.central.units).toBe(PUBLISHED.newCentralUnits);
});
