/** `GET /api/v1/objects/{id}/series` and the newest traffic, answered by a responder in place of the recorder. */
import { type LatestQuestion, Problem, Series, type SeriesQuestion } from '@beacontower/contracts';
import { DEFAULT_ICMP_POLICY, DEFAULT_SNMP_POLICY } from '@beacontower/domain';
import { type Answerer, createRedis, createResponder } from '@beacontower/queue';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, objectBody, startHarness } from './test-harness.ts';

const HOUR = 3_600_000;
const at = (ms: number) => new Date(ms).toISOString();
const PERIOD = { from: at(NOW - HOUR), to: at(NOW) };
const icmp = (id: string, family: 4 | 6) => ({
  id: `${id}/icmp${family}`,
  objectId: id,
  kind: 'icmp' as const,
  family,
  address: family === 4 ? '127.0.0.2' : '::1',
  zone: 'centre',
  policy: DEFAULT_ICMP_POLICY,
});
const interfaceCheck = (object: string, name: string, device: string, ifName: string) => ({
  id: `${object}/${name}`,
  objectId: object,
  kind: 'interface' as const,
  device,
  ifName,
});

let harness: Harness;
let app: App;
let keyOf: Map<string, number>;
const questions: SeriesQuestion[] = [];
const running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  harness = await startHarness();
  const put = (id: string, division: string, more: Parameters<typeof objectBody>[2]) =>
    insertEntity(harness.database, 'object', objectBody(id, division, more));
  const port = (device: string, name: string) =>
    put(`${device}/${name}`, 'cn.gd', {
      kind: 'interface',
      quiet: true,
      dependency: { parents: [device], rule: { require: 'any' } },
      checks: [interfaceCheck(`${device}/${name}`, 'status', device, name)],
    });
  await put('bj:r1', 'cn.gd', {
    checks: [
      icmp('bj:r1', 4),
      icmp('bj:r1', 6),
      {
        id: 'bj:r1/snmp',
        objectId: 'bj:r1',
        kind: 'snmp',
        family: 4,
        address: '127.0.0.2',
        port: 161,
        zone: 'centre',
        credential: 'c',
        policy: DEFAULT_SNMP_POLICY,
        interfaces: { watch: [], ignore: [] },
      },
    ],
  });
  await put('bj:six', 'cn.gd', { checks: [icmp('bj:six', 6)] });
  await port('bj:r1', 'Gi0/1');
  await port('bj:r1', 'Gi0/2');
  const ends = [interfaceCheck('bj:line', 'end1', 'bj:r1', 'Gi0/1'), interfaceCheck('bj:line', 'end2', 'bj:other', 'Gi9/9')];
  await put('bj:line', 'cn.bj', { kind: 'circuit', checks: ends });
  await put('bj:bare', 'cn.bj', { kind: 'circuit', checks: [icmp('bj:bare', 4)] });
  await harness.database.query(
    `INSERT INTO checks (id, object_id, first_seen)
     SELECT c ->> 'id', i.id, 0 FROM inventory i, jsonb_array_elements(i.body -> 'checks') AS c ORDER BY 1`,
  );
  const rows = await harness.database.query<{ id: string; key: number }>('SELECT id, key FROM checks');
  keyOf = new Map(rows.rows.map(({ id, key }) => [id, key]));
  app = await harness.app();
});
afterEach(async () => {
  questions.length = 0;
  await Promise.all(running.splice(0).map((each) => each.stop()));
});
afterAll(() => harness?.close());

async function answerBy(answerers: Record<string, Answerer>): Promise<void> {
  const { redis, keys, logger } = harness.deps;
  const blockingRedis = createRedis(harness.redisServer.url, () => undefined);
  const responder = createResponder({ redis, blockingRedis, keys, answerers, concurrency: 2, logger });
  await responder.start();
  running.push({
    stop: async () => {
      await responder.stop();
      blockingRedis.disconnect();
    },
  });
}

const answering = (pointsOf: (question: SeriesQuestion) => number[][] = () => [[NOW - HOUR, 1, 2.5, 4]]) =>
  answerBy({
    series: async (body) => {
      questions.push(body as SeriesQuestion);
      return { step: 60_000, source: 'raw', points: pointsOf(body as SeriesQuestion) };
    },
  });

const get = (id: string, query: Record<string, string>, headers = bearer()) =>
  app.inject({ url: `/api/v1/objects/${encodeURIComponent(id)}/series`, query: { ...PERIOD, ...query }, headers });

