import { counter, durations, gauge, type Registry } from '@beacontower/runtime';

/** Why a table that was told of was not settled. */
export type Refused = 'malformed' | 'unknown-device' | 'too-soon';

/** The discovery's own figures. */
export function createDiscoveryMetrics(registry: Registry) {
  return {
    seen: counter(registry, 'discovery_tables_seen', 'Interface tables told of by collectors'),
    refused: counter(
      registry,
      'discovery_tables_refused',
      'Tables not settled: malformed, of an unknown device, or too soon after the last change',
      ['reason'],
    ),
    leftOut: counter(
      registry,
      'discovery_interfaces_left_out',
      'Rows of tables that make no object: unfit names, or more than a device may have',
    ),
    changes: counter(registry, 'discovery_interface_changes', 'What happened to interfaces', ['change']),
    versions: counter(registry, 'discovery_inventory_versions', 'Versions of the inventory made'),
    settling: durations(registry, 'discovery_settling', 'Time to settle one batch'),
    waiting: gauge(registry, 'discovery_devices_waiting', 'Devices that wait to be settled'),
    failures: counter(registry, 'discovery_failures', 'Passes that failed and are tried again'),
  };
}

export type DiscoveryMetrics = ReturnType<typeof createDiscoveryMetrics>;
