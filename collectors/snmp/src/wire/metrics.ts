import { type Counter, counter, type Gauge, gauge, type Registry } from '@beacontower/runtime';

/**
 * Why a datagram was dropped: `unreadable` is no SNMP message; `late`, `twice`, `unknown` carry an id that is not awaited;
 * `stranger` comes from elsewhere than was asked, `other-community` speaks for another community or version, `no-answer` is no response, and
 * `unproven` is a v3 message whose digest, time or encryption does not hold.
 */
export type DropReason = 'unreadable' | 'late' | 'twice' | 'unknown' | 'stranger' | 'other-community' | 'no-answer' | 'unproven';

/** What the transport counts. */
export interface TransportMetrics {
  readonly requests: Counter;
  readonly outcomes: Counter<'outcome'>;
  readonly dropped: Counter<'reason'>;
  readonly received: Counter;
  readonly receivedBytes: Counter;
  readonly discoveries: Counter;
  readonly socketErrors: Counter;
  readonly open: Gauge;
}

export function createTransportMetrics(registry: Registry): TransportMetrics {
  return {
    requests: counter(registry, 'snmp_messages_sent', 'SNMP messages handed to the operating system'),
    outcomes: counter(registry, 'snmp_requests', 'Requests by outcome: answered, or the name of the failure', ['outcome']),
    dropped: counter(registry, 'snmp_datagrams_dropped', 'Datagrams that answered nothing that was asked, by reason', ['reason']),
    received: counter(registry, 'snmp_datagrams_received', 'Datagrams received'),
    receivedBytes: counter(registry, 'snmp_received_bytes', 'Bytes of datagrams received'),
    discoveries: counter(registry, 'snmp_engine_discoveries', 'SNMPv3 engines learned or learned anew'),
    socketErrors: counter(registry, 'snmp_socket_errors', 'Errors of sockets that belonged to no request'),
    open: gauge(registry, 'snmp_requests_open', 'Requests that await an answer'),
  };
}
