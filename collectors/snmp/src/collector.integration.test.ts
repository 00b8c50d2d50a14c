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

  it('follows a device that starts again under other ifIndexes, and invents nothing meanwhile', async () => {
    const { port, device } = await agent({ interfaces: 4 });
    await rig.plan([{ port, interfaces: NAMES(4) }]);
    await rig.startCollector();
    await rig.round();
    await rig.samples();
    device.setStatus('GigabitEthernet0/0/1', { oper: 'down' });
    device.restart({ renumber: 'rotate' });
    await rig.round();
    expect(await rig.verdicts()).toMatchObject({ 1: 'down link-down', 2: 'up link-up', 3: 'up link-up', 4: 'up link-up' });
    const rows = await rig.samples();
    for (const row of rows) expect(row.uptime).toBeLessThan(6_000);
    const byCheck = new Map(rows.map((row) => [row.check, row]));
    const exact = device.counter('GigabitEthernet0/0/3', 'inOctets', byCheck.get(3)?.at);
    expect(Math.abs(Number(exact - (byCheck.get(3)?.counters[0] ?? 0n)))).toBeLessThan(25_000_000);
  });

  it('follows a device that renumbers without a word when the rows show it', async () => {
    const { port, device } = await agent({ interfaces: 4 });
    await rig.plan([{ port, interfaces: NAMES(4) }]);
    await rig.startCollector();
    await rig.round();
    device.setStatus('GigabitEthernet0/0/2', { oper: 'down' });
    device.renumber({ 'GigabitEthernet0/0/2': 70 }, { untold: true });
    await rig.round();
    expect(await rig.verdicts()).toMatchObject({ 1: 'up link-up', 2: 'down link-down', 3: 'up link-up', 4: 'up link-up' });
  });

  it('reads a table again that a restart cut in two', async () => {
    const made = await agent({ interfaces: 40, hostile: { maxBytes: 1_400, delayMs: 20 } });
    await rig.plan([{ port: made.port, interfaces: NAMES(40) }], { policies: [{ timeoutMs: 2_000, retries: 1 }] });
    await rig.startCollector();
    await rig.round();
    await rig.samples();
    const before = made.statistics().answers;
    await rig.addRound();
    await waitFor(() => made.statistics().answers >= before + 3, { intervalMs: 1, what: 'the walk to be under way' });
    made.device.restart();
    expect(await rig.roundDone()).toBe('taken');
    expect(await rig.counted('snmp_walks_repeated')).toBe(1);
    const rows = await rig.samples();
    expect(rows).toHaveLength(40);
    for (const { uptime } of rows) expect(uptime).toBeLessThan(6_000);
    expect(await rig.verdicts()).toMatchObject({ 1: 'up link-up', 40: 'up link-up', 1000: 'up agent-answers' });
  });

  it('takes 32-bit counters where there are no others, each marked as such', async () => {
    const { port, device } = await agent({ interfaces: 6, highCapacity: false });
    await rig.plan([{ port, interfaces: NAMES(6) }]);
    await rig.startCollector();
    await rig.round();
    const rows = await rig.samples();
    expect(rows).toHaveLength(6);
    for (const row of rows) {
      expect(row.wide).toBe(0);
      expect(row.present & 0b0000_0001_0001).toBe(0b0000_0001_0001);
      expect(row.present & 0xf00).toBe(0xf00);
      expect(row.speed).toBe(1_000);
    }
    const exact = device.counter('GigabitEthernet0/0/1', 'inOctets', rows[0]?.at) & 0xffffffffn;
    expect(Math.abs(Number(exact - (rows[0]?.counters[0] ?? 0n)))).toBeLessThan(25_000_000);
    await rig.round();
    expect(await rig.samples()).toHaveLength(6);
    expect((await rig.told())[0]?.interfaces[0]?.name).toBe('GigabitEthernet0/0/1');
  });

  it('takes single counters in 32 bits where the device lacks their 64', async () => {
    const hostile = { noSuchObject: '1.3.6.1.2.1.31.1.1.1.10' };
    const { port } = await agent({ interfaces: 3, hostile });
    await rig.plan([{ port, interfaces: NAMES(3) }]);
    await rig.startCollector();
    await rig.round();
    for (const row of await rig.samples()) {
      expect(row.present).toBe(ALL);
      expect(row.wide).toBe(0xff & ~(1 << 4));
    }
    expect(await rig.verdicts()).toMatchObject({ 1000: 'up agent-answers' });
  });

  it('learns of a reset that ifCounterDiscontinuityTime tells, in the poll that shows it', async () => {
    const { port, device } = await agent({ interfaces: 2 });
    device.setCounter('GigabitEthernet0/0/1', 'inErrors', 900n);
    await rig.plan([{ port, interfaces: NAMES(2) }]);
    await rig.startCollector();
    await rig.round();
    const before = (await rig.samples())[0];
    device.discontinue('GigabitEthernet0/0/1');
    await rig.round();
    const after = (await rig.samples())[0];
    expect(before?.counters[8]).toBe(900n);
    expect(after?.counters[8]).toBe(0n);
    expect(after?.broken).toBeGreaterThan(before?.broken ?? 0);
  });

  it('reads the speed again when a link changes', async () => {
    const { port, device } = await agent({ interfaces: 2 });
    await rig.plan([{ port, interfaces: NAMES(2) }]);
    await rig.startCollector();
    device.setStatus('GigabitEthernet0/0/1', { oper: 'down' });
    await rig.round();
    device.setSpeed('GigabitEthernet0/0/1', 1e8);
    device.setStatus('GigabitEthernet0/0/1', { oper: 'up' });
    await rig.samples();
    await rig.round();
    expect((await rig.samples()).map(({ speed }) => speed)).toEqual([100, 1_000]);
  });

  it('says that an interface vanished once the inventory knows that table, and not while it may have been renamed', async () => {
    const { port, device } = await agent({ interfaces: 3 });
    await rig.plan([{ port, interfaces: NAMES(3) }]);
    await rig.startCollector();
    await rig.round();
    await rig.told();
    await rig.verdicts();
    device.removeInterface('GigabitEthernet0/0/2');
    await rig.round();
    expect(await rig.verdicts()).not.toHaveProperty('2');
    const [told] = await rig.told();
    expect(told?.interfaces).toHaveLength(2);
    await rig.plan([{ port, interfaces: NAMES(3), digest: told?.digest ?? '' }]);
    await rig.round();
    expect(await rig.verdicts()).toMatchObject({ 1: 'up link-up', 2: 'down vanished', 3: 'up link-up' });
    expect(await rig.told()).toEqual([]);
  });

  it('looks at named ends alone, follows them, and says when one is no more', async () => {
    const made = await agent({ interfaces: 20 });
    const ends = [
      { check: 5, name: 'GigabitEthernet0/0/7' },
      { check: 6, name: 'GigabitEthernet0/0/9' },
    ];
    await rig.plan([{ port: made.port, check: null, interfaces: ends }]);
    await rig.startCollector();
    await rig.round();
    expect(await rig.verdicts()).toEqual({ 5: 'up link-up', 6: 'up link-up' });
    const before = made.statistics().requests;
    made.device.setStatus('GigabitEthernet0/0/7', { oper: 'lowerLayerDown' });
    await rig.round();
    expect(made.statistics().requests - before).toBe(1);
    expect(await rig.verdicts()).toEqual({ 5: 'down lower-layer-down', 6: 'up link-up' });
    made.device.renumber('rotate', { untold: true });
    await rig.round();
    expect(await rig.verdicts()).toEqual({ 5: 'down lower-layer-down', 6: 'up link-up' });
    made.device.removeInterface('GigabitEthernet0/0/9');
    await rig.round();
    expect(await rig.verdicts()).toEqual({ 5: 'down lower-layer-down', 6: 'down vanished' });
    made.device.setHostile({ silent: true });
    await rig.round();
    expect(await rig.verdicts()).toEqual({});
    expect(await rig.samples()).toEqual([]);
    expect(await rig.told()).toEqual([]);
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
