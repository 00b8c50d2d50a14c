import { CONFIRMED, type StreamEntry, VERDICT } from '@beacontower/contracts';
import { type MonitoredObject, REASONS, type SnmpCheck, type SnmpPolicy, snmpChecks } from '@beacontower/domain';
import { packInt32, packUint8, packUint32 } from '@beacontower/queue';
import { describe, expect, test } from 'vitest';
import { agentOf, interfaceOf, objectOf } from './partition.fixture.ts';
import { Partition } from './partition.ts';

const AT = 1_800_000_000_000;
const KEYS = new Map([
  ['n:a/icmp4', 1],
  ['n:b/icmp4', 2],
]);
const NO_AGENTS = new Map<string, SnmpCheck>();

describe('a check that moves to another shard', () => {
  test('is not unknown for the ticks of that shard that were under way without it', () => {
    const before = { objects: [objectOf('n:a', 10_000), objectOf('n:b', 1_000)], keys: KEYS, agents: NO_AGENTS };
    const partition = new Partition(0, before, null);
    partition.process(look('0.main.icmp.10000', AT, 1));
    partition.process(look('0.main.icmp.1000', AT + 9_000, 2));
    partition.takeEffects();
    partition.adopt({ objects: [objectOf('n:a', 1_000), objectOf('n:b', 1_000)], keys: KEYS, agents: NO_AGENTS }, AT + 9_500);
    for (const tick of [9_000, 10_000, 11_000]) {
      partition.process(look('0.main.icmp.1000', AT + tick + 1, 2));
      partition.process({ type: 'closed', shard: '0.main.icmp.1000', intervalMs: 1_000, fromTick: AT + tick, toTick: AT + tick });
    }
    expect(partition.takeEffects().transitions).toEqual([]);
  });
});

describe('what nobody looked at', () => {
  const shard = '0.main.icmp.10000';
  const start = () => {
    const partition = new Partition(0, { objects: [objectOf('n:a', 10_000)], keys: KEYS, agents: NO_AGENTS }, null);
    partition.process(look(shard, AT, 1));
    partition.takeEffects();
    return partition;
  };
  const own = (partition: Partition) => partition.takeEffects().transitions.filter(({ check }) => check === null);

  test('two rounds that were missed are unknown, though the next look comes before the second is closed', () => {
    const partition = start();
    partition.process({ type: 'closed', shard, intervalMs: 10_000, fromTick: AT + 10_000, toTick: AT + 10_000 });
    partition.process(look(shard, AT + 30_000, 1));
    partition.process({ type: 'closed', shard, intervalMs: 10_000, fromTick: AT + 20_000, toTick: AT + 20_000 });
    expect(own(partition).map(({ transition }) => [transition.to, transition.edge.at - AT])).toEqual([
      ['unknown', 10_000],
      ['up', 30_020],
    ]);
  });

  test('the time between its last look and its retirement is open', () => {
    const partition = start();
    partition.adopt({ objects: [], keys: KEYS, agents: NO_AGENTS }, AT + 8_000);
    expect(own(partition).map(({ transition }) => transition)).toMatchObject([
      { to: 'unknown', reason: 'retired', edge: { earliest: AT + 10, at: AT + 8_000, latest: AT + 8_000 } },
    ]);
  });
});

