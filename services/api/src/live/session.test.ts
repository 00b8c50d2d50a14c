import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Database } from '@beacontower/database';
import { createLogger, createRegistry } from '@beacontower/runtime';
import { describe, expect, it } from 'vitest';
import { apiConfig } from '../config.ts';
import type { RouteContext } from '../context.ts';
import { createMetrics } from '../metrics.ts';
import { audienceOf } from './batch.ts';
import { runSession } from './session.ts';
import { LiveTail } from './tail.ts';

/** A database that answers only when it is let. */
function slowDatabase() {
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const database = { query: () => asked.then(() => ({ rows: [{ last: 7 }], rowCount: 1 })) } as unknown as Database;
  return { database, answer };
}

describe('a live session', () => {
  it.each(['the client goes', 'the server closes'])('ends when %s before the database has answered', async (event) => {
    const { database, answer } = slowDatabase();
    const logger = createLogger({ name: 'test', level: 'silent' });
    const context = {
      database,
      logger,
      config: apiConfig({ listen: { host: '127.0.0.1', port: 0 }, bootstrapToken: null }),
      metrics: createMetrics(createRegistry({}, false)),
    } as unknown as RouteContext;
    const response = new ServerResponse(new IncomingMessage(new Socket()));
    const closing = new AbortController();
    const tail = new LiveTail({ database, logger });
    const session = runSession(
      context,
      tail,
      response,
      { audience: audienceOf([''], null), lastEventId: null, watch: () => () => undefined },
      closing.signal,
    );
    if (event === 'the client goes') response.destroy();
    else closing.abort();
    await new Promise(setImmediate);
    answer();
    const ended = await Promise.race([session.then(() => true), new Promise((resolve) => setTimeout(resolve, 2_000, false))]);
    expect(ended).toBe(true);
  });
});
