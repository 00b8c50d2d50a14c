import { createSocket, type RemoteInfo, type Socket, type SocketOptions } from 'node:dgram';
import { isIP, SocketAddress } from 'node:net';
import type { SnmpTransportConfig } from './config.ts';

/** Told of what comes in, and of sockets that fail. */
export interface SocketListener {
  onDatagram(datagram: Buffer, from: RemoteInfo): void;
  onSocketError(error: Error): void;
}

/** Told how the sending of one message went; null is well. */
export type Sent = (error: Error | null) => void;

export type Family = 4 | 6;

/**
 * The address as the operating system writes it in what it receives, so that the two can be compared as text. Null when it is
 * no address.
 */
export function canonical(address: string): { readonly address: string; readonly family: Family } | null {
  const [bare = '', scope] = address.split('%', 2);
  const family = isIP(bare);
  if (family === 0 || (family === 4 && scope !== undefined)) return null;
  if (family === 4) return { address: bare, family: 4 };
  const mapped = /^::ffff:([\d.]+)$/i.exec(bare)?.[1];
  if (mapped !== undefined && isIP(mapped) === 4) return { address: mapped, family: 4 };
  const text = new SocketAddress({ address: bare, family: 'ipv6' }).address;
  return { address: scope === undefined ? text : `${text}%${scope}`, family: 6 };
}

interface Shared {
  readonly socket: Socket;
  /** Who is still to be told how the sending went. */
  readonly unsent: Set<Sent>;
}

/** A few sockets for each family, made when first needed, used in turn. A socket that fails is closed and replaced at its next turn. */
export class Sockets {
  readonly #config: SnmpTransportConfig;
  readonly #listener: SocketListener;
  readonly #rings: Record<Family, (Shared | null)[]> = { 4: [], 6: [] };
  readonly #turn: Record<Family, number> = { 4: 0, 6: 0 };
  #stopped = false;

  constructor(config: SnmpTransportConfig, listener: SocketListener) {
    this.#config = config;
    this.#listener = listener;
  }

  /** Sends, and says later how that went; never throws. */
  send(family: Family, message: Buffer, port: number, address: string, sent: Sent): void {
    const turn = this.#turn[family]++ % this.#config.sockets;
    let shared: Shared | null = null;
    try {
      const ring = this.#rings[family];
      ring[turn] ??= this.#make(family, turn);
      shared = ring[turn];
      const { socket, unsent } = shared;
      // Node forgets whom to tell of messages that waited for a socket which then could not be opened; the error may come at once.
      unsent.add(sent);
      socket.send(message, 0, message.length, port, address, (error) => {
        if (unsent.delete(sent)) sent(error);
      });
    } catch (error) {
      shared?.unsent.delete(sent);
      queueMicrotask(() => sent(error as Error));
    }
  }

  close(): void {
    this.#stopped = true;
    for (const ring of Object.values(this.#rings)) {
      for (const shared of ring.splice(0)) if (shared) closeQuietly(shared.socket);
    }
  }

  #make(family: Family, turn: number): Shared {
    if (this.#stopped) throw new Error('the transport has stopped');
    const socket = createSocket(socketOptions(family, this.#config));
    socket.on('message', (datagram, from) => this.#listener.onDatagram(datagram, from));
    const shared: Shared = { socket, unsent: new Set() };
    socket.on('error', (error) => {
      this.#listener.onSocketError(error);
      if (this.#rings[family][turn] === shared) this.#rings[family][turn] = null;
      closeQuietly(socket);
      for (const sent of shared.unsent) sent(error);
      shared.unsent.clear();
    });
    return shared;
  }
}

/**
 * What a socket of ours is made with. Targets are addresses, never names: looking them up would only cost time. An IPv6
 * socket takes IPv6 alone, so that an IPv4 answer never comes in a mapped disguise.
 */
export function socketOptions(family: Family, config: Pick<SnmpTransportConfig, 'receiveBuffer'>): SocketOptions {
  return {
    type: family === 4 ? 'udp4' : 'udp6',
    ipv6Only: family === 6,
    recvBufferSize: config.receiveBuffer,
    lookup: (address, _options, callback) => callback(null, address, family),
  };
}

/** Closing twice, or before the bind is through, is no concern of ours. */
export function closeQuietly(socket: Socket): void {
  socket.on('error', () => undefined);
  try {
    socket.close();
  } catch {
    // Closed already.
  }
}
