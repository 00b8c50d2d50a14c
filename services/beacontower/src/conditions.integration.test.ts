/** Conditions through a whole node: from the configuration, by samples of a device that is truly asked, to messages that arrive and end. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programsPresent, type SnmpAgent, startSnmpAgent, startWebhookReceiver, type WebhookReceiver } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearData, startNode, type TestNode, temporaryData } from './test-node.ts';

const BUSY = 'GigabitEthernet0/0/1';
const DOWN = 'GigabitEthernet0/0/2';
const SECRET = 'secret-of-this-test';

interface Told {
  readonly type: string;
  readonly incident: {
    readonly kind?: string;
    readonly title: string;
    readonly cause: { readonly id: string };
    readonly condition?: object;
  };
}

describe.runIf(programsPresent('redis-server', 'fping'))('conditions through a whole node', { timeout: 240_000 }, () => {
  let data: string;
  let node: TestNode;
  let agent: SnmpAgent;
  let receiver: WebhookReceiver;

  beforeAll(async () => {
    data = temporaryData();
    chmodSync(data, 0o711);
    const busy = { name: BUSY, traffic: { inBps: 300_000_000, outBps: 8_000_000 } };
    const idle = { name: DOWN, traffic: { inBps: 0, outBps: 0 } };
    [agent, receiver] = await Promise.all([
      startSnmpAgent({ community: 'public', interfaces: [busy, idle] }),
      startWebhookReceiver({ secret: SECRET }),
    ]);
    const file = join(data, 'node.yaml');
    writeFileSync(join(data, 'community'), 'public\n');
    writeFileSync(
      file,
      `node: {id: gd, name: 广东, division: cn.gd}
zones: [{id: z, anchors: [127.0.0.1]}]
credentials: [{id: access, version: 2c, community: {file: ${join(data, 'community')}}}]
devices:
  - id: r1
    name: R1
    addresses: {ipv4: 127.0.0.1}
    snmp: {credential: access, port: ${agent.port}, interval: 2s, timeout: 500ms, retries: 1}
conditions:
  - {id: busy, name: 带宽利用率过高, nameEn: is too busy, severity: major, test: {metric: utilisation, above: 20%}, for: 4s, clearFor: 4s}
  - {id: port-down, name: 端口中断, severity: minor, where: {kinds: [interface]}, test: {state: down}, for: 2s, clearFor: 2s}
  - {id: restarted, name: 设备重启, severity: minor, test: restart, clearFor: 6s}
channels: [{id: hook, kind: webhook, url: "${receiver.url}", secret: {env: TEST_HOOK}, allowLocal: true}]
contacts: [{id: desk, name: 值班台, targets: [{channel: hook}]}]
routes: [{id: all, default: true, contacts: [desk]}]
`,
    );
    node = await startNode({ data, args: ['--config', file], env: { TEST_HOOK: SECRET } });
    await node.ready();
  }, 240_000);
  afterAll(async () => {
    node?.child.kill('SIGINT');
    await node?.ended;
    await Promise.all([agent?.stop(), receiver?.stop()]);
    await clearData(data);
  });

  async function told(type: string, cause: string): Promise<Told['incident']> {
    const isIt = ({ json }: { readonly json: unknown }) => {
      const said = json as Told;
      return said.type === `incident.${type}` && said.incident.kind === 'condition' && said.incident.cause.id === cause;
    };
    const { json, signature } = await receiver.waitFor(isIt, { timeoutMs: 90_000 });
    expect(signature).toBe('valid');
    return (json as Told).incident;
  }

  it('tells of a line that is full, and when it no longer is', async () => {
    expect(await told('opened', `gd:r1/${BUSY}`)).toMatchObject({
      condition: { condition: 'busy', test: 'utilisation', raise: 0.2, side: 'above' },
    });
    agent.device.setTraffic(BUSY, { inBps: 1_000_000, outBps: 1_000_000 });
    await told('resolved', `gd:r1/${BUSY}`);
  });

  it('tells of a port that is down though nobody said to watch it', async () => {
    agent.device.setStatus(DOWN, { oper: 'down' });
    expect(await told('opened', `gd:r1/${DOWN}`)).toMatchObject({ condition: { condition: 'port-down', state: 'down' } });
    agent.device.setStatus(DOWN, { oper: 'up' });
    await told('resolved', `gd:r1/${DOWN}`);
  });

  it('tells of an agent that was started anew, once', async () => {
    agent.device.restart();
    await told('opened', 'gd:r1');
    await told('resolved', 'gd:r1');
    const messages = receiver.received.map(({ json }) => json as Told).filter(({ incident }) => incident.kind === 'condition');
    expect(messages.map(({ type, incident }) => `${type} ${incident.cause.id}`).sort()).toEqual(
      ['gd:r1', `gd:r1/${BUSY}`, `gd:r1/${DOWN}`].flatMap((id) => [`incident.opened ${id}`, `incident.resolved ${id}`]).sort(),
    );
  });
});
