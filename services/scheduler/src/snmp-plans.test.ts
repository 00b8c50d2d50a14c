import { SnmpShardPlan } from '@beacontower/contracts';
import { DEFAULT_SNMP_POLICY, partitionOf } from '@beacontower/domain';
import { decodePlan, encodePlan } from '@beacontower/queue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScheduledAgent, ScheduledInterface, ScheduledInventory } from './inventory-source.ts';
import { buildPlans, comparePlans } from './plans.ts';

const agent = (key: number, more: Partial<ScheduledAgent> = {}): ScheduledAgent => ({
  key,
  objectId: `n:d${key}`,
  zone: 'main',
  address: `192.0.2.${key}`,
  port: 161,
  credential: 'c',
  policy: DEFAULT_SNMP_POLICY,
  depth: 0,
  digest: null,
  ...more,
});
const watched = (key: number, device: string, ifName: string, objectId = `${device}/${ifName}`): ScheduledInterface => ({
  key,
  objectId,
  device,
  ifName,
});
const inventory = (
  agents: readonly ScheduledAgent[],
  interfaces: readonly ScheduledInterface[] = [],
  partitions = 1,
): ScheduledInventory => ({
  version: 1,
  partitions,
  checks: [],
  agents,
  interfaces,
  credentials: new Map([
    ['c', { version: '2c', sealed: 'v1.c' }],
    ['d', { version: '3', sealed: 'v1.d' }],
  ]),
  anchors: new Map([['main', ['192.0.2.254']]]),
});
const plansOf = (given: ScheduledInventory) => {
  const { plans } = buildPlans(given);
  for (const plan of plans.values()) {
    const whole = { version: 1, ...plan } as SnmpShardPlan;
    expect(SnmpShardPlan.parse(whole)).toEqual(whole);
    // Every key once, in the order of the devices: extra looks find their shard by it.
    expect(whole.checks).toEqual(
      whole.devices.flatMap(({ check, interfaces }) => [...(check === null ? [] : [check]), ...interfaces.map((row) => row.check)]),
    );
    expect(new Set(whole.checks).size).toBe(whole.checks.length);
  }
  return plans as Map<string, Omit<SnmpShardPlan, 'version'>>;
};

