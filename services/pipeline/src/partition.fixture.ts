import {
  type CheckDefinition,
  DEFAULT_ICMP_POLICY,
  DEFAULT_SNMP_POLICY,
  type MonitoredObject,
  type SnmpCheck,
  type SnmpPolicy,
} from '@beacontower/domain';

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

/** For tests: the agent of a device. */
export function agentOf(device: string, policy: Partial<SnmpPolicy> = {}): SnmpCheck {
  return {
    id: `${device}/snmp`,
    objectId: device,
    kind: 'snmp',
    family: 4,
    address: '127.0.0.1',
    port: 161,
    zone: 'main',
    credential: 'c',
    policy: { ...DEFAULT_SNMP_POLICY, ...policy },
    interfaces: { watch: [], ignore: [] },
  };
}

/** For tests: an interface of a device. */
export function interfaceOf(device: string, ifName: string): MonitoredObject {
  const id = `${device}/${ifName}`;
  return {
    ...objectOf(id),
    kind: 'interface',
    dependency: { parents: [device], rule: { require: 'any' } },
    checks: [{ id: `${id}/status`, objectId: id, kind: 'interface', device, ifName }],
  };
}
