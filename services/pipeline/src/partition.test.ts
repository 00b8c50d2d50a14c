import { CONFIRMED, type StreamEntry, VERDICT } from '@beacontower/contracts';
import { packInt32, packUint8, packUint32 } from '@beacontower/queue';
import { describe, expect, test } from 'vitest';
import { objectOf } from './partition.fixture.ts';
import { Partition } from './partition.ts';

const AT = 1_800_000_000_000;
const KEYS = new Map([
  ['n:a/icmp4', 1],
  ['n:b/icmp4', 2],
]);

describe('a check that moves to another shard', () => {
  test('is not unknown for the ticks of that shard that were under way without it', () => {
    const before = { objects: [objectOf('n:a', 10_000), objectOf('n:b', 1_000)], keys: KEYS };
    const partition = new Partition(0, before, null);
    partition.process(look('0.main.icmp.10000', AT, 1));
    partition.process(look('0.main.icmp.1000', AT + 9_000, 2));
    partition.takeEffects();
    partition.adopt({ objects: [objectOf('n:a', 1_000), objectOf('n:b', 1_000)], keys: KEYS }, AT + 9_500);
    for (const tick of [9_000, 10_000, 11_000]) {
      partition.process(look('0.main.icmp.1000', AT + tick + 1, 2));
      partition.process({ type: 'closed', shard: '0.main.icmp.1000', intervalMs: 1_000, fromTick: AT + tick, toTick: AT + tick });
    }
    expect(partition.takeEffects().transitions).toEqual([]);
  });
});

describe('a clock that steps back', () => {
  const shard = '0.main.icmp.10000';
  const start = () => {
    const partition = new Partition(0, { objects: [objectOf('n:a', 10_000)], keys: KEYS }, null);
    for (const at of [AT, AT + 10_000, AT + 20_000]) {
      partition.process(look(shard, at, 1));
      partition.process({ type: 'closed', shard, intervalMs: 10_000, fromTick: at, toTick: at });
    }
    partition.takeEffects();
    return partition;
  };
  const HOUR = 3_600_000;
  const close = (tick: number, back = false): StreamEntry => ({
    type: 'closed',
    shard,
    intervalMs: 10_000,
    fromTick: tick,
    toTick: tick,
    ...(back ? { clockStepBack: true as const } : {}),
  });

  test('leaves no hour in which nothing is judged: what is down is said at once', () => {
    const partition = start();
    partition.process(close(AT - HOUR, true));
    partition.process(look(shard, AT - HOUR + 10_000, 1, VERDICT.down));
    expect(partition.takeEffects().transitions.map(({ transition }) => transition.to)).toEqual(['down', 'down']);
    expect(partition.watermark).toBe(AT - HOUR + 10_000);
  });

  test('nor an hour of silence that nobody calls unknown', () => {
    const partition = start();
    partition.process(close(AT - HOUR, true));
    partition.process(close(AT - HOUR + 10_000));
    expect(partition.takeEffects().transitions).toEqual([]);
    partition.process(close(AT - HOUR + 20_000));
    expect(partition.takeEffects().transitions.map(({ transition }) => transition.to)).toEqual(['unknown', 'unknown']);
  });
});

function look(shard: string, at: number, check: number, verdict: number = VERDICT.up): StreamEntry {
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
    verdicts: packUint8([verdict | CONFIRMED]),
    first: packInt32([20]),
    last: packInt32([10]),
  };
}
