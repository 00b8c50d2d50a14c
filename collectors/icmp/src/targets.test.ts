import { LOST } from '@beacontower/collector-sdk';
import type { IcmpShardPlan } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { Recoveries } from './recoveries.ts';
import { sightOf } from './sight.ts';
import { compilePlan, passesOf } from './targets.ts';

const POLICY = { probes: 2, periodMs: 100, timeoutMs: 200, confirmPasses: 1, degradedLoss: 0.4 };
const plan = (more: Partial<IcmpShardPlan> = {}): IcmpShardPlan => ({
  version: 1,
  shard: '0.main.icmp.1000',
  partition: 0,
  zone: 'main',
  kind: 'icmp',
  intervalMs: 1_000,
  phaseMs: 0,
  anchors: ['192.0.2.254'],
  policies: [POLICY],
  checks: [11, 12, 13, 14],
  addresses: ['192.0.2.1', '2001:db8::1', '192.0.2.254', '192.0.2.1'],
  policy: [0, 0, 0, 0],
  ...more,
});
const rows = (...list: number[]) => Uint32Array.from(list);
const only = (given: IcmpShardPlan) => {
  const [targets] = passesOf(compilePlan(given), rows(...given.checks.keys()), 60_000);
  if (!targets) throw new Error('there is no pass');
  return targets;
};

describe('passes', () => {
  it('send to each address once, though it be target twice or anchor as well', () => {
    const targets = only(plan());
    expect(targets.list.text.toString()).toBe('192.0.2.254\n192.0.2.1\n2001:db8::1\n');
    expect([...targets.slots]).toEqual([1, 2, 0, 1]);
    expect([...targets.isV6]).toEqual([0, 0, 1]);
  });

  it('have one policy each and no more probes than fping can number', () => {
    const checks = Array.from({ length: 100 }, (_, i) => i + 1);
    const compiled = compilePlan(
      plan({
        checks,
        addresses: checks.map((i) => `192.0.3.${i}`),
        policies: [POLICY, { ...POLICY, probes: 5 }],
        policy: checks.map((i) => i % 2),
      }),
    );
    const passes = passesOf(compiled, Uint32Array.from(checks.keys()), 50);
    for (const { list, policy } of passes) expect(list.count * policy.probes).toBeLessThanOrEqual(50);
    expect(passes.flatMap((pass) => [...pass.rows]).sort((a, b) => a - b)).toEqual([...checks.keys()]);
    for (const pass of passes)
      for (const row of pass.rows) expect(compiled.plan.policies[compiled.plan.policy[row] ?? 0]).toBe(pass.policy);
  });

  it('refuse a plan that holds a name, which fping would ask the DNS for', () => {
    expect(() => compilePlan(plan({ addresses: ['gateway.example', '::1', '::2', '::3'] }))).toThrow('"gateway.example" is no address');
  });
});

describe('sight', () => {
  const rtts = (...values: (number | null)[]) => Uint32Array.from(values, (value) => value ?? LOST);
  it.each([
    ['an anchor answered', ['192.0.2.254'], [1, null, null, null, null, null], { blind: false, believesV4: true, believesV6: true }],
    ['only a target answered', ['192.0.2.254'], [null, null, 1, 1, null, null], { blind: false, believesV4: false, believesV6: false }],
    ['nothing answered', ['192.0.2.254'], [null, null, null, null, null, null], { blind: true, believesV4: false, believesV6: false }],
  ])('when %s', (_, anchors, seen, expected) => {
    expect(sightOf(only(plan({ anchors })), rtts(...seen))).toEqual(expected);
  });

  it('is judged family by family when there are anchors of both', () => {
    const targets = only(plan({ anchors: ['192.0.2.254', '2001:db8::fe'] }));
    expect(sightOf(targets, rtts(1, 1, null, null, 1, 1, null, null))).toEqual({ blind: false, believesV4: true, believesV6: false });
  });

  it('rests on any reply in a zone without anchors', () => {
    const targets = only(plan({ anchors: [], addresses: ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4'] }));
    expect(sightOf(targets, rtts(null, null, null, 1, null, null, null, null)).believesV4).toBe(true);
  });
});

describe('recoveries', () => {
  const three = plan({ policies: [{ ...POLICY, probes: 3 }] });

  it('are certain after two replies in a row, told once, to every check of the address', () => {
    const recoveries = new Recoveries(only(three), 1_000);
    expect(recoveries.hear([{ slot: 1, probe: 0 }], 1_005)).toEqual([]);
    expect(recoveries.hear([{ slot: 1, probe: 1 }], 1_110)).toEqual([
      { row: 0, verdict: 0, first: 1_005, last: 1_100 },
      { row: 3, verdict: 0, first: 1_005, last: 1_100 },
    ]);
    expect(recoveries.hear([{ slot: 1, probe: 2 }], 1_210)).toEqual([]);
    expect(recoveries.told(0)).toBe(true);
    expect(recoveries.told(1)).toBe(false);
  });

  it('start anew after a gap, and are not fooled by a duplicate', () => {
    const recoveries = new Recoveries(only(three), 0);
    expect(
      recoveries.hear(
        [
          { slot: 2, probe: 0 },
          { slot: 2, probe: 0 },
          { slot: 2, probe: 2 },
        ],
        300,
      ),
    ).toEqual([]);
  });

  it('need one reply only when there is one probe only', () => {
    const recoveries = new Recoveries(only(plan({ policies: [{ ...POLICY, probes: 1 }] })), 0);
    expect(recoveries.hear([{ slot: 2, probe: 0 }], 5)).toHaveLength(1);
  });
});
