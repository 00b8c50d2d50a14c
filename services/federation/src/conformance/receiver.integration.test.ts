import { startPostgres, type TestServer } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clock, failures, keepReport, type RealCentre, startRealCentre } from './conformance.fixture.ts';
import { checkReceiver } from './receiver/check.ts';
import { reportInWords } from './report.ts';
import { PlayedCentre } from './sender/played-centre.ts';

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

describe('a careless receiver', () => {
  test('is found out', { timeout: 240_000 }, async () => {
    const [node, division] = ['probe', 'cn.probe'];
    const listen = { host: '127.0.0.1', port: 0 };
    // What is played for senders has a chain and nothing behind it: no scope, no objects, no record.
    const careless = new PlayedCentre({ listen, names: ['127.0.0.1'], node, division, now: () => clock.now() });
    await careless.start();
    try {
      const as = { token: careless.invitation(), node, division, onCode: () => undefined, pauseMs: 50 };
      const report = await checkReceiver({ as, clock });
      const failed = report.cases.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
      expect(report.conforms).toBe(false);
      expect(failed).toEqual(
        expect.arrayContaining([
          'enrolment.look-foreign',
          'hello.clock-ahead',
          'hello.version-future',
          'log.opening-missing',
          'log.future-event',
          'log.unknown-object',
          'scope.object',
          'scope.division-prefix',
          'scope.outage',
          'effect.transitions',
          'snapshot.watermark',
          'digests.invalid',
        ]),
      );
      // A chain it has.
      for (const id of ['log.gap', 'log.forged', 'log.reordered', 'log.repeated']) expect(failed).not.toContain(id);
    } finally {
      await careless.stop();
    }
  });
});
