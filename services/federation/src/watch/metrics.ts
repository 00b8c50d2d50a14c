import { counter, gauge, type Registry } from '@beacontower/runtime';

/** What the watch of the links to nodes below counts. */
export function createWatchMetrics(registry: Registry) {
  return {
    nodes: gauge(registry, 'federation_nodes', 'Nodes that report here, by how their link stands', ['state']),
    lag: gauge(registry, 'federation_lag_seconds', 'How far what is known of a node lies behind now', ['node']),
    behind: gauge(registry, 'federation_behind_lines', 'Lines of the log of a node that are still to come before it has caught up', [
      'node',
    ]),
    changes: counter(registry, 'federation_link_changes', 'What became of links to nodes below', ['change']),
  };
}

export type WatchMetrics = ReturnType<typeof createWatchMetrics>;
