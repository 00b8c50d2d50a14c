/** A child process: what a province runs to report up, on a record that somebody else writes. */
import { createDatabase } from '@beacontower/database';
import {
  closeOnSignal,
  createLogger,
  createRegistry,
  createSealer,
  readEnvironment,
  SystemClock,
  startInOrder,
} from '@beacontower/runtime';
import { createUplink } from '@beacontower/service-federation';
import { startDispatcher } from './federation-dispatcher.ts';

const { databaseUrl, logLevel } = readEnvironment();
const [key = ''] = process.argv.slice(2);
if (!databaseUrl) throw new Error('the database comes by the environment');

const logger = createLogger({ name: 'bench-province', level: logLevel ?? 'warn' });
const onError = (error: Error) => logger.warn({ err: error }, 'connection');
const database = createDatabase({ url: databaseUrl, applicationName: 'bench province', onError });
const dispatcher = await startDispatcher(database, logger);
const uplink = createUplink(
  { instance: 'bench/federate', version: '0' },
  { database, clock: new SystemClock(), logger, registry: createRegistry({}), sealer: createSealer(Buffer.from(key, 'hex')) },
);
const running = await startInOrder([uplink], logger);
closeOnSignal({
  logger,
  limitMs: 8_000,
  async close() {
    await running.stop();
    await dispatcher.stop();
    await database.close();
  },
});
process.send?.('ready');
