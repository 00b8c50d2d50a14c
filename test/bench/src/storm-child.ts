/** One child process of the storm: `collect` (scheduler and simulated collector) or `judge` (pipeline and alerting), as under `beacontower up`. */
import { createDatabase } from '@beacontower/database';
import { createKeys, createRedis, RoundQueues } from '@beacontower/queue';
import {
  type Component,
  closeOnSignal,
  createLogger,
  createRegistry,
  readEnvironment,
  SystemClock,
  startInOrder,
} from '@beacontower/runtime';
import { createAlerting, createLookRequester } from '@beacontower/service-alerting';
import { createPipeline } from '@beacontower/service-pipeline';
import { createScheduler, SCHEDULER_DEFAULTS } from '@beacontower/service-scheduler';
import { SimulatedCollector } from './storm-collector.ts';

const environment = readEnvironment();
const { databaseUrl, redisUrl, instance } = environment;
const [role, partitions = '8'] = process.argv.slice(2);
if (!databaseUrl || !redisUrl || !instance) throw new Error('the database, Redis and the instance come by the environment');

const logger = createLogger({ name: `storm-${role}`, level: environment.logLevel ?? 'warn' });
const onError = (error: Error) => logger.warn({ err: error }, 'connection');
const registry = createRegistry({});
const keys = createKeys();
const database = createDatabase({ url: databaseUrl, applicationName: `storm ${role}`, onError });
const redis = createRedis(redisUrl, onError);
const blockingRedis = createRedis(redisUrl, onError);
const queues = new RoundQueues({ redisUrl, keys, onError });
const common = { database, redis, redisUrl, keys, clock: new SystemClock(), logger, registry };

function judge(slot: string): Component[] {
  const dependencies = { ...common, partitions: Number(partitions) };
  const looks = createLookRequester({ ...dependencies, queues });
  return [
    createPipeline({ instance: slot }, { ...dependencies, blockingRedis }),
    createAlerting({ instance: slot }, { ...common, bullPrefix: keys.bull, looks }),
  ];
}

const collector = role === 'collect' ? new SimulatedCollector({ redis, redisUrl: redisUrl, keys, onError }) : null;
const components = collector ? [createScheduler({ ...SCHEDULER_DEFAULTS, instance }, common)] : judge(instance);
const running = await startInOrder(components, logger);
// Its parent says who is silent: keys of checks.
process.on('message', (silent: number[]) => {
  const set = new Set(silent);
  collector?.set((check) => set.has(check));
  process.send?.('told');
});
closeOnSignal({
  logger,
  limitMs: 5_000,
  async close() {
    await running.stop();
    await collector?.close();
    await queues.close();
    redis.disconnect();
    blockingRedis.disconnect();
    await database.close();
  },
});
