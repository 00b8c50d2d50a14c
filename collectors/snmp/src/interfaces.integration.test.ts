import { type AgentDeviceOptions, programsPresent, type SnmpAgent, startRedis, startSnmpAgent, waitFor } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestRig } from './test-rig.ts';

const ALL = 0xfff;
const able = programsPresent('redis-server', 'fping');

describe.runIf(able)('interfaces that are renumbered, reset, narrow or gone', () => {
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

  it('follows a device that starts again soon after a start, so that its sysUpTime seems to go on', async () => {
    const { port, device } = await agent({ interfaces: 4, uptimeMs: 2_000 });
    await rig.plan([{ port, interfaces: NAMES(4) }]);
    await rig.startCollector();
    await rig.round();
    const uptime = device.uptimeMs();
    device.setStatus('GigabitEthernet0/0/1', { oper: 'down' });
    device.restart({ renumber: 'rotate' });
    await waitFor(() => device.uptimeMs() > uptime, { what: 'sysUpTime to be further than before' });
    await rig.round();
    expect(await rig.verdicts()).toMatchObject({ 1: 'down link-down', 2: 'up link-up', 3: 'up link-up', 4: 'up link-up' });
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

  it('says what vanished of a device whose table is another in every poll, and not what may be renamed', async () => {
    const { port, device } = await agent({ interfaces: 4 });
    const planned = (digest: string | null) => rig.plan([{ port, digest, interfaces: NAMES(4) }]);
    const polled = async () => {
      await rig.round();
      return (await rig.told())[0]?.digest ?? null;
    };
    await planned(null);
    await rig.startCollector();
    await planned(await polled());
    expect(await rig.verdicts()).toMatchObject({ 2: 'up link-up', 3: 'up link-up' });
    device.removeInterface('GigabitEthernet0/0/2');
    device.addInterface({ name: 'session-1' });
    const lacksTwo = await polled();
    expect(await rig.verdicts()).not.toHaveProperty('2');
    await planned(lacksTwo);
    device.addInterface({ name: 'session-2' });
    device.rename('GigabitEthernet0/0/3', 'renamed');
    await polled();
    const seen = await rig.verdicts();
    expect(seen).toMatchObject({ 1: 'up link-up', 2: 'down vanished', 4: 'up link-up' });
    expect(seen).not.toHaveProperty('3');
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
});
