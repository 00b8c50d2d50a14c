import { type CheckDefinition, DEFAULT_ICMP_POLICY, type MonitoredObject } from '@beacontower/domain';

/** For tests: an object with one IPv4 check and no parents. */
export function objectOf(id: string, intervalMs: number = DEFAULT_ICMP_POLICY.intervalMs): MonitoredObject {
  const check: CheckDefinition = {
    id: `${id}/icmp4`,
    objectId: id,
    kind: 'icmp',
    family: 4,
    address: '127.0.0.1',
    zone: 'main',
    policy: { ...DEFAULT_ICMP_POLICY, intervalMs },
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
