import { type AgentDeviceOptions, programsPresent, type SnmpAgent, startRedis, startSnmpAgent, waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestRig } from './test-rig.ts';

const ALL = 0xfff;
const able = programsPresent('redis-server', 'fping');

describe.runIf(able)('the SNMP collector, with agents on loopback and Redis', () => {
  let rig: TestRig;
  const agents: SnmpAgent[] = [];
  const agent = async (options: AgentDeviceOptions = {}) => {
    const made = await startSnmpAgent(options);
    agents.push(made);
    return made;
  };
  const NAMES = (count: number) => Array.from({ length: count }, (_, i) => ({ check: i + 1, name: `GigabitEthernet0/0/${i + 1}` }));

  beforeAll(async () => {
    rig = new TestRig(await startRedis());
  });
  afterAll(() => rig.stop());
  beforeEach(() => rig.reset());
  afterEach(async () => {
    await rig.stopCollector();
    await Promise.all(agents.splice(0).map((one) => one.stop()));
  });

  it('observes agent and interfaces, samples what the plan names, and tells of a table nobody knows', async () => {
    const { port, device } = await agent({ interfaces: 48 });
    device.setStatus('GigabitEthernet0/0/2', { oper: 'down' });
    device.setStatus('GigabitEthernet0/0/3', { admin: 'down', oper: 'down' });
    await rig.plan([{ port, interfaces: NAMES(4) }]);
    await rig.startCollector();
    const from = Date.now();
    expect(await rig.round()).toBe('taken');
    const seen = await rig.observed();
    expect(Object.fromEntries(Object.entries(seen).map(([check, { verdict, reason }]) => [check, `${verdict} ${reason}`]))).toEqual({
      1: 'up link-up',
      2: 'down link-down',
      3: 'down admin-down',
      4: 'up link-up',
      1000: 'up agent-answers',
    });
    for (const { first, last } of Object.values(seen)) {
      expect(last).toBeGreaterThanOrEqual(from - 50);
      expect(first).toBeLessThanOrEqual(Date.now() + 50);
    }
    const rows = await rig.samples();
    expect(rows.map(({ check }) => check)).toEqual([1, 2, 3, 4]);
    const [row] = rows;
    if (!row) throw new Error('no sample');
    expect(row).toMatchObject({ present: ALL, wide: 0xff, speed: 1_000, status: 0x11 });
    // Read at the agent's own time: within what passed between sending and receiving.
    const exact = device.counter('GigabitEthernet0/0/1', 'inOctets', row.at);
    expect(Math.abs(Number(exact - (row.counters[0] ?? 0n)))).toBeLessThan(125_000_000 * 0.2);
    const [told] = await rig.told();
    expect(told).toMatchObject({ type: 'device', device: 'n:d0', collector: 'test/collect' });
    expect(told?.interfaces).toHaveLength(48);
    expect(await rig.detail(1000)).toBeNull();
  });

  it('asks in one question what fits into one answer, and tells of a known table no more', async () => {
    const made = await agent({ interfaces: 48 });
    await rig.plan([{ port: made.port, interfaces: NAMES(48) }]);
    await rig.startCollector();
    for (let i = 0; i < 3; i++) await rig.round();
    const [told] = await rig.told();
    await rig.plan([{ port: made.port, interfaces: NAMES(48), digest: told?.digest ?? '' }]);
    const before = made.statistics().requests;
    await rig.round();
    expect(made.statistics().requests - before).toBe(1);
    expect(await rig.told()).toEqual([]);
    expect(Object.values(await rig.verdicts()).filter((verdict) => verdict === 'up link-up')).toHaveLength(48);
  });

  it('lets one dead and one slow device delay nobody among fifty', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => agent({ interfaces: 8 })));
    all[10]?.device.setHostile({ silent: true });
    all[20]?.device.setHostile({ delayMs: 250 });
    await rig.plan(
      all.map(({ port }, at) => ({ port, interfaces: [{ check: at + 1, name: 'GigabitEthernet0/0/1' }] })),
      { policies: [{ timeoutMs: 1_000, retries: 1 }] },
    );
    await rig.startCollector();
    await rig.addRound();
    await waitFor(async () => (await rig.batches()).reduce((sum, { checks }) => sum + checks.byteLength / 4, 0) >= 96, {
      timeoutMs: 1_500,
      what: 'the quick devices, while the others still keep the round going',
    });
    await rig.roundDone();
    const seen = await rig.verdicts();
    expect(Object.values(seen).filter((verdict) => verdict === 'up agent-answers')).toHaveLength(49);
    expect(seen[11_000]).toBe('down no-reply');
    expect(seen[21]).toBe('up link-up');
  });

  it('asks a silent device one small question a round, and all again when it answers', async () => {
    const made = await agent({ interfaces: 4, hostile: { silent: true } });
    await rig.plan([{ port: made.port, interfaces: NAMES(1) }]);
    await rig.startCollector();
    await rig.round();
    expect(made.statistics().requests).toBe(2);
    await rig.round();
    expect(made.statistics().requests).toBe(3);
    expect(await rig.verdicts()).toEqual({ 1000: 'down no-reply' });
    expect((await rig.detail(1000))?.text).toContain('community is wrong');
    made.device.setHostile({});
    await rig.round();
    expect(await rig.verdicts()).toEqual({ 1: 'up link-up', 1000: 'up agent-answers' });
    expect(await rig.detail(1000)).toBeNull();
  });

  it('takes an extra look at the device of a check asked for, and at no other', async () => {
    const [first, second] = [await agent({ interfaces: 2 }), await agent({ interfaces: 2 })];
    await rig.plan([
      { port: first?.port ?? 0, interfaces: [{ check: 1, name: 'GigabitEthernet0/0/1' }] },
      { port: second?.port ?? 0, interfaces: [{ check: 2, name: 'GigabitEthernet0/0/1' }] },
    ]);
    await rig.startCollector();
    expect(await rig.round([2, 99])).toBe('taken');
    const seen = await rig.observed();
    expect(Object.keys(seen)).toEqual(['2', '2000']);
    expect(seen[2]?.tick).toBeNull();
    expect(first?.statistics().requests).toBe(0);
  });

  it('does not run a round that comes too late', async () => {
    const { port } = await agent();
    await rig.plan([{ port }]);
    await rig.startCollector();
    await rig.addRound(null, Date.now() - 1);
    expect(await rig.roundDone()).toBe('late');
    expect(await rig.batches()).toEqual([]);
  });

  it('stops at once in the midst of a round and says nothing of who was being asked', async () => {
    const { port } = await agent({ hostile: { silent: true } });
    await rig.plan([{ port }], { policies: [{ timeoutMs: 20_000, retries: 3 }] });
    await rig.startCollector();
    await rig.addRound();
    await waitFor(async () => (await rig.counted('snmp_messages_sent')) > 0, { what: 'the question' });
    const began = performance.now();
    await rig.stopCollector();
    expect(performance.now() - began).toBeLessThan(2_500);
    expect(await rig.batches()).toEqual([]);
  });

  it('goes on with a changed plan, and forgets devices that are no more', async () => {
    const [first, second] = [await agent({ interfaces: 2 }), await agent({ interfaces: 2 })];
    await rig.plan([{ port: first?.port ?? 0 }, { port: second?.port ?? 0 }]);
    await rig.startCollector();
    await rig.round();
    await rig.verdicts();
    await rig.plan([{ port: second?.port ?? 0 }]);
    await rig.round();
    expect(await rig.verdicts()).toEqual({ 1000: 'up agent-answers' });
    expect(await rig.gauge('snmp_sessions')).toBe(1);
  });

  it('says so when a credential does not open, without a word of it', async () => {
    const { port } = await agent();
    await rig.plan([{ port, interfaces: NAMES(1) }], {
      credentials: [{ id: 'c0', version: '2c', sealed: '["credential other","secret"]' }],
    });
    await rig.startCollector();
    await rig.round();
    expect(await rig.verdicts()).toEqual({ 1000: 'down credential-unusable' });
    expect((await rig.detail(1000))?.text).toContain('apply the configuration again');
  });
});
