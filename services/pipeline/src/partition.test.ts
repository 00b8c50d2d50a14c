import { CONFIRMED, type StreamEntry, VERDICT } from '@beacontower/contracts';
import { type CheckDefinition, DEFAULT_ICMP_POLICY, type MonitoredObject } from '@beacontower/domain';
import { packInt32, packUint8, packUint32 } from '@beacontower/queue';
import { describe, expect, test } from 'vitest';
import { Partition } from './partition.ts';

const AT = 1_800_000_000_000;
const KEYS = new Map([
  ['n:a/icmp4', 1],
  ['n:b/icmp4', 2],
]);

describe('a check that moves to another shard', () => {
  test('is not unknown for the ticks of that shard that were under way without it', () => {
    const before = { objects: [object('n:a', 10_000), object('n:b', 1_000)], keys: KEYS };
    const partition = new Partition(0, before, null);
    partition.process(look('0.main.icmp.10000', AT, 1));
    partition.process(look('0.main.icmp.1000', AT + 9_000, 2));
    partition.takeEffects();
    partition.adopt({ objects: [object('n:a', 1_000), object('n:b', 1_000)], keys: KEYS }, AT + 9_500);
    for (const tick of [9_000, 10_000, 11_000]) {
      partition.process(look('0.main.icmp.1000', AT + tick + 1, 2));
      partition.process({ type: 'closed', shard: '0.main.icmp.1000', intervalMs: 1_000, fromTick: AT + tick, toTick: AT + tick });
    }
    expect(partition.takeEffects().transitions).toEqual([]);
  });
});

function object(id: string, intervalMs: number): MonitoredObject {
  const policy = { ...DEFAULT_ICMP_POLICY, intervalMs };
  const check: CheckDefinition = {
    id: `${id}/icmp4`,
    objectId: id,
    kind: 'icmp',
    family: 4,
    address: '127.0.0.1',
    zone: 'main',
    policy,
  };
  return {
    id,
    kind: 'device',
    name: id,
    division: 'cn',
    class: 'backbone',
    party: null,
    servingRule: 'any',
    dependency: { parents: [], rule: { require: 'any' } },
    checks: [check],
    weight: 1,
    runbook: null,
    attributes: {},
  };
}

function look(shard: string, at: number, check: number): StreamEntry {
  return {
    type: 'observations',
    shard,
    planVersion: 1,
    tick: at,
    startedAt: at,
    endedAt: at + 100,
    collector: 'test',
    vantage: 'seeing',
    clockUncertaintyMs: 0,
    checks: packUint32([check]),
    verdicts: packUint8([VERDICT.up | CONFIRMED]),
    first: packInt32([20]),
    last: packInt32([10]),
  };
}
