/** The figures of the roles `federation` and `uplink`. Adding one is one line here; labels hold ids of enrolled nodes and words of the protocol, never what a stranger sent. */
import { counter, durations, gauge, type Registry } from '@beacontower/runtime';

/** What a node that others report to counts. */
export function createFederationMetrics(registry: Registry) {
  return {
    lines: counter(registry, 'federation_lines', 'Lines of logs of nodes below that were applied', ['node', 'kind']),
    refused: counter(registry, 'federation_refused', 'Messages of nodes below that were refused; node "" showed no good certificate', [
      'node',
      'code',
    ]),
    applying: durations(registry, 'federation_applying', 'Time to take in one batch of a log'),
    snapshots: counter(registry, 'federation_snapshots', 'Snapshots of nodes below that were taken in', ['node']),
    connections: gauge(registry, 'federation_connections', 'Connections of nodes below that are open'),
    turnedAway: counter(registry, 'federation_connections_refused', 'Connections that were not taken: too many, or no TLS came about', [
      'why',
    ]),
    cut: counter(registry, 'federation_connections_cut', 'Connections that were cut because the certificate was revoked'),
    enrolments: counter(registry, 'federation_enrolments', 'Requests to be let in', ['outcome']),
    certificates: counter(registry, 'federation_certificates', 'Certificates issued', ['use']),
  };
}

export type FederationMetrics = ReturnType<typeof createFederationMetrics>;

/** What a node that reports to another counts. */
export function createUplinkMetrics(registry: Registry) {
  return {
    built: counter(registry, 'uplink_lines_built', 'Lines made of the record for the node above', ['kind']),
    sent: counter(registry, 'uplink_lines_sent', 'Lines that the node above acknowledged'),
    failures: counter(registry, 'uplink_failures', 'Calls to the node above that failed, by the code of the protocol or "unreachable"', [
      'code',
    ]),
    behind: gauge(registry, 'uplink_lines_behind', 'Lines that the node above does not have yet'),
    stored: gauge(registry, 'uplink_log_bytes', 'What the lines for the node above take of the disk'),
    renewals: counter(registry, 'uplink_renewals', 'Attempts to renew the certificate shown above', ['outcome']),
    certificateEnds: gauge(registry, 'uplink_certificate_ends_seconds', 'When the certificate shown above ends, Unix time'),
  };
}

export type UplinkMetrics = ReturnType<typeof createUplinkMetrics>;
