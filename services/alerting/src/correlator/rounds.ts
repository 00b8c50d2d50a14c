import type { CheckDefinition, MonitoredObject } from '@beacontower/domain';

/** How long a round of an object lasts, ms: its quickest check, that of the device for an interface, of its members for a composite; null: none. */
export function roundOf(object: MonitoredObject, objects: ReadonlyMap<string, MonitoredObject>): number | null {
  return quickest(
    [object, ...(object.combines?.of ?? []).flatMap((id) => objects.get(id) ?? [])].flatMap(({ checks }) => checks),
    objects,
  );
}

function quickest(checks: readonly CheckDefinition[], objects: ReadonlyMap<string, MonitoredObject>): number | null {
  let least: number | null = null;
  for (const check of checks) {
    const interval = check.kind === 'interface' ? agentInterval(objects.get(check.device)) : check.policy.intervalMs;
    if (interval !== null && (least === null || interval < least)) least = interval;
  }
  return least;
}

function agentInterval(device: MonitoredObject | undefined): number | null {
  for (const check of device?.checks ?? []) if (check.kind === 'snmp') return check.policy.intervalMs;
  return null;
}
