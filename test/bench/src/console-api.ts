/** A child process: the API alone, on a database and a Redis that its parent has started. Says where it listens. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '@beacontower/database';
import { createKeys, createRedis } from '@beacontower/queue';
import {
  closeOnSignal,
  createFileSigner,
  createLogger,
  createRegistry,
  createSealer,
  readEnvironment,
  SEALING_KEY_BYTES,
  SystemClock,
} from '@beacontower/runtime';
import { createApi } from '@beacontower/service-api';
import { consoleFiles } from '@beacontower/service-console';

const { databaseUrl, redisUrl } = readEnvironment();
const bootstrapToken = process.argv[2];
if (!databaseUrl || !redisUrl || bootstrapToken === undefined) throw new Error('the database, Redis and a token come from the parent');

const logger = createLogger({ name: 'bench-api', level: 'warn' });
const onError = (error: Error) => logger.warn({ err: error }, 'connection');
const directory = mkdtempSync(join(tmpdir(), 'beacontower-bench-api-'));
const database = createDatabase({ url: databaseUrl, applicationName: 'bench api', onError });
const redis = createRedis(redisUrl, onError);
const api = createApi(
  // What is measured is not the limit on what one caller may ask in a minute.
  { listen: { host: '127.0.0.1', port: 0 }, bootstrapToken, rateLimit: { max: 1_000_000, windowMs: 60_000 } },
  {
    database,
    redis,
    keys: createKeys(),
    clock: new SystemClock(),
    logger,
    registry: createRegistry({}),
    signer: createFileSigner(join(directory, 'signing.key')),
    sealer: createSealer(new Uint8Array(SEALING_KEY_BYTES).fill(1)),
    instance: 'bench/api',
    console: consoleFiles(),
  },
);
await api.start();
process.send?.(api.url);
closeOnSignal({
  logger,
  limitMs: 8_000,
  async close() {
    await api.stop();
    redis.disconnect();
    await database.close();
    rmSync(directory, { recursive: true });
  },
});
