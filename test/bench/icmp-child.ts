/** One child process of the ICMP benchmark: `collect` (scheduler and collector) or `judge` (pipeline), as under `beacontower up`. */
import { createIcmpCollector, ICMP_COLLECTOR_DEFAULTS } from '@beacontower/collector-icmp';
import { createDatabase } from '@beacontower/database';
import { createKeys, createRedis } from '@beacontower/queue';
import { closeOnSignal, createLogger, createRegistry, readEnvironment, SystemClock, startInOrder } from '@beacontower/runtime';
import { createPipeline } from '@beacontower/service-pipeline';
import { createScheduler, SCHEDULER_DEFAULTS } from '@beacontower/service-scheduler';

const environment = readEnvironment();
const { databaseUrl, redisUrl, instance } = environment;
const [role, pacing = '0.01', partitions = '8'] = process.argv.slice(2);
if (!databaseUrl || !redisUrl || !instance) throw new Error('the database, Redis and the instance come by the environment');

const logger = createLogger({ name: `bench-${role}`, level: environment.logLevel ?? 'warn' });
const onError = (error: Error) => logger.warn({ err: error }, 'connection');
const registry = createRegistry({});
const database = createDatabase({ url: databaseUrl, applicationName: `bench ${role}`, onError });
const redis = createRedis(redisUrl, onError);
const blockingRedis = createRedis(redisUrl, onError);
const common = { database, redis, redisUrl, keys: createKeys(), clock: new SystemClock(), logger, registry };
const components =
  role === 'judge'
    ? [createPipeline({ instance }, { ...common, blockingRedis, partitions: Number(partitions) })]
    : [
        createScheduler({ ...SCHEDULER_DEFAULTS, instance }, common),
        createIcmpCollector({ ...ICMP_COLLECTOR_DEFAULTS, instance, pacingMs: Number(pacing) }, common),
      ];
const running = await startInOrder(components, logger);
// Asked by its parent for its counters.
process.on('message', () => {
  registry.getMetricsAsJSON().then((metrics) => process.send?.(metrics), onError);
});
closeOnSignal({
  logger,
  limitMs: 5_000,
  async close() {
    await running.stop();
    redis.disconnect();
    blockingRedis.disconnect();
    await database.close();
    process.disconnect?.();
  },
});
