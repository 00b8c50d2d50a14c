/** The dead-man's heartbeat of a whole node: it goes out while the node works, and not while a part of it stands still. */
import { chmodSync } from 'node:fs';
import { SelfReport } from '@beacontower/contracts';
import { programsPresent, startWebhookReceiver, type WebhookReceiver, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearData, get, processNamed, startNode, type TestNode, temporaryData } from './test-node.ts';

describe.runIf(programsPresent('redis-server', 'fping'))('the heartbeat of a node', { timeout: 240_000 }, () => {
  let data: string;
  let node: TestNode;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    data = temporaryData();
    chmodSync(data, 0o711);
    receiver = await startWebhookReceiver();
    const env = { BEACONTOWER_HEARTBEAT_URL: `${receiver.url}/ping/secret-part`, BEACONTOWER_HEARTBEAT_INTERVAL: '1s' };
    node = await startNode({ data, env });
    await node.ready();
  }, 200_000);
  afterAll(async () => {
    node?.child.kill('SIGINT');
    await node?.ended;
    await receiver?.stop();
    await clearData(data);
  });

  const report = async () => SelfReport.parse(JSON.parse((await get(node, '/api/v1/self'))?.text ?? '{}'));
  const beats = () => receiver.received.length;

  it('goes out once the node has been seen to work from the round to the commit', async () => {
    const beat = await receiver.waitFor(() => true, { timeoutMs: 90_000 });
    expect(beat.json).toMatchObject({ node: 'local' });
    expect(['ok', 'degraded']).toContain((beat.json as { status: string }).status);
    // Told with the next look.
    const { facts, heartbeat } = await waitFor(async () => {
      const told = await report();
      return told.heartbeat?.lastResult === 'sent' && told;
    });
    expect(facts?.rounds.find(({ kind }) => kind === 'icmp')?.run).toBeGreaterThan(0);
    expect(heartbeat).toMatchObject({ intervalMs: 1_000, lastSuccess: expect.any(String) });
    expect(node.err()).not.toContain('secret-part');
  });

  it('stops while nobody looks, says who is silent, and goes on afterwards', async () => {
    const collect = processNamed(data, 'collect');
    if (!collect) throw new Error('the process collect does not run');
    // A process that stands still is worse than one that ended: nobody starts it again at once.
    process.kill(collect.pid, 'SIGSTOP');
    try {
      const failed = await waitFor(async () => (await report()).status === 'failed' && (await report()), {
        timeoutMs: 60_000,
        intervalMs: 500,
      });
      expect(failed.findings.map(({ code, subject }) => `${code} ${subject}`)).toContain('role-silent collector-icmp');
      // A beat that was on its way may still come; then there is silence for several intervals.
      const heard = beats();
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      expect(beats() - heard).toBeLessThanOrEqual(1);
    } finally {
      process.kill(collect.pid, 'SIGCONT');
    }
    const before = beats();
    await waitFor(() => beats() > before + 2, { timeoutMs: 120_000, what: 'the heartbeat to go on' });
  });
});
