/** A node that is not heard, from what the watch records to what people are told. */
import type { LinkFacts } from '@beacontower/contracts';
import { openLinkIncident, resolveLinkIncident } from '@beacontower/database';
import { IncidentMessage } from '@beacontower/messages';
import { startWebhookReceiver, type WebhookReceiver } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Fixture, SECRET, startFixture, webhookChannel } from './alerting.fixture.ts';

const NODE = 'gd';
let fixture: Fixture;
let receiver: WebhookReceiver;
let alerting: { stop(): Promise<void> } | undefined;

const facts: LinkFacts = {
  ...{ kind: 'link', node: NODE, name: '广东省', nameEn: 'Guangdong', heardAt: Date.now() - 12_000, afterMs: 10_000 },
  ...{ observedUntil: Date.now() - 15_000, objects: 10_240, others: 31, othersSilent: 0, refused: null },
  landing: [{ object: 'test:a', name: '广东落地设备', nameEn: null, state: 'up', since: null }],
};
const isOf = (type: IncidentMessage['type']) => (request: { readonly json: unknown }) => {
  const told = IncidentMessage.parse(request.json);
  return told.type === type && told.incident.cause.id === `node/${NODE}`;
};

beforeAll(async () => {
  [fixture, receiver] = await Promise.all([startFixture(), startWebhookReceiver({ secret: SECRET })]);
  await fixture.apply([{ id: 'test:a' }], [webhookChannel(receiver.url)]);
});
afterEach(async () => {
  await alerting?.stop();
});
afterAll(async () => {
  await receiver?.stop();
  await fixture?.stop();
});

describe('a node that is not heard', () => {
  it('is told by the ordinary routes, and told again when it is heard, once each', async () => {
    const running = fixture.alerting('main/judge', { sweepMs: 200, overdueMs: 500 });
    alerting = running;
    await running.start();
    const id = 'aaaaaaaa-0000-4000-8000-000000000021';
    const opened = { id, facts, division: 'cn.gd', class: 'backbone', severity: 'major', language: 'zh', now: Date.now() } as const;
    expect(await fixture.database.transaction((tx) => openLinkIncident(tx, opened))).toBe(true);
    // Of one node there is one incident under way, whoever finds it silent again.
    const again = { ...opened, id: 'aaaaaaaa-0000-4000-8000-000000000022' };
    expect(await fixture.database.transaction((tx) => openLinkIncident(tx, again))).toBe(false);
    await receiver.waitFor(isOf('incident.opened'));
    const over = { id, node: NODE, reason: 'recovered', at: Date.now(), now: Date.now() } as const;
    expect(await fixture.database.transaction((tx) => resolveLinkIncident(tx, over))).toBe(true);
    expect(await fixture.database.transaction((tx) => resolveLinkIncident(tx, over))).toBe(false);
    await receiver.waitFor(isOf('incident.resolved'));
    const messages = receiver.received.map(({ json }) => IncidentMessage.parse(json));
    expect(messages.map(({ type }) => type)).toEqual(['incident.opened', 'incident.resolved']);
    expect(messages[0]?.incident).toMatchObject({
      ...{ kind: 'link', severity: 'major', title: '下级节点 广东省 失去联系', party: null, division: 'cn.gd' },
      cause: { id: 'node/gd', name: '广东省', kind: 'node', class: 'backbone' },
      affected: { total: 10_240, objects: [] },
      link: { node: NODE, others: 31, landing: [{ object: 'test:a', name: '广东落地设备', state: 'up' }] },
    });
    expect(messages[1]?.incident.resolution).toBe('recovered');
  });
});
