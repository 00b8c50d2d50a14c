import { SystemClock } from '@beacontower/runtime';
import type { TestServer } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCentre, startPostgres, type TestCentre } from '../federation.fixture.ts';
import { checkReceiver } from './receiver/check.ts';
import { reportInWords } from './report.ts';

describe('the conformance test, against our own receiver', () => {
  let server: TestServer;
  let centre: TestCentre;
  beforeAll(async () => {
    server = await startPostgres();
    centre = await startCentre(server);
  });
  afterAll(async () => {
    await centre.stop();
    await server.stop();
  });

  test('passes every case', { timeout: 180_000 }, async () => {
    const { certificate, key, authority, url } = await centre.enrol('probe', 'cn.probe');
    const identity = { url, authority, own: { certificate, key }, node: 'probe', division: 'cn.probe' };
    const report = await checkReceiver({ as: { identity }, clock: new SystemClock() });
    const failed = report.cases.filter(({ outcome }) => outcome === 'failed').map(({ id, seen }) => `${id}: ${seen}`);
    expect(failed).toEqual([]);
    expect(report.counts.passed).toBeGreaterThan(90);
    for (const language of ['en', 'zh'] as const) expect(reportInWords(report, language)).toContain('`log.gap`');
  });
});
