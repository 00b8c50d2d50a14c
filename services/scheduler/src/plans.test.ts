import { DEFAULT_ICMP_POLICY, partitionOf } from '@beacontower/domain';
import { describe, expect, it } from 'vitest';
import { canonicalAddress } from './addresses.ts';
import { depthsOf, type ScheduledCheck, type ScheduledInventory } from './inventory-source.ts';
import { phaseOf } from './phase.ts';
import { buildPlans, comparePlans } from './plans.ts';

const check = (key: number, more: Partial<ScheduledCheck> = {}): ScheduledCheck => ({
  key,
  objectId: `n:o${key}`,
  zone: 'main',
  address: `192.0.2.${key}`,
  policy: DEFAULT_ICMP_POLICY,
  depth: 0,
  ...more,
});
const inventory = (checks: ScheduledCheck[], partitions = 1): ScheduledInventory => ({
  version: 1,
  partitions,
  checks,
  agents: [],
  interfaces: [],
  credentials: new Map(),
  anchors: new Map([['main', ['2001:DB8:0::1', '192.0.2.254']]]),
});

describe('plans', () => {
  it('puts parents before children, and each object in its partition', () => {
    const { plans } = buildPlans(inventory([check(1, { depth: 2 }), check(2), check(3, { depth: 1 })]));
    expect(plans.get('0.main.icmp.10000')).toMatchObject({ checks: [2, 3, 1], anchors: ['192.0.2.254', '2001:db8::1'], partition: 0 });
    const many = buildPlans(
      inventory(
        Array.from({ length: 100 }, (_, i) => check(i + 1)),
        8,
      ),
    ).plans;
    for (const plan of many.values()) for (const key of plan.checks) expect(partitionOf(`n:o${key}`, 8)).toBe(plan.partition);
    expect([...many.values()].flatMap((plan) => plan.checks)).toHaveLength(100);
  });

  it('keeps one entry for each policy that differs', () => {
    const { plans } = buildPlans(inventory([check(1), check(2, { policy: { ...DEFAULT_ICMP_POLICY, probes: 5 } }), check(3)]));
    expect(plans.get('0.main.icmp.10000')).toMatchObject({ policy: [0, 1, 0], policies: [{ probes: 3 }, { probes: 5 }] });
  });

  it('leaves out what is no address', () => {
    const { plans, invalid } = buildPlans(inventory([check(1), check(2, { address: 'gateway.example' })]));
    expect(invalid).toBe(1);
    expect(plans.get('0.main.icmp.10000')?.checks).toEqual([1]);
  });

  it('changes a version only when the content does, and never gives one again', () => {
    const first = comparePlans(new Map(), buildPlans(inventory([check(1), check(2)])).plans, 1_000_000);
    expect(first.written.map((plan) => plan.version)).toEqual([1_000]);
    const same = comparePlans(first.current, buildPlans(inventory([check(2), check(1)])).plans, 2_000_000);
    expect(same).toMatchObject({ written: [], removed: [], orphans: [] });
    const changed = comparePlans(first.current, buildPlans(inventory([check(1)])).plans, 900_000);
    expect(changed.written.map((plan) => plan.version)).toEqual([1_001]);
    expect(changed.orphans).toEqual([2]);
    const gone = comparePlans(first.current, new Map(), 3_000_000);
    expect(gone).toMatchObject({ removed: ['0.main.icmp.10000'], orphans: [1, 2] });
  });

  it('staggers partitions evenly over the interval', () => {
    const phases = Array.from({ length: 8 }, (_, partition) => phaseOf(partition, 'main', 10_000, 8));
    for (let i = 1; i < 8; i++) expect((phases[i] ?? 0) - (phases[i - 1] ?? 0)).toBeCloseTo(1_250, -1);
    for (const phase of phases) expect(phase).toBeLessThan(10_000);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['2001:DB8:0:0::0001', '2001:db8::1'],
    ['::FFFF:192.0.2.1', '::ffff:c000:201'],
    ['fe80::1%eth0', 'fe80::1%eth0'],
    ['example.net', null],
    ['192.0.2.256', null],
    ['', null],
  ])('writes %s as %s', (given, expected) => {
    expect(canonicalAddress(given)).toBe(expected);
  });
});

describe('depth', () => {
  it('is the longest way up', () => {
    const depths = depthsOf(
      new Map([
        ['leaf', ['middle', 'root']],
        ['middle', ['root']],
        ['root', []],
        ['stray', ['elsewhere']],
      ]),
    );
    expect(Object.fromEntries(depths)).toEqual({ leaf: 2, middle: 1, root: 0, stray: 0 });
  });

  it('ends on a cycle and on a chain of a hundred thousand', () => {
    expect(
      depthsOf(
        new Map([
          ['a', ['b']],
          ['b', ['a']],
        ]),
      ).size,
    ).toBe(2);
    const chain = new Map(Array.from({ length: 100_000 }, (_, i) => [`${i}`, i === 0 ? [] : [`${i - 1}`]]));
    expect(depthsOf(new Map([...chain].reverse())).get('99999')).toBe(99_999);
  });
});
