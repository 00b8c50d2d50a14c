import { DEFAULT_ICMP_POLICY, type MonitoredObject } from '@beacontower/domain';
import { describe, expect, test } from 'vitest';
import { planCaptures, withinRoom } from './plan.ts';

const NOW = 1_000_000;
const outage = { incident: 'i', cause: 'a', openedAt: NOW };

const icmp = (address: string, zone = 'z', objectId = 'a') => ({
  ...{ id: `${objectId}/${address}/${zone}`, objectId, kind: 'icmp' as const, family: address.includes(':') ? (6 as const) : (4 as const) },
  ...{ address, zone, policy: DEFAULT_ICMP_POLICY },
});
const port = (device: string) => ({ id: `a/${device}`, objectId: 'a', kind: 'interface' as const, device, ifName: 'GE1' });

function object(id: string, checks: MonitoredObject['checks']): MonitoredObject {
  return {
    ...{ id, kind: 'circuit', name: id, division: 'cn', class: 'backbone', party: null, servingRule: 'any', weight: 1, runbook: null },
    ...{ dependency: { parents: [], rule: { require: 'any' } }, checks, attributes: {} },
  };
}
const planned = (...objects: MonitoredObject[]) =>
  planCaptures(outage, new Map(objects.map((each) => [each.id, each])), NOW).map(({ kind, target }) => `${kind} ${target}`);

describe('what is looked at when an outage is opened', () => {
  test('the way to each address and the samples of each check, both families', () => {
    expect(planned(object('a', [icmp('192.0.2.1'), icmp('2001:db8::1')]))).toEqual([
      'traceroute 192.0.2.1',
      'traceroute 2001:db8::1',
      'samples a/192.0.2.1/z',
      'samples a/2001:db8::1/z',
    ]);
  });

  test('an address watched from two zones is looked for from both', () => {
    expect(planned(object('a', [icmp('192.0.2.1', 'north'), icmp('192.0.2.1', 'south')])).slice(0, 2)).toEqual([
      'traceroute 192.0.2.1 (north)',
      'traceroute 192.0.2.1 (south)',
    ]);
  });

  test('what has no address is looked for at the devices of its interfaces, whose samples are kept', () => {
    expect(planned(object('a', [port('d')]), object('d', [icmp('192.0.2.9', 'z', 'd')]))).toEqual(['traceroute 192.0.2.9', 'samples a']);
  });

  test('nothing of what is not in the inventory any more, or is not asked anywhere', () => {
    expect(planned()).toEqual([]);
    expect(planned(object('a', []))).toEqual([]);
  });
});

test('in a storm the first outages are looked at, each whole, and the others are named', () => {
  const captures = planCaptures(outage, new Map([['a', object('a', [icmp('192.0.2.1')])]]), NOW);
  const of = (incident: string) => ({ outage: { ...outage, incident }, captures });
  expect(withinRoom([of('1'), of('2'), of('3')], 5)).toEqual({
    taken: [...captures, ...captures],
    refused: [{ incident: '3', kind: 'traceroute', target: 'a' }],
  });
  expect(withinRoom([of('1')], -3).refused).toHaveLength(1);
});
