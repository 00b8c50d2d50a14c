/** How the transport runs. */
export interface SnmpTransportConfig {
  /** Sockets for each address family, shared by all devices: each has a receive buffer and a source port of its own. */
  readonly sockets: number;
  /** Receive buffer asked for, bytes a socket; the system may give less (net.core.rmem_max). */
  readonly receiveBuffer: number;
  /** Silent devices that may be asked over a socket of their own at once: only such a socket is told that nothing listens there. */
  readonly ownSockets: number;
}

export const SNMP_TRANSPORT_DEFAULTS: SnmpTransportConfig = {
  sockets: 4,
  receiveBuffer: 4 * 1024 * 1024,
  ownSockets: 64,
};
