import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SelfReport } from '@beacontower/contracts';
import { startWebhookReceiver } from '@beacontower/testing';
import { expect, it } from 'vitest';
import { workingFacts } from './facts.fixture.ts';
import { beat } from './heartbeat.ts';

const REPORT: SelfReport = {
  at: new Date(0).toISOString(),
  node: 'bj',
  status: 'ok',
  findings: [],
  facts: workingFacts(),
  heartbeat: null,
};
const settings = (url: string) => ({ url, failUrl: null, intervalMs: 1_000, method: 'POST' as const, timeoutMs: 2_000 });

it('does not take the word of a receiver whose certificate nobody vouches for', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'bt-heartbeat-'));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const made = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost'];
  execFileSync('openssl', ['req', '-x509', ...made, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  let asked = 0;
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) => {
    asked++;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    const { port } = server.address() as AddressInfo;
    const result = await beat(settings(`https://127.0.0.1:${port}/ping/secret`), REPORT);
    expect(result).toEqual({ kind: 'unreachable', words: expect.stringMatching(/^not sent: (DEPTH_ZERO_)?SELF_SIGNED_CERT/) });
    expect(asked).toBe(0);
  } finally {
    server.close();
    rmSync(directory, { recursive: true });
  }
});

it('follows no redirect, and tells neither a start nor, without an address for it, a failure', async () => {
  const receiver = await startWebhookReceiver();
  try {
    for (const status of ['starting', 'failed'] as const)
      expect(await beat(settings(`${receiver.url}/ping`), { ...REPORT, status })).toMatchObject({ kind: 'withheld' });
    expect(receiver.received).toEqual([]);
    receiver.script({ status: 307 });
    expect(await beat(settings(`${receiver.url}/ping`), REPORT)).toEqual({
      kind: 'refused',
      words: 'refused: redirected (307); redirects are not followed',
    });
    expect(await beat(settings(`${receiver.url}/ping`), { ...REPORT, status: 'degraded' })).toEqual({ kind: 'sent', words: 'sent' });
    expect(receiver.received).toHaveLength(2);
  } finally {
    await receiver.stop();
  }
});

it('takes a user and password from the address', async () => {
  const receiver = await startWebhookReceiver();
  try {
    const url = receiver.url.replace('://', '://me:p%40ss@');
    expect(await beat(settings(`${url}/ping`), REPORT)).toEqual({ kind: 'sent', words: 'sent' });
    expect(receiver.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  } finally {
    await receiver.stop();
  }
});