describe('a series', () => {
  it('is of the IPv4 check of an object unless told otherwise', async () => {
    await answering();
    const answer = await get('bj:r1', { metric: 'rtt' });
    expect(answer.statusCode).toBe(200);
    expect(Series.parse(answer.json())).toEqual({
      metric: 'rtt',
      unit: 'ms',
      step: 60_000,
      source: 'raw',
      object: 'bj:r1',
      check: 'bj:r1/icmp4',
      points: [[at(NOW - HOUR), 1, 2.5, 4]],
    });
    await get('bj:r1', { metric: 'loss', family: '6', step: '5000' });
    await get('bj:six', { metric: 'jitter' });
    expect(questions).toEqual([
      { check: keyOf.get('bj:r1/icmp4'), metric: 'rtt', from: NOW - HOUR, to: NOW, step: null },
      { check: keyOf.get('bj:r1/icmp6'), metric: 'loss', from: NOW - HOUR, to: NOW, step: 5_000 },
      { check: keyOf.get('bj:six/icmp6'), metric: 'jitter', from: NOW - HOUR, to: NOW, step: null },
    ]);
  });

  it('is of an interface, or of the interface at the end of a circuit', async () => {
    await answering();
    expect((await get('bj:r1/Gi0/2', { metric: 'traffic.in' })).json()).toMatchObject({ unit: 'bit/s', check: 'bj:r1/Gi0/2/status' });
    expect((await get('bj:line', { metric: 'utilisation.out' })).json()).toMatchObject({ unit: 'ratio', object: 'bj:r1/Gi0/1' });
    expect((await get('bj:line', { metric: 'errors.in', end: '2' })).json()).toMatchObject({ object: 'bj:line', check: 'bj:line/end2' });
    expect(questions.map(({ check }) => check)).toEqual(
      ['bj:r1/Gi0/2/status', 'bj:r1/Gi0/1/status', 'bj:line/end2'].map((id) => keyOf.get(id)),
    );
  });

  it('of a circuit is what it asked itself where the interface has nothing', async () => {
    await answering(({ check }) => (check === keyOf.get('bj:line/end1') ? [[NOW - HOUR, 1, 1, 1]] : []));
    expect((await get('bj:line', { metric: 'traffic.in' })).json()).toMatchObject({
      check: 'bj:line/end1',
      points: [[at(NOW - HOUR), 1, 1, 1]],
    });
  });

  it.each([
    ['bj:r1', { metric: 'traffic.in' }, 422, 'interface-needed', 'bj:r1/Gi0/1, bj:r1/Gi0/2'],
    ['bj:six', { metric: 'traffic.in' }, 422, 'not-sampled', 'no interfaces'],
    ['bj:bare', { metric: 'traffic.in' }, 422, 'not-sampled', 'no interface is known at its ends'],
    ['bj:r1/Gi0/1', { metric: 'rtt' }, 422, 'not-sampled', 'no ICMP check'],
    ['bj:six', { metric: 'rtt', family: '4' }, 422, 'not-sampled', 'IPv6 only'],
    ['bj:r1/Gi0/1', { metric: 'traffic.in', end: '1' }, 400, 'invalid-request', 'no circuit'],
    ['bj:r1/Gi0/1', { metric: 'traffic.in', family: '4' }, 400, 'invalid-request', 'no address family'],
    ['bj:r1', { metric: 'rtt', end: '1' }, 400, 'invalid-request', 'not of an end'],
    ['bj:r1', { metric: 'colour' }, 400, 'invalid-request', 'metric'],
    ['bj:r1', { metric: 'rtt', step: '0' }, 400, 'invalid-request', 'step'],
    ['bj:none', { metric: 'rtt' }, 404, 'not-found', 'no such object'],
  ])('%s %j is refused: %i %s', async (id, query, status, code, words) => {
    await answering();
    const answer = await get(id, query as Record<string, string>);
    expect(answer.statusCode).toBe(status);
    const problem = Problem.parse(answer.json());
    expect(problem.code).toBe(code);
    expect(problem.detail).toContain(words);
    expect(questions).toEqual([]);
  });

  it('is shown within the divisions of the caller only', async () => {
    await answering();
    const token = await createToken(app, ['viewer'], ['cn.bj']);
    expect((await get('bj:r1', { metric: 'rtt' }, bearer(token))).statusCode).toBe(404);
    // The circuit is the caller's: so is what passes through it.
    expect((await get('bj:line', { metric: 'traffic.in' }, bearer(token))).statusCode).toBe(200);
  });

  it('says that samples are away when nobody answers, at once, and when the store fails', async () => {
    const started = performance.now();
    const away = await get('bj:r1', { metric: 'rtt' });
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(away.statusCode).toBe(503);
    expect(away.headers['retry-after']).toBe('10');
    expect(Problem.parse(away.json())).toMatchObject({ code: 'samples-unavailable' });
    await answerBy({
      series: () => Promise.reject(new Error('connect to http://me:secret@10.0.0.1 failed')),
    });
    const failed = await get('bj:r1', { metric: 'rtt' });
    expect(Problem.parse(failed.json()).code).toBe('samples-unavailable');
    expect(failed.body).not.toContain('secret');
  });
});

describe('one object', () => {
  const detail = async (id: string) =>
    (await app.inject({ url: `/api/v1/objects/${encodeURIComponent(id)}`, headers: bearer() })).json() as {
      checks: { id: string; traffic: Record<string, unknown> | null }[];
    };

  it('has the newest traffic of its interface, null where it is not known', async () => {
    await answerBy({
      latest: async (body) =>
        (body as z.infer<typeof LatestQuestion>).checks.map((check) => ({
          check,
          at: NOW - 1_000,
          span: 60_000,
          speed: 1_000,
          status: 0x21,
          increments: [7_500_000, 60, 30, 30, 0, null, null, null, 6, 0, null, 0],
        })),
    });
    const { checks } = await detail('bj:r1/Gi0/1');
    expect(checks[0]?.traffic).toEqual({
      at: at(NOW - 1_000),
      spanMs: 60_000,
      speedBps: 1e9,
      admin: 'up',
      oper: 'down',
      inBps: 1_000_000,
      outBps: 0,
      inUtilisation: 0.001,
      outUtilisation: 0,
      inPacketsPerSecond: 2,
      outPacketsPerSecond: null,
      inErrorsPerSecond: 0.1,
      outErrorsPerSecond: 0,
      inDiscardsPerSecond: null,
      outDiscardsPerSecond: 0,
    });
    expect((await detail('bj:r1')).checks.map(({ traffic }) => traffic)).toEqual([null, null, null]);
  });

  it('is answered without it when the recorder is away', async () => {
    expect((await detail('bj:r1/Gi0/1')).checks[0]?.traffic).toBeNull();
  });
});
