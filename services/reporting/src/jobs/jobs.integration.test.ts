import { randomUUID } from 'node:crypto';
import { cancelReport, findReport, readArtifact, readLog, reportArtifact } from '@beacontower/database';
import { createLogger, createRegistry } from '@beacontower/runtime';
import { waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { REPORTING_DEFAULTS } from '../config.ts';
import { createReportingMetrics } from '../metrics.ts';
import { askFor, NOW, putBackbone, type ReportingHarness, startReportingHarness } from '../reporting.fixture.ts';
import { createReportBus } from './bus.ts';
import { ReportWorker } from './worker.ts';

let harness: ReportingHarness;
const running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  harness = await startReportingHarness();
  await putBackbone(harness.database);
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
});
afterAll(() => harness?.close());

const reportOf = (id: string) => findReport(harness.database, id, ['']);
const ended = (id: string, state: string) =>
  waitFor(async () => ((await reportOf(id))?.state === state ? reportOf(id) : undefined), {
    what: `a report that is ${state}`,
    timeoutMs: 30_000,
  });
const start = async (config = {}) => running.push(await harness.start(config));

/** A worker alone, whose making is what a test says. */
function worker(make: NonNullable<ConstructorParameters<typeof ReportWorker>[1]['make']>, instance = 'other/report'): ReportWorker {
  const { database, redis, clock } = harness;
  const logger = createLogger({ name: 'test', level: 'silent' });
  const bus = createReportBus({ redisUrl: redis.url, bullPrefix: 'alone', onError: () => undefined });
  running.push({ stop: () => bus.close() });
  const metrics = createReportingMetrics(createRegistry({}, false));
  return new ReportWorker(
    { ...REPORTING_DEFAULTS, instance },
    { database, bus, redisUrl: redis.url, bullPrefix: 'alone', clock, logger, metrics, make },
  );
}

describe('a report', () => {
  it('is made, told on, and kept with its files', async () => {
    const id = randomUUID();
    await askFor(harness.database, id, { formats: ['csv', 'xlsx'], languages: ['zh', 'en'] });
    await start();
    const report = await ended(id, 'done');
    expect(report).toMatchObject({
      progress: 100,
      attempt: 1,
      error: null,
      summary: { zh: '2018年上半年,中央广域骨干网平均可用率为100.00%' },
    });
    expect(report?.files.map(({ format, language }) => `${format} ${language}`).sort()).toEqual(['csv en', 'csv zh', 'xlsx en', 'xlsx zh']);
    const artifact = await reportArtifact(harness.database, id, 'csv', 'zh');
    const chunks: Uint8Array[] = [];
    for await (const chunk of readArtifact(harness.database, artifact ?? '')) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString('utf8')).toContain('中央广域骨干网平均可用率为100.00%');
    const told = await harness.database.query<{ body: { state: string; progress: number } }>(
      "SELECT body FROM log WHERE kind = 'report' AND subject = $1 ORDER BY id",
      [id],
    );
    expect(told.rows[0]?.body).toMatchObject({ state: 'running', progress: 0 });
    expect(told.rows.at(-1)?.body).toMatchObject({ state: 'done', progress: 100 });
    expect(await readLog(harness.database, 0, 1)).toEqual([]);
  });

  it('is taken up again when its worker was killed', async () => {
    const id = randomUUID();
    await askFor(harness.database, id);
    let begun = () => {};
    const isMaking = new Promise<void>((resolve) => {
      begun = resolve;
    });
    // It never comes back: as a process that was killed in the middle of it.
    const killed = worker(() => {
      begun();
      return new Promise(() => undefined);
    });
    void killed.take({ report: id, attempt: 0 }, async () => undefined);
    await isMaking;
    expect(await reportOf(id)).toMatchObject({ state: 'running', attempt: 1 });
    harness.clock.advance(REPORTING_DEFAULTS.claimMs + 60_000);
    await start();
    expect(await ended(id, 'done')).toMatchObject({ attempt: 2 });
  });

  it('of a process that starts again in the same slot is taken up at once', async () => {
    const id = randomUUID();
    await askFor(harness.database, id);
    const killed = worker(() => new Promise(() => undefined), 'test/report');
    void killed.take({ report: id, attempt: 0 }, async () => undefined);
    await waitFor(async () => (await reportOf(id))?.state === 'running');
    await start();
    expect(await ended(id, 'done')).toMatchObject({ attempt: 2 });
  });

  it('survives a Redis that forgot everything', async () => {
    const id = randomUUID();
    await start({ concurrency: 1, retellMs: 200 });
    const { createRedis } = await import('@beacontower/queue');
    const redis = createRedis(harness.redis.url, () => undefined);
    await askFor(harness.database, id);
    await redis.flushall();
    redis.disconnect();
    const tick = setInterval(() => harness.clock.advance(1_000), 100);
    await ended(id, 'done').finally(() => clearInterval(tick));
  });

  it('that cannot be made fails in words after a bounded number of attempts', async () => {
    const id = randomUUID();
    await askFor(harness.database, id);
    const failing = worker(async () => {
      throw new Error('no font');
    });
    for (let attempt = 0; attempt < REPORTING_DEFAULTS.mostAttempts; attempt++) {
      expect(await reportOf(id)).toMatchObject({ state: 'queued', attempt });
      await failing.take({ report: id, attempt }, async () => undefined);
    }
    expect(await reportOf(id)).toMatchObject({ state: 'failed', attempt: REPORTING_DEFAULTS.mostAttempts, error: 'no font', files: [] });
    await failing.take({ report: id, attempt: REPORTING_DEFAULTS.mostAttempts }, async () => undefined);
    expect(await reportOf(id)).toMatchObject({ attempt: REPORTING_DEFAULTS.mostAttempts });
  });

  it('that is cancelled while it is made stops at its next step and leaves no files', async () => {
    const id = randomUUID();
    await askFor(harness.database, id);
    let steps = 0;
    const cancelled = worker(async ({ tell }) => {
      await cancelReport(harness.database, id, NOW);
      await tell('one', 0.1);
      steps += 1;
      throw new Error('unreachable');
    });
    await cancelled.take({ report: id, attempt: 0 }, async () => undefined);
    expect(steps).toBe(0);
    expect(await reportOf(id)).toMatchObject({ state: 'cancelled', error: null, files: [] });
  });

  it('is begun once, however often the bus says so', async () => {
    const id = randomUUID();
    await askFor(harness.database, id);
    let made = 0;
    const once = worker(async () => {
      made += 1;
      throw new Error('enough');
    });
    await Promise.all([1, 2, 3, 4].map(() => once.take({ report: id, attempt: 0 }, async () => undefined)));
    expect(made).toBe(1);
    await cancelReport(harness.database, id, NOW);
  });
});
