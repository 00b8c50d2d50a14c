import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@beacontower/runtime';
import { FakeClock, programsPresent, startInfluxd, type TestServer } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { batch, interfaceSeries, START } from '../contract.fixture.ts';
import { MINUTE } from '../resolution.ts';
import { createInfluxStore } from './store.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const clock = new FakeClock(START + 3_600_000);
const SECRET = 'a-secret-nobody-may-read';
const question = { check: 7, metric: 'traffic.in', from: START, to: START + 3_600_000, step: MINUTE } as const;

describe.runIf(programsPresent('influxd'))('what goes wrong with a real InfluxDB', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startInfluxd({ user: { user: 'admin', password: SECRET } });
  });
  afterAll(() => server.stop());

  it('signs in with user and password, and says when they are refused', async () => {
    const store = createInfluxStore({ url: server.url, user: 'admin', password: SECRET }, { logger, clock });
    await store.open();
    await store.write(batch(interfaceSeries(7, START, 10)));
    expect((await store.series(question)).points).toHaveLength(10);
    const stranger = createInfluxStore({ url: server.url, user: 'admin', password: `${SECRET}-not` }, { logger, clock });
    const refusal = await stranger.open().catch((error: Error) => error);
    expect(String(refusal)).toMatch(/refuses the credentials \(401\)/);
    expect(String(refusal)).not.toContain(SECRET);
  });

  it('says that it does not answer, and stores what is written again when it does', async () => {
    const store = createInfluxStore({ url: server.url, user: 'admin', password: SECRET, database: 'later' }, { logger, clock });
    await store.open();
    await server.kill();
    const lost = batch(interfaceSeries(7, START, 20));
    await expect(store.write(lost)).rejects.toThrow(/InfluxDB at 127\.0\.0\.1:\d+ is not reached/);
    await expect(store.series(question)).rejects.toThrow(/is not reached/);
    await server.start();
    await store.write(lost);
    expect((await store.series(question)).points).toHaveLength(20);
  });
});

describe('what an InfluxDB may answer', () => {
  let server: Server | undefined;
  const requests: { path: string; authorization: string | undefined }[] = [];
  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
  });

  /** A server that says it is `version` and answers writes as told. */
  async function answering(version: string, status: number, body: string, delayMs = 0): Promise<string> {
    requests.length = 0;
    server = createServer((request, response) => {
      requests.push({ path: request.url ?? '', authorization: request.headers.authorization });
      request.resume();
      response.setHeader('x-influxdb-version', version);
      if (request.url === '/ping') return void response.writeHead(204).end();
      if (request.url === '/query') return void response.writeHead(200).end('{"results":[{}]}');
      setTimeout(() => response.writeHead(status, { 'content-type': 'application/json' }).end(body), delayMs);
    });
    const listening = server;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  }

  async function writeTo(url: string): Promise<unknown> {
    const store = createInfluxStore({ url, token: SECRET, org: 'net work', timeoutMs: 300 }, { logger, clock });
    await store.open();
    return store.write(batch(interfaceSeries(7, START, 3))).catch((error: Error) => error);
  }

  it.each([
    ['v2.7.1', 204, '', 0],
    ['1.6.7', 204, '', 0],
    ['v2.7.1', 401, '{"code":"unauthorized","message":"unauthorized access"}', /refuses the credentials \(401\)/],
    [
      'v2.7.1',
      404,
      '{"code":"not found","message":"bucket \\"beacontower\\" not found"}',
      /has no database "beacontower": make the bucket/,
    ],
    [
      '1.6.7',
      400,
      '{"error":"partial write: field type conflict: input field dropped=1"}',
      /stored only a part: partial write: field type/,
    ],
    ['1.6.7', 400, '{"error":"partial write: points beyond retention policy dropped=3"}', 3],
    ['v2.7.1', 503, `{"message":"token ${SECRET} is busy"}`, /refused \(503\): token \*\*\* is busy/],
  ])('%s: %i %s', async (version, status, body, expected) => {
    const result = await writeTo(await answering(version, status, body));
    if (typeof expected === 'number') expect(result).toEqual({ refused: expected });
    else expect(String(result)).toMatch(expected);
    expect(String(result)).not.toContain(SECRET);
    const write = requests.at(-1);
    expect(write?.path).toBe(
      version.startsWith('v2') ? '/api/v2/write?org=net%20work&bucket=beacontower&precision=ms' : '/write?db=beacontower&precision=ms',
    );
    expect(write?.authorization).toBe(`Token ${SECRET}`);
  });

  it('gives up on an answer that does not come', async () => {
    expect(String(await writeTo(await answering('1.6.7', 204, '', 2_000)))).toMatch(/did not answer in time/);
  });
});
