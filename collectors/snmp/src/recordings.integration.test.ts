import { programsPresent, recordings, startRedis, startSnmpAgent } from '@beacontower/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestRig } from './test-rig.ts';

/** Recordings that hold no IF-MIB at all. */
const WITHOUT_TABLE = new Set(['comware_1', 'linux_ucd-diskio']);
/** Recordings whose devices have no 64-bit counters. */
const NARROW = new Set(['zxr10_5928']);
const OPER = ['up', 'down', 'testing', 'unknown', 'dormant', 'notPresent', 'lowerLayerDown'];
const able = programsPresent('redis-server', 'fping');

describe.runIf(able && recordings().length > 0)('recordings of real devices', () => {
  let rig: TestRig;
  beforeAll(async () => {
    rig = new TestRig(await startRedis());
  });
  afterAll(() => rig.stop());
  beforeEach(() => rig.reset());

  it.each(recordings())('$name: every interface under its own name, each value as the device has it', async ({ name, file }) => {
    // Its time stands still, so that what was read is what it has.
    const now = Date.now();
    const agent = await startSnmpAgent({ recording: file, now: () => now });
    try {
      await rig.plan([{ port: agent.port }]);
      await rig.startCollector();
      await rig.round();
      const verdicts = await rig.verdicts();
      if (WITHOUT_TABLE.has(name)) {
        expect(verdicts).toEqual({ 1000: 'degraded no-interface-table' });
        return;
      }
      const [told] = await rig.told();
      const truth = new Map(agent.device.interfaces().map((one) => [one.index, one]));
      expect(told?.interfaces.map(({ index }) => index)).toEqual([...truth.keys()]);
      const interfaces = (told?.interfaces ?? []).map((seen) => ({ check: seen.index, name: seen.name }));
      expect(new Set(interfaces.map((one) => one.name)).size).toBe(truth.size);
      await rig.plan([{ port: agent.port, check: 4_000_000, interfaces, digest: told?.digest ?? null }]);
      await rig.round();
      expect((await rig.verdicts())[4_000_000]).toBe('up agent-answers');
      const rows = await rig.samples();
      expect(rows).toHaveLength(truth.size);
      for (const row of rows) {
        const real = truth.get(row.check);
        expect(OPER[(row.status >> 4) - 1]).toBe(real?.oper);
        // Of interfaces with one name the agent tells the first.
        const alike = [...truth.values()].filter((one) => one.name === real?.name);
        if ((row.present & 1) === 0 || alike.length > 1) continue;
        const exact = agent.device.counter(real?.name ?? '', 'inOctets');
        expect(row.counters[0]).toBe((row.wide & 1) === 1 ? exact : exact & 0xffffffffn);
      }
      expect(rows.some(({ wide }) => (wide & 1) === 1)).toBe(!NARROW.has(name));
    } finally {
      await rig.stopCollector();
      await agent.stop();
    }
  });
});
