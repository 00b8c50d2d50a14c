import { Problem, SelfReport } from '@beacontower/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { App } from './context.ts';
import { bearer, createToken, type Harness, insertEntity, NOW, startHarness } from './test-harness.ts';

let harness: Harness;
let app: App;

beforeAll(async () => {
  harness = await startHarness();
  app = await harness.app();
});
afterAll(() => harness?.close());
beforeEach(async () => {
  await harness.deps.redis.del(harness.deps.keys.self);
});

const get = async (token?: string) => app.inject({ url: '/api/v1/self', headers: bearer(token) });
const say = async (instance: string, report: object) => harness.deps.redis.hset(harness.deps.keys.self, instance, JSON.stringify(report));
const said = (at: number): SelfReport => ({
  at: new Date(at).toISOString(),
  node: 'bj',
  status: 'degraded',
  findings: [
    {
      code: 'rounds-missed',
      severity: 'warning',
      subject: 'icmp centre',
      text: { zh: '有 1 个轮次未执行', en: '1 round was not run' },
      since: new Date(at - 60_000).toISOString(),
    },
  ],
  facts: null,
  heartbeat: { intervalMs: 60_000, lastSuccess: null, lastResult: null },
});

describe('what the node says of itself', () => {
  it('is what the newest watchdog said', async () => {
    await say('old', { ...said(NOW - 20_000), node: 'old' });
    await say('new', said(NOW - 2_000));
    await say('of another version', { findings: 'none' });
    const answer = await get();
    expect(answer.statusCode).toBe(200);
    expect(SelfReport.parse(answer.json())).toEqual(said(NOW - 2_000));
  });

  it('is not believed when it is old, and says since when', async () => {
    await say('old', said(NOW - 40_000));
    const report = SelfReport.parse((await get()).json());
    expect(report.status).toBe('failed');
    expect(report.findings.map(({ code }) => code)).toEqual(['watchdog-silent', 'rounds-missed']);
    expect(report.findings[0]?.since).toBe(new Date(NOW - 40_000).toISOString());
  });

  it('is a finding of its own when no watchdog runs', async () => {
    expect(SelfReport.parse((await get()).json())).toMatchObject({
      status: 'failed',
      facts: null,
      findings: [{ code: 'watchdog-silent' }],
    });
  });

  it('is for those who may see the whole node', async () => {
    const part = await createToken(app, ['viewer'], ['cn.gd']);
    const refused = await get(part);
    expect([refused.statusCode, Problem.parse(refused.json()).code]).toEqual([403, 'division-required']);
    const all = await createToken(app, ['viewer'], ['']);
    expect((await get(all)).statusCode).toBe(200);
    const own = await createToken(app, ['viewer'], ['cn']);
    expect((await get(own)).statusCode).toBe(403);
    await insertEntity(harness.database, 'node', { id: 'bj', name: '中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' });
    expect((await get(own)).statusCode).toBe(200);
    expect((await get(part)).statusCode).toBe(403);
    expect((await app.inject('/api/v1/self')).statusCode).toBe(401);
  });

  it('says that Redis does not answer', async () => {
    await harness.redisServer.kill();
    try {
      const answer = await get();
      expect(answer.statusCode).toBe(200);
      expect(SelfReport.parse(answer.json())).toMatchObject({ status: 'failed', findings: [{ code: 'redis-silent' }] });
    } finally {
      await harness.redisServer.start();
    }
  });
});
