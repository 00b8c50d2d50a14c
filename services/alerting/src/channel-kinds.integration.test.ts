/** One outage and its end, by every kind of channel that speaks HTTP, through the whole of alerting. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelBody } from '@beacontower/contracts';
import { startWebhookReceiver, type WebhookReceiver, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, startFixture, webhookChannel } from './alerting.fixture.ts';

const OBJECT = 'test:line';
const KINDS = ['hook', 'wecom', 'dingtalk', 'feishu', 'sms', 'alertmanager'] as const;

let fixture: Fixture;
let receiver: WebhookReceiver;
let directory: string;
let alerting: { start(): Promise<void>; stop(): Promise<void> };

beforeAll(async () => {
  [fixture, receiver] = await Promise.all([startFixture(), startWebhookReceiver()]);
  receiver.otherwise({ status: 200, body: '{"errcode":0,"code":0}' });
  directory = mkdtempSync(join(tmpdir(), 'robots-'));
  await fixture.apply([{ id: OBJECT }], channels());
  await fixture.transition(OBJECT, 'up', Date.now() - 60_000);
  alerting = fixture.alerting('main/judge', {
    sweepMs: 200,
    overdueMs: 500,
    correlation: { parentLookMs: 200, ownLookMs: 200, longestMs: 1_000 },
  });
  await alerting.start();
});
afterAll(async () => {
  await alerting?.stop();
  await Promise.all([fixture?.stop(), receiver?.stop()]);
  rmSync(directory, { recursive: true, force: true });
});

/** The URL of a robot is a secret: a file. */
function robotUrl(kind: string): { readonly file: string } {
  const file = join(directory, kind);
  writeFileSync(file, `${receiver.url}/${kind}?key=not-to-be-shown-${kind}\n`);
  return { file };
}

function channels(): ChannelBody[] {
  const base = { timeoutMs: 2_000, maxAttempts: 4, limit: null, template: null, allowLocal: true, ca: null };
  const secret = { env: 'TEST_SECRET' };
  return [
    webhookChannel(`${receiver.url}/hook`),
    { ...base, id: 'wecom', kind: 'wecom', url: robotUrl('wecom'), mention: [] },
    { ...base, id: 'dingtalk', kind: 'dingtalk', url: robotUrl('dingtalk'), secret, mention: [] },
    { ...base, id: 'feishu', kind: 'feishu', url: robotUrl('feishu'), secret, mention: [] },
    {
      ...base,
      ...{
        id: 'sms',
        kind: 'gateway',
        url: `${receiver.url}/sms`,
        method: 'GET',
        query: 'text={{ text }}&key={{ delivery }}',
        headers: {},
      },
      ...{ body: '', contentType: 'application/json', secrets: {}, accepted: '"code":0', longest: 300 },
    },
    { ...base, id: 'alertmanager', kind: 'alertmanager', url: `${receiver.url}/alertmanager`, token: null },
  ];
}

/** What a channel brought, each text with what stands in its URL. */
const told = (kind: string): string[] =>
  receiver.received.filter(({ path }) => path.startsWith(`/${kind}`)).map(({ path, raw }) => `${decodeURIComponent(path)} ${raw}`);

describe('every kind of channel', () => {
  it('brings the alarm and its end, once each', async () => {
    await fixture.transition(OBJECT, 'down');
    await waitFor(async () => KINDS.every((kind) => told(kind).length === 1), { what: 'an alarm by every channel' });
    await fixture.transition(OBJECT, 'up');
    await waitFor(async () => KINDS.every((kind) => told(kind).length === 2), { what: 'an end by every channel' });
    for (const kind of KINDS) {
      const [alarm, end] = told(kind);
      expect(alarm).toMatch(/incident\.opened|告警|"status":"firing"/);
      expect(end).toMatch(/incident\.resolved|恢复|"status":"resolved"/);
      expect(alarm).toContain('CT-1001');
    }
  });

  it('leaves proof of it that shows no secret', async () => {
    const result = await waitFor(
      async () => {
        const read = await fixture.database.query<{ channel: string; attempts: unknown; digest: string | null; state: string }>(
          `SELECT d.channel, d.state, to_jsonb(a) AS attempts, a.digest FROM deliveries d LEFT JOIN delivery_attempts a ON a.delivery_id = d.id`,
        );
        return read.rows.length >= 2 * KINDS.length && read.rows.every(({ state }) => state === 'delivered') ? read : undefined;
      },
      { what: 'the record of every attempt' },
    );
    expect(new Set(result.rows.map(({ channel }) => channel))).toEqual(new Set(KINDS));
    expect(result.rows.every(({ digest }) => /^[0-9a-f]{64}$/.test(digest ?? ''))).toBe(true);
    expect(JSON.stringify(result.rows)).not.toContain('not-to-be-shown');
  });
});