describe('plans of SNMP', () => {
  it('hold devices parents first, each with its interfaces, credential and policy by number', () => {
    const slow = { ...DEFAULT_SNMP_POLICY, retries: 3 };
    const plan = plansOf(
      inventory(
        [agent(1, { depth: 1, credential: 'd' }), agent(2, { digest: 'abc', policy: slow }), agent(3, { credential: 'd' })],
        [watched(12, 'n:d2', 'Gi2'), watched(11, 'n:d2', 'Gi1'), watched(13, 'n:d1', 'Gi1')],
      ),
    ).get('0.main.snmp.60000');
    expect(plan).toEqual({
      shard: '0.main.snmp.60000',
      partition: 0,
      zone: 'main',
      kind: 'snmp',
      intervalMs: 60_000,
      phaseMs: expect.any(Number),
      anchors: ['192.0.2.254'],
      checks: [2, 11, 12, 3, 1, 13],
      credentials: [
        { id: 'c', version: '2c', sealed: 'v1.c' },
        { id: 'd', version: '3', sealed: 'v1.d' },
      ],
      policies: [
        { timeoutMs: 2_000, retries: 3 },
        { timeoutMs: 2_000, retries: 2 },
      ],
      devices: [
        {
          device: 'n:d2',
          address: '192.0.2.2',
          port: 161,
          credential: 0,
          policy: 0,
          check: 2,
          digest: 'abc',
          interfaces: [
            { check: 11, name: 'Gi1' },
            { check: 12, name: 'Gi2' },
          ],
        },
        { device: 'n:d3', address: '192.0.2.3', port: 161, credential: 1, policy: 1, check: 3, digest: null, interfaces: [] },
        {
          device: 'n:d1',
          address: '192.0.2.1',
          port: 161,
          credential: 1,
          policy: 1,
          check: 1,
          digest: null,
          interfaces: [{ check: 13, name: 'Gi1' }],
        },
      ],
    });
  });

  it('ask a device in the partition of a circuit too, for its end alone', () => {
    const partitions = 8;
    const circuits = Array.from({ length: 50 }, (_, i) => watched(100 + i, 'n:d1', `Gi${i}`, `n:circuit-${i}`));
    const plans = plansOf(inventory([agent(1, { digest: 'abc' })], circuits, partitions));
    const own = partitionOf('n:d1', partitions);
    expect(plans.size).toBeGreaterThan(1);
    for (const plan of plans.values()) {
      const [device, ...more] = plan.devices;
      expect(more).toEqual([]);
      expect(device).toMatchObject(plan.partition === own ? { check: 1, digest: 'abc' } : { check: null, digest: null });
      for (const { check } of device?.interfaces ?? []) expect(partitionOf(`n:circuit-${check - 100}`, partitions)).toBe(plan.partition);
    }
    expect([...plans.values()].flatMap((plan) => plan.checks)).toHaveLength(51);
  });

  it('leave out interfaces nobody asks for, and devices that cannot be asked', () => {
    const built = buildPlans(
      inventory(
        [agent(1, { address: 'router.example' }), agent(2, { credential: 'gone' }), agent(3)],
        [watched(11, 'n:d1', 'Gi1'), watched(12, 'n:other', 'Gi1'), watched(13, 'n:d2', 'Gi1')],
      ),
    );
    expect(built.invalid).toBe(2);
    expect([...built.plans.values()].flatMap((plan) => plan.checks)).toEqual([3]);
  });

  it('lie beside those of ICMP, by zone and interval', () => {
    const plans = plansOf(
      inventory([agent(1), agent(2, { zone: 'far' }), agent(3, { policy: { ...DEFAULT_SNMP_POLICY, intervalMs: 300_000 } })]),
    );
    expect([...plans.keys()].sort()).toEqual(['0.far.snmp.60000', '0.main.snmp.300000', '0.main.snmp.60000']);
  });

  it('are equal for equal inventories, whatever the order of rows, and after they lay in Redis', () => {
    const agents = Array.from({ length: 6 }, (_, i) => agent(i + 1, { depth: i % 3, credential: i % 2 === 0 ? 'c' : 'd' }));
    const interfaces = Array.from({ length: 20 }, (_, i) => watched(100 + i, `n:d${(i % 6) + 1}`, `Gi${i}`));
    const first = comparePlans(new Map(), buildPlans(inventory(agents, interfaces, 4)).plans, 1_000_000);
    const stored = new Map([...first.current].map(([shard, plan]) => [shard, decodePlan(encodePlan(plan))]));
    fc.assert(
      fc.property(
        fc.shuffledSubarray(agents, { minLength: 6 }),
        fc.shuffledSubarray(interfaces, { minLength: 20 }),
        (someAgents, someInterfaces) => {
          const again = comparePlans(stored, buildPlans(inventory(someAgents, someInterfaces, 4)).plans, 2_000_000);
          expect(again).toMatchObject({ written: [], removed: [], orphans: [] });
        },
      ),
      { numRuns: 20 },
    );
  });

  it('change when a credential is sealed anew, an interface is renamed, or a table is known', () => {
    const before = inventory([agent(1)], [watched(11, 'n:d1', 'Gi1')]);
    const { current } = comparePlans(new Map(), buildPlans(before).plans, 1_000_000);
    const changed: ScheduledInventory[] = [
      { ...before, credentials: new Map([['c', { version: '2c', sealed: 'v1.other' }]]) },
      inventory([agent(1)], [watched(11, 'n:d1', 'Gi9')]),
      inventory([agent(1, { digest: 'abc' })], [watched(11, 'n:d1', 'Gi1')]),
    ];
    for (const next of changed) expect(comparePlans(current, buildPlans(next).plans, 2_000_000).written).toHaveLength(1);
  });
});
