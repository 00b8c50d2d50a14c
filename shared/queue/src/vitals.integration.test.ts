import { createLogger, createRegistry, SystemClock } from '@beacontower/runtime';
import { programsPresent, startRedis, waitFor } from '@beacontower/testing';
import { describe, expect, it } from 'vitest';
import { createKeys } from './keys.ts';
import { createRedis } from './redis.ts';
import { createVitals } from './vitals.ts';

describe.runIf(programsPresent('redis-server'))('vitals', () => {
  it('of processes that were killed do not stay for ever beside those that live', async () => {
    const server = await startRedis();
    const redis = createRedis(server.url, () => undefined);
    const keys = createKeys('test');
    const clock = new SystemClock();
    const said = (at: number, instance: string) => JSON.stringify({ role: 'pipeline', instance, pid: 1, at, status: 'ok' });
    await redis.hset(keys.health('pipeline'), 'host/killed.1', said(clock.now() - 61_000, 'host/killed.1'));
    await redis.hset(keys.health('pipeline'), 'host/other.2', said(clock.now() - 3_000, 'host/other.2'));
    await redis.hset(keys.metrics, 'host/killed.1', JSON.stringify({ at: clock.now() - 61_000, metrics: [] }));
    const vitals = createVitals({
      ...{ redis, keys, clock, instance: 'host/own.3', registry: createRegistry({}, false) },
      logger: createLogger({ name: 'test', level: 'silent' }),
      roles: () => [{ name: 'pipeline', health: { status: 'ok' } }],
    });
    await vitals.start();
    try {
      await waitFor(async () => (await redis.hexists(keys.metrics, 'host/killed.1')) === 0, { what: 'the dead to be forgotten' });
      expect((await redis.hkeys(keys.health('pipeline'))).sort()).toEqual(['host/other.2', 'host/own.3']);
    } finally {
      await vitals.stop();
      redis.disconnect();
      await server.stop();
    }
  });
});
