import { startPostgres, type TestServer } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clock, failures, keepReport, type RealCentre, startRealCentre } from './conformance.fixture.ts';
import { checkReceiver } from './receiver/check.ts';
import { reportInWords } from './report.ts';

describe('the conformance test, against our own receiver', () => {
  let server: TestServer;
  let centre: RealCentre;
  beforeAll(async () => {
    server = await startPostgres();
    centre = await startRealCentre(server);
  });
  afterAll(async () => {
    await centre.stop();
    await server.stop();
  });

  test('passes every case, from the invitation on', { timeout: 240_000 }, async () => {
    const [node, division] = ['probe', 'cn.probe'];
    const token = await centre.invite(node, division);
    const [expired, revoked] = await Promise.all(
      (['expired', 'revoked'] as const).map((what) => centre.formerCertificate(what, `cn.${what}`, what)),
    );
    const onCode = (code: string) => void centre.approve(node, code);
    const report = await checkReceiver({ as: { token, node, division, onCode, pauseMs: 200 }, clock, expired, revoked });
    expect(failures(report)).toEqual([]);
    expect(report.conforms).toBe(true);
    expect(report.counts.passed).toBeGreaterThan(100);
    for (const language of ['en', 'zh'] as const) expect(reportInWords(report, language)).toContain('`log.gap`');
    keepReport('beacontower-receiver', report);
  });
});
