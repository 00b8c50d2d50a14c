import { createLogger } from '@beacontower/runtime';
import { programsPresent, startRedis, type TestServer, waitFor } from '@beacontower/testing';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createKeys } from './keys.ts';
import { createRedis } from './redis.ts';
import { type Answerer, ask, createResponder, RequestError } from './requests.ts';

const keys = createKeys('test');
const logger = createLogger({ name: 'test', level: 'silent' });

describe.runIf(programsPresent('redis-server'))('questions and answers, with a real Redis', () => {
  let server: TestServer;
  let redis: Redis;
  const opened: Redis[] = [];
  const running: { stop(): Promise<void> }[] = [];
  const connect = () => {
    const connection = createRedis(server.url, () => undefined);
    opened.push(connection);
    return connection;
  };
  const answer = async (answerers: Record<string, Answerer>, concurrency = 4) => {
    const responder = createResponder({ redis, blockingRedis: connect(), keys, answerers, concurrency, logger });
    await responder.start();
    running.push(responder);
    return responder;
  };

  beforeAll(async () => {
    server = await startRedis();
  });
  beforeEach(() => {
    redis = connect();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
    await redis.flushall();
    for (const connection of opened.splice(0)) connection.disconnect();
  });
  afterAll(() => server?.stop());

  it('brings each asker its own answers, whatever their order', async () => {
    await answer({
      double: async (body) => {
        const { value } = body as { value: number };
        await new Promise((resolve) => setTimeout(resolve, value % 7));
        return { twice: value * 2 };
      },
    });
    const askers = [connect(), connect(), connect()];
    const values = Array.from({ length: 60 }, (_, i) => i);
    const answers = await Promise.all(
      values.map((value) => ask(askers[value % 3] as Redis, keys, 'double', { value }, { timeoutMs: 10_000 })),
    );
    expect(answers).toEqual(values.map((value) => ({ twice: value * 2 })));
  });

  it('answers within a few milliseconds', async () => {
    await answer({ echo: async (body) => body });
    await ask(redis, keys, 'echo', 0, { timeoutMs: 5_000 });
    const started = performance.now();
    for (let i = 0; i < 20; i++) await ask(redis, keys, 'echo', i, { timeoutMs: 5_000 });
    expect((performance.now() - started) / 20).toBeLessThan(50);
  });

  it('says at once that nobody answers, before the first and after the last answerer', async () => {
    const refusal = () => ask(redis, keys, 'echo', 1, { timeoutMs: 20_000 }).catch((error: unknown) => (error as RequestError).code);
    expect(await refusal()).toBe('nobody');
    const responder = await answer({ echo: async (body) => body });
    expect(await ask(redis, keys, 'echo', 1, { timeoutMs: 5_000 })).toBe(1);
    await responder.stop();
    expect(await refusal()).toBe('nobody');
  });

  it('carries errors by their code, and tells nothing of those that have none', async () => {
    await answer({
      fails: async (body) => {
        throw body === 'coded' ? new RequestError('too-old', 'nothing is kept that long') : new Error('password is hunter2');
      },
    });
    const failing = (body: string) => ask(redis, keys, 'fails', body, { timeoutMs: 5_000 });
    await expect(failing('coded')).rejects.toMatchObject({ code: 'too-old', message: 'nothing is kept that long' });
    await expect(failing('other')).rejects.toMatchObject({ code: 'failed' });
    await expect(failing('other')).rejects.not.toThrow(/hunter2/);
  });

  it('lets a late answer be late, and leaves nothing behind', async () => {
    let asked = 0;
    await answer(
      {
        slow: async (body) => {
          asked++;
          await new Promise((resolve) => setTimeout(resolve, 300));
          return body;
        },
      },
      1,
    );
    const first = ask(redis, keys, 'slow', 1, { timeoutMs: 5_000 });
    // Waits behind the first one, and is forgotten before its turn.
    await expect(ask(redis, keys, 'slow', 2, { timeoutMs: 50 })).rejects.toMatchObject({ code: 'late' });
    expect(await first).toBe(1);
    expect(await ask(redis, keys, 'slow', 3, { timeoutMs: 5_000 })).toBe(3);
    expect(asked).toBe(2);
    await waitFor(async () => (await redis.keys('test:requests:slow*')).join() === 'test:requests:slow:answering');
  });

  it('refuses what cannot be worked off', async () => {
    await answer({ never: () => new Promise(() => undefined) }, 1).then((responder) => running.splice(running.indexOf(responder), 1));
    const waiting = Array.from({ length: 203 }, (_, i) =>
      ask(redis, keys, 'never', i, { timeoutMs: 3_000 }).catch((error: unknown) => (error as RequestError).code),
    );
    await waitFor(async () => (await redis.llen(keys.requests('never'))) >= 200);
    await expect(ask(redis, keys, 'never', 0, { timeoutMs: 3_000 })).rejects.toMatchObject({ code: 'busy' });
    expect(new Set(await Promise.all(waiting))).toContain('late');
  });

  it('is not disturbed by messages that are none', async () => {
    await answer({ echo: async (body) => body });
    await redis.set(`${keys.requests('echo')}:bad`, 'not msgpack');
    await redis.rpush(keys.requests('echo'), 'bad', 'gone');
    expect(await ask(redis, keys, 'echo', 5, { timeoutMs: 5_000 })).toBe(5);
  });
});
