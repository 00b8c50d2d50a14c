/** A child process: the centre of a federation. It takes in what nodes below report and puts its log in order, as its processes do under `beacontower up`. */
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
import { createFederation } from '@beacontower/service-federation';
import { startDispatcher } from './federation-dispatcher.ts';
import { freePort } from './free-port.ts';

const { databaseUrl, logLevel } = readEnvironment();
const [key = ''] = process.argv.slice(2);
if (!databaseUrl) throw new Error('the database comes by the environment');

const HOST = '127.0.0.1';
const logger = createLogger({ name: 'bench-centre', level: logLevel ?? 'warn' });
const onError = (error: Error) => logger.warn({ err: error }, 'connection');
const database = createDatabase({ url: databaseUrl, applicationName: 'bench centre', onError });
const port = await freePort();
const federation = createFederation(
  { instance: 'bench/federate', version: '0', listen: { host: HOST, port }, names: [HOST] },
  { database, clock: new SystemClock(), logger, registry: createRegistry({}), sealer: createSealer(Buffer.from(key, 'hex')) },
);
const running = await startInOrder([federation], logger);

const dispatcher = await startDispatcher(database, logger);
closeOnSignal({
  logger,
  limitMs: 8_000,
  async close() {
    await dispatcher.stop();
    await running.stop();
    await database.close();
  },
});
process.send?.(`https://${HOST}:${port}`);
