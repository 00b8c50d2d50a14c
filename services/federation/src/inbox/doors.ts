import type { Server } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { nodeShownBy } from '../certificates/connections.ts';
import { type Leave, Places } from './places.ts';

/** Why a connection was not taken: too many of the address, of strangers, or of the node; or no TLS came about. */
export type TurnedAway = 'address' | 'node' | 'handshake';

export interface DoorLimits {
  /** Connections that have shown no certificate of this authority (yet), of all addresses and of one. */
  readonly strangers: number;
  readonly strangersOfAddress: number;
  readonly ofNode: number;
}

/** A node has a connection for each of its workers, and those that a broken line left behind. */
export const DOOR_LIMITS: DoorLimits = { strangers: 512, strangersOfAddress: 64, ofNode: 64 };

/**
 * Lets connections in. All are a stranger's until they show a certificate that was issued here: whoever has none, and opens thousands, fills
 * the places of his address and keeps no node from its own.
 */
export function keepDoors(server: Server, onTurnedAway: (why: TurnedAway) => void, limits: DoorLimits = DOOR_LIMITS): void {
  const strangers = new Places({ all: limits.strangers, ofOne: limits.strangersOfAddress });
  const nodes = new Places({ all: Number.POSITIVE_INFINITY, ofOne: limits.ofNode });
  const inside = new Map<string, Leave>();
  const turnAway = (socket: Socket, why: TurnedAway) => {
    onTurnedAway(why);
    socket.destroy();
  };
  // In the place of those who begin TLS, which would be begun for nothing.
  const others = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const leave = strangers.take(socket.remoteAddress ?? '');
    if (leave === null) return turnAway(socket, 'address');
    const key = keyOf(socket);
    inside.set(key, leave);
    socket.once('close', () => {
      inside.get(key)?.();
      inside.delete(key);
    });
    for (const begin of others) begin.call(server, socket);
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    const node = nodeShownBy(socket);
    const key = keyOf(socket);
    if (node === null || !inside.has(key)) return;
    const leave = nodes.take(node);
    if (leave === null) return turnAway(socket, 'node');
    inside.get(key)?.();
    inside.set(key, leave);
  });
  server.on('tlsClientError', () => onTurnedAway('handshake'));
}

// The TLS connection is another object than that which it goes through.
const keyOf = ({ remoteAddress, remotePort }: Socket): string => `${remoteAddress} ${remotePort}`;
