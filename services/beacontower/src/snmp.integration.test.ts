/** SNMP through a whole node: from the configuration to interfaces as objects, their states, and traffic that truly passed. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programsPresent, type SnmpAgent, startSnmpAgent, waitFor } from '@beacontower/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clearData, startNode, type TestNode, TOKEN, temporaryData } from './test-node.ts';

const COMMUNITY = 'community-of-this-test';
const PORT = 'GigabitEthernet0/0/1';

describe.runIf(programsPresent('redis-server', 'fping'))('SNMP through a whole node', { timeout: 240_000 }, () => {
  let data: string;
  let node: TestNode;
  let agent: SnmpAgent;

  beforeAll(async () => {
    data = temporaryData();
    chmodSync(data, 0o711);
    const traffic = { inBps: 80_000_000, outBps: 8_000_000 };
    agent = await startSnmpAgent({ community: COMMUNITY, interfaces: [{ name: PORT, alias: 'uplink to core', traffic }, {}, {}] });
    const secret = join(data, 'community');
    writeFileSync(secret, `${COMMUNITY}\n`);
    const file = join(data, 'node.yaml');
    writeFileSync(
      file,
      `node: {id: gd, name: 广东, division: cn.gd}
zones: [{id: z, anchors: [127.0.0.1]}]
credentials: [{id: access, version: 2c, community: {file: ${secret}}}]
devices:
  - id: r1
    name: R1
    addresses: {ipv4: 127.0.0.1}
    snmp: {credential: access, port: ${agent.port}, interval: 5s, timeout: 1s, retries: 1, interfaces: {watch: ["alias:uplink*"]}}
`,
    );
    node = await startNode({ data, args: ['--config', file] });
    await node.ready();
  }, 240_000);
  afterAll(async () => {
    node?.child.kill('SIGINT');
    await node?.ended;
    await agent?.stop();
    await clearData(data);
  });

  async function api<T>(path: string): Promise<T> {
    const response = await fetch(`${node.url}/api/v1/${path}`, { headers: { authorization: `Bearer ${TOKEN}` } });
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
  interface Item {
    readonly id: string;
    readonly state: string;
    readonly checks: { readonly id: string; readonly state: string; readonly reason: string | null; readonly detail: unknown }[];
  }
  const object = (id: string) => api<Item>(`objects/${encodeURIComponent(id)}`);
  const becomes = (id: string, state: string) =>
    waitFor(async () => ((await object(id)).state === state ? await object(id) : null), {
      timeoutMs: 60_000,
      intervalMs: 250,
      what: `${id} to be ${state}`,
    });

  it('makes its interfaces objects, with states, and traffic as it truly passed', async () => {
    await becomes('gd:r1', 'up');
    await becomes(`gd:r1/${PORT}`, 'up');
    const series = await waitFor(
      async () => {
        const period = `from=${new Date(Date.now() - 120_000).toISOString()}&to=${new Date().toISOString()}&step=1000`;
        const { points } = await api<{ points: [string, number, number, number][] }>(
          `objects/${encodeURIComponent(`gd:r1/${PORT}`)}/series?metric=traffic.in&${period}`,
        );
        return points.length >= 2 ? points : null;
      },
      { timeoutMs: 90_000, intervalMs: 500, what: 'two points of traffic' },
    );
    for (const [, , avg] of series) expect(Math.abs(avg - 80_000_000)).toBeLessThan(8_000_000);
  });

  it('follows an interface that goes down, and keeps it through a restart with other ifIndexes', async () => {
    agent.device.setStatus(PORT, { oper: 'down' });
    const { checks } = await becomes(`gd:r1/${PORT}`, 'down');
    expect(checks[0]?.reason).toBe('link-down');
    agent.device.restart({ renumber: 'rotate' });
    agent.device.setStatus(PORT, { oper: 'up' });
    await becomes(`gd:r1/${PORT}`, 'up');
    expect((await object('gd:r1')).state).toBe('up');
  });

  it('says by name and in words what is wrong with an agent, which only degrades a device that is pinged', async () => {
    agent.device.setHostile({ genErr: '1.3.6.1' });
    const { checks } = await becomes('gd:r1', 'degraded');
    expect(checks.find(({ id }) => id === 'gd:r1/snmp')).toMatchObject({ state: 'degraded', reason: 'agent-error' });
    const said = JSON.stringify(await object('gd:r1'));
    expect(said).toContain('genErr');
    expect(said).not.toContain(COMMUNITY);
    agent.device.setHostile({});
    await becomes('gd:r1', 'up');
    expect(node.out() + node.err()).not.toContain(COMMUNITY);
  });
});
