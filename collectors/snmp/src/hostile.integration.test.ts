import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentDeviceOptions, type Hostility, programsPresent, type SnmpAgent, startRedis, startSnmpAgent } from '@beacontower/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestRig } from './test-rig.ts';

const IF_TABLE = '1.3.6.1.2.1.2.2.1';
const IF_X_TABLE = '1.3.6.1.2.1.31.1.1.1';
const able = programsPresent('redis-server', 'fping');
const NAMES = Array.from({ length: 12 }, (_, i) => ({ check: i + 1, name: `GigabitEthernet0/0/${i + 1}` }));

describe.runIf(able)('agents that are not what they should be', () => {
  let rig: TestRig;
  const agents: SnmpAgent[] = [];
  const agent = async (options: AgentDeviceOptions = {}) => {
    const made = await startSnmpAgent({ interfaces: 12, ...options });
    agents.push(made);
    return made;
  };

  beforeAll(async () => {
    rig = new TestRig(await startRedis());
  });
  afterAll(() => rig.stop());
  beforeEach(() => rig.reset());
  afterEach(async () => {
    await rig.stopCollector();
    await Promise.all(agents.splice(0).map((one) => one.stop()));
  });

  /** Every sample must be what the device truly counted at about that time, or not be there. */
  async function checkSamples(made: SnmpAgent): Promise<number> {
    const rows = await rig.samples();
    for (const { check, at, present, counters } of rows) {
      const name = NAMES[check - 1]?.name ?? '';
      if ((present & 1) === 0) continue;
      const exact = made.device.counter(name, 'inOctets', at);
      expect(Math.abs(Number(exact - (counters[0] ?? 0n)))).toBeLessThan(60_000_000);
    }
    return rows.filter(({ present }) => (present & 1) === 1).length;
  }

  const whole = 'up agent-answers';
  it.each<[string, Hostility, string, number]>([
    ['answers late', { delayMs: 100 }, whole, 12],
    ['loses every third question', { loseEvery: 3 }, whole, 12],
    ['answers twice', { twice: true }, whole, 12],
    ['answers out of order', { reverse: 2 }, whole, 12],
    ['says tooBig to more than 20 values', { tooBigAbove: 20 }, whole, 12],
    ['says tooBig to more than 5 values', { tooBigAbove: 5 }, whole, 12],
    ['is silent to more than 4 repetitions', { silentAboveRepetitions: 4 }, whole, 12],
    ['has small datagrams', { maxBytes: 484 }, whole, 12],
    ['answers with an id nobody sent', { wrongRequestId: true }, 'down no-reply', 0],
    ['answers from another port', { otherPort: true }, 'down no-reply', 0],
    ['answers garbage', { garbage: true }, 'down malformed-answer', 0],
    ['is silent', { silent: true }, 'down no-reply', 0],
    ['answers small questions alone', { silentAboveRepetitions: 0 }, 'degraded no-reply', 0],
    ['goes in circles', { loop: `${IF_TABLE}.8` }, 'degraded table-has-no-end', 0],
    ['says genErr in a column', { genErr: `${IF_TABLE}.14` }, 'degraded agent-error', 0],
    ['says genErr to everything', { genErr: '1.3.6.1' }, 'degraded agent-error', 0],
    ['has no interface table', { noSuchObject: '1.3.6.1.2.1.2' }, 'up agent-answers', 12],
    ['answers text where numbers should be', { wrongTypes: true }, 'degraded malformed-answer', 0],
  ])('one that %s', async (_, hostile, verdict, samples) => {
    const made = await agent({ hostile });
    await rig.plan([{ port: made.port, interfaces: NAMES }], { policies: [{ timeoutMs: 200, retries: 2 }] });
    await rig.startCollector({ mostRows: 500 });
    await rig.round();
    await rig.round();
    const seen = await rig.verdicts();
    expect(seen[1000]).toBe(verdict);
    for (const [check, said] of Object.entries(seen)) if (check !== '1000') expect(said).toMatch(/^up link-up$/);
    const rows = await checkSamples(made);
    if (samples > 0) expect(rows).toBeGreaterThan(0);
    else expect(rows).toBe(0);
    const detail = await rig.detail(1000);
    if (verdict === whole) expect(detail).toBeNull();
    else expect(detail).toMatchObject({ reason: verdict.split(' ')[1] });
  });

  it('one whose table has no end is not read again for a while, and is asked a small question meanwhile', async () => {
    const made = await agent({ hostile: { endless: `${IF_X_TABLE}.6` } });
    await rig.plan([{ port: made.port, interfaces: NAMES }]);
    await rig.startCollector({ mostRows: 500 });
    await rig.round();
    expect(await rig.verdicts()).toEqual({ 1000: 'degraded table-has-no-end' });
    const before = made.statistics().requests;
    await rig.round();
    expect(made.statistics().requests - before).toBe(1);
    expect(await rig.verdicts()).toEqual({ 1000: 'degraded table-has-no-end' });
    expect((await rig.detail(1000))?.text).toContain('more than 500 rows');
  });

  it('one too slow for its interval is degraded and said so, and holds up nobody beyond it', async () => {
    const slow = await agent({ hostile: { delayMs: 150, maxBytes: 484 } });
    const quick = await agent();
    await rig.plan([{ port: slow.port, interfaces: NAMES }, { port: quick.port }], {
      intervalMs: 1_000,
      policies: [{ timeoutMs: 300, retries: 1 }],
    });
    await rig.startCollector();
    const began = performance.now();
    expect(await rig.round()).toBe('taken');
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(await rig.verdicts()).toEqual({ 1000: 'degraded no-reply', 2000: 'up agent-answers' });
    expect((await rig.detail(1000))?.text).toContain('too slowly');
  });

  it('one that shows no sysUpTime is observed and not sampled', async () => {
    const made = await agent({ hostile: { noSuchObject: '1.3.6.1.2.1.1.3' } });
    await rig.plan([{ port: made.port, interfaces: NAMES }]);
    await rig.startCollector();
    await rig.round();
    expect(await rig.verdicts()).toMatchObject({ 1: 'up link-up', 1000: 'degraded agent-refuses' });
    expect(await rig.samples()).toEqual([]);
  });

  it('one that shows neither table has no interfaces to speak of', async () => {
    const made = await agent({ interfaces: [] });
    await rig.plan([{ port: made.port, interfaces: NAMES }]);
    await rig.startCollector();
    await rig.round();
    expect(await rig.verdicts()).toEqual({ 1000: 'degraded no-interface-table' });
  });

  it('a wrong community is silence, a port where nothing listens is said so', async () => {
    const made = await agent({ community: 'other' });
    const gone = await agent();
    await rig.plan([{ port: made.port }, { port: gone.port }]);
    await gone.stop();
    agents.pop();
    await rig.startCollector();
    await rig.round();
    expect(await rig.verdicts()).toEqual({ 1000: 'down no-reply', 2000: 'down no-reply' });
    expect((await rig.detail(1000))?.text).toContain('community');
    expect((await rig.detail(2000))?.text).toContain('nothing listens');
    expect((await rig.detail(1000))?.text).not.toContain('public');
  });

  it('v1 is asked row by row and has 32-bit counters', async () => {
    const made = await agent({ interfaces: 3 });
    await rig.plan([{ port: made.port, interfaces: NAMES.slice(0, 3), secret: { version: '1', community: 'public' } }]);
    await rig.startCollector();
    await rig.round();
    expect(await rig.verdicts()).toEqual({ 1: 'up link-up', 2: 'up link-up', 3: 'up link-up', 1000: 'up agent-answers' });
    const rows = await rig.samples();
    expect(rows.map(({ wide }) => wide)).toEqual([0, 0, 0]);
    expect((rows[0]?.present ?? 0) & 1).toBe(1);
  });

  it('an unanswered part of a table takes nothing from the rest', async () => {
    const made = await agent({ hostile: { maxBytes: 700 } });
    await rig.plan([{ port: made.port, interfaces: NAMES }]);
    await rig.startCollector();
    await rig.round();
    await rig.verdicts();
    made.device.setHostile({ maxBytes: 700, loseEvery: 1 });
    await rig.round();
    expect(await rig.verdicts()).toEqual({ 1000: 'down no-reply' });
  });

  describe.runIf(process.getuid?.() === 0)('from a vantage that is cut off', () => {
    let directory: string;
    beforeAll(() => {
      directory = mkdtempSync(join(tmpdir(), 'bt-snmp-'));
      // In a network of its own nothing answers, not even loopback.
      writeFileSync(join(directory, 'fping'), '#!/bin/sh\nexec unshare --net fping "$@"\n');
      chmodSync(join(directory, 'fping'), 0o755);
    });
    afterAll(() => rmSync(directory, { recursive: true }));

    it('nobody is down when nobody answers and no anchor does', async () => {
      const made = await agent({ hostile: { silent: true } });
      await rig.plan([{ port: made.port }]);
      await rig.startCollector({ fping: join(directory, 'fping') });
      expect(await rig.round()).toBe('blind');
      const batches = await rig.batches();
      expect(batches).toHaveLength(1);
      expect(batches[0]).toMatchObject({ vantage: 'blind' });
      expect(await rig.detail(1000)).toBeNull();
    });

    it('the silent one is down when another answers, whatever the anchors do', async () => {
      const [silent, good] = [await agent({ hostile: { silent: true } }), await agent()];
      await rig.plan([{ port: silent.port }, { port: good.port }]);
      await rig.startCollector({ fping: join(directory, 'fping') });
      expect(await rig.round()).toBe('taken');
      expect(await rig.verdicts()).toEqual({ 1000: 'down no-reply', 2000: 'up agent-answers' });
    });
  });

  it('without fping silence is not believed, and the collector says so', async () => {
    const made = await agent({ hostile: { silent: true } });
    await rig.plan([{ port: made.port }]);
    const collector = await rig.startCollector({ fping: '/nowhere/fping' });
    expect(await rig.round()).toBe('failed');
    expect(await rig.batches()).toEqual([]);
    expect(await rig.counted('snmp_observations_withheld')).toBe(1);
    expect(collector.health()).toMatchObject({ status: 'degraded' });
  });
});