describe('a clock that steps back', () => {
  const shard = '0.main.icmp.10000';
  const start = () => {
    const partition = new Partition(0, { objects: [objectOf('n:a', 10_000)], keys: KEYS, agents: NO_AGENTS }, null);
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
    expect(partition.watermarks).toEqual({ watermark: AT - HOUR + 10_000, agentsWatermark: null });
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

describe('checks of several kinds', () => {
  const SHARD = '0.main.snmp.60000';
  const keysOf = (objects: readonly MonitoredObject[]) =>
    new Map(objects.flatMap((object) => object.checks).map((check, index) => [check.id, index + 1]));
  const inventoryOf = (objects: readonly MonitoredObject[], agents = snmpChecks(objects)) => ({ objects, keys: keysOf(objects), agents });
  const device = (policy?: Partial<SnmpPolicy>): MonitoredObject => ({ ...objectOf('n:d'), checks: [agentOf('n:d', policy)] });
  const pinged = { ...objectOf('n:d'), checks: [...objectOf('n:d').checks, agentOf('n:d')] };
  const objectsSaid = (partition: Partition) =>
    partition
      .takeEffects()
      .transitions.filter(({ check }) => check === null)
      .map(({ objectId, transition }) => [objectId, transition.to, transition.reason]);

  test('an interface is judged with the rhythm of its device, and its reason is kept', () => {
    const partition = new Partition(0, inventoryOf([device(), interfaceOf('n:d', 'ge0')]), null);
    partition.process(look(SHARD, AT, [1, 2], VERDICT.up, 'link-up'));
    partition.process(look(SHARD, AT + 60_000, [2], VERDICT.down, 'lower-layer-down'));
    expect(objectsSaid(partition)).toEqual([
      ['n:d', 'up', 'link-up'],
      ['n:d/ge0', 'up', 'link-up'],
      ['n:d/ge0', 'down', 'lower-layer-down'],
    ]);
  });

  test('a reason of a collector newer than this is passed over, its verdict is not', () => {
    const partition = new Partition(0, inventoryOf([device()]), null);
    const entry = look(SHARD, AT, [1], VERDICT.down) as Extract<StreamEntry, { type: 'observations' }>;
    partition.process({ ...entry, reasons: packUint8([REASONS.length + 3]) });
    expect(objectsSaid(partition)).toEqual([['n:d', 'down', 'no-reply']]);
  });

  test('the interfaces of a device that stops answering are unknown once their ticks are over', () => {
    const partition = new Partition(0, inventoryOf([device({ unknownAfter: 2 }), interfaceOf('n:d', 'ge0')]), null);
    partition.process(look(SHARD, AT, [1, 2], VERDICT.up));
    for (const tick of [AT + 60_000, AT + 120_000]) {
      partition.process(look(SHARD, tick, [1], VERDICT.down));
      partition.process({ type: 'closed', shard: SHARD, intervalMs: 60_000, fromTick: tick, toTick: tick });
    }
    expect(objectsSaid(partition).slice(2)).toEqual([
      ['n:d', 'down', 'no-reply'],
      ['n:d/ge0', 'unknown', 'not-looked-at'],
    ]);
  });

  test('an agent in trouble makes a device that is pinged degraded, for the reason it has', () => {
    const partition = new Partition(0, inventoryOf([pinged]), null);
    partition.process(look('0.main.icmp.10000', AT, [1]));
    partition.process(look(SHARD, AT, [2], VERDICT.down, 'wrong-key'));
    expect(objectsSaid(partition)).toEqual([
      ['n:d', 'up', 'first-observation'],
      ['n:d', 'degraded', 'wrong-key'],
    ]);
  });

  test('what is pinged does not wait for agents to be judged', () => {
    const partition = new Partition(0, inventoryOf([pinged]), null);
    const close = (shard: string, intervalMs: number) => partition.process({ type: 'closed', shard, intervalMs, fromTick: AT, toTick: AT });
    close('0.main.icmp.10000', 10_000);
    expect(partition.watermarks).toEqual({ watermark: AT + 10_000, agentsWatermark: 0 });
    close(SHARD, 60_000);
    expect(partition.watermarks).toEqual({ watermark: AT + 10_000, agentsWatermark: AT + 60_000 });
  });

  test('where nothing is pinged, agents say how far all is judged', () => {
    const partition = new Partition(0, inventoryOf([device()]), null);
    partition.process({ type: 'closed', shard: SHARD, intervalMs: 60_000, fromTick: AT, toTick: AT });
    expect(partition.watermarks).toEqual({ watermark: AT + 60_000, agentsWatermark: AT + 60_000 });
  });

  test('a look at a device that is pinged does not wait for its agent', () => {
    const partition = new Partition(0, inventoryOf([pinged]), null);
    partition.process(look('0.main.icmp.10000', AT, [1]));
    partition.process(look(SHARD, AT, [2]));
    partition.process({ type: 'look', object: 'n:d', after: AT + 5_000, requestedAt: AT + 5_000 });
    partition.process(look('0.main.icmp.10000', AT + 5_100, [1]));
    expect(partition.takeEffects().looked).toEqual([{ object: 'n:d', state: 'up', observedAt: AT + 5_100, after: AT + 5_000 }]);
  });

  test("another interval of a device's agent moves its interfaces, which are not unknown for that", () => {
    const partition = new Partition(0, inventoryOf([device(), interfaceOf('n:d', 'ge0')]), null);
    partition.process(look(SHARD, AT, [1, 2]));
    partition.takeEffects();
    partition.adopt(inventoryOf([device({ intervalMs: 10_000 }), interfaceOf('n:d', 'ge0')]), AT + 60_000);
    for (const tick of [AT + 60_000, AT + 70_000, AT + 80_000])
      partition.process({ type: 'closed', shard: '0.main.snmp.10000', intervalMs: 10_000, fromTick: tick, toTick: tick });
    expect(partition.takeEffects().transitions).toEqual([]);
    partition.process(look('0.main.snmp.10000', AT + 90_000, [2], VERDICT.down));
    expect(objectsSaid(partition)).toEqual([['n:d/ge0', 'down', 'no-reply']]);
  });

  test('the end of a circuit on a device of another partition is judged by that agent', () => {
    const elsewhere = agentOf('n:far', { intervalMs: 30_000 });
    const circuit: MonitoredObject = {
      ...objectOf('n:c'),
      kind: 'circuit',
      checks: [{ id: 'n:c/end1', objectId: 'n:c', kind: 'interface', device: 'n:far', ifName: 'ge9' }],
    };
    const partition = new Partition(0, inventoryOf([circuit], new Map([['n:far', elsewhere]])), null);
    partition.process(look('0.main.snmp.30000', AT, [1], VERDICT.down, 'link-down'));
    expect(objectsSaid(partition)).toEqual([['n:c', 'down', 'link-down']]);
  });

  test('when a device is not asked any more, its interfaces are unknown at once, and known again when it is', () => {
    const objects = [device(), interfaceOf('n:d', 'ge0')];
    const partition = new Partition(0, inventoryOf(objects), null);
    partition.process(look(SHARD, AT, [1, 2]));
    partition.takeEffects();
    partition.adopt(inventoryOf(objects, NO_AGENTS), AT + 1_000);
    partition.process(look(SHARD, AT + 2_000, [2], VERDICT.down));
    expect(objectsSaid(partition).at(-1)).toEqual(['n:d/ge0', 'unknown', 'not-monitored']);
    expect(partition.tally.strangers).toBe(1);
    partition.adopt(inventoryOf(objects), AT + 3_000);
    partition.process(look(SHARD, AT + 60_000, [2], VERDICT.up, 'link-up'));
    expect(objectsSaid(partition)).toEqual([['n:d/ge0', 'up', 'link-up']]);
  });
});

function look(
  shard: string,
  at: number,
  check: number | number[],
  verdict: number = VERDICT.up,
  reason?: (typeof REASONS)[number],
): StreamEntry {
  const checks = typeof check === 'number' ? [check] : check;
  const column = (value: number) => checks.map(() => value);
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
    checks: packUint32(checks),
    verdicts: packUint8(column(verdict | CONFIRMED)),
    first: packInt32(column(20)),
    last: packInt32(column(10)),
    ...(reason === undefined ? {} : { reasons: packUint8(column(REASONS.indexOf(reason))) }),
  };
}
