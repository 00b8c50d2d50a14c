import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readDivisionLists } from '@beacontower/database';
import { childEnvironment } from '@beacontower/runtime';
import { startPostgres, startRedis } from '@beacontower/testing';
import { PUBLISHED, publishedInventoryCsv, publishedOutagesCsv, publishedYaml } from './index.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const FROM_SOURCE = ['--import', 'tsx', '--conditions=@beacontower/source', join(ROOT, 'services/beacontower/src/main.ts')];

/** The stores of a node that was given the published half-year, and the command line on them. */
export interface PublishedNode {
  readonly directory: string;
  /** Runs a command and gives what it said; rejects when it fails. */
  beacontower(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the stores and takes the published half-year in, by the command line, as an operator would. */
export async function startPublishedNode(): Promise<PublishedNode> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const directory = await mkdtemp(join(tmpdir(), 'bt-published-'));
  const environment = childEnvironment({ BEACONTOWER_DATABASE_URL: postgres.url, BEACONTOWER_REDIS_URL: redis.url });
  const beacontower = async (...args: readonly string[]) => {
    const child = spawn(process.execPath, [...FROM_SOURCE, ...args], { cwd: ROOT, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (said += piece.toString('utf8')));
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    if (code !== 0) throw new Error(`beacontower ${args.join(' ')}: ${code}\n${said}`);
    return said;
  };
  const write = async (name: string, content: string) => {
    await writeFile(join(directory, name), content);
    return join(directory, name);
  };
  const lists = await readDivisionLists();
  const of = (id: string) => lists.find((list) => list.id === id)?.divisions ?? [];
  const zone = ['--time-zone', PUBLISHED.timeZone];
  await beacontower('apply', await write('published.yaml', publishedYaml(of('cn-2018'), of('corps-2018'))));
  await beacontower('import', 'inventory', await write('inventory.csv', publishedInventoryCsv()), ...zone);
  const stretch = ['--from', '2018-01-01', '--to', '2018-07-01', '--covers', 'all'];
  await beacontower('import', 'outages', await write('outages.csv', publishedOutagesCsv()), ...stretch, ...zone);
  return {
    directory,
    beacontower,
    async stop() {
      await Promise.all([postgres.stop(), redis.stop()]);
      await rm(directory, { recursive: true });
    },
  };
}
