import { createSocket, type RemoteInfo } from 'node:dgram';
import type { SnmpTransportConfig } from './config.ts';
import { closeQuietly, type Family, type SocketListener, socketOptions } from './sockets.ts';

/** A message on its way over a socket of its own; `close` ends the listening. */
export interface OwnSend {
  close(): void;
}

/**
 * Sends one message over a connected socket. The operating system hands ICMP errors (nothing listens there, no way to that host) to
 * connected sockets alone, so a silent device is asked this way: what is wrong is then known, and at once.
 */
export function sendOverOwnSocket(
  where: { readonly family: Family; readonly address: string; readonly port: number },
  message: Buffer,
  config: SnmpTransportConfig,
  listener: SocketListener,
  failed: (error: Error) => void,
): OwnSend {
  const socket = createSocket(socketOptions(where.family, config));
  let closed = false;
  const close = () => {
    if (!closed) closeQuietly(socket);
    closed = true;
  };
  const fail = (error: Error) => {
    if (closed) return;
    close();
    failed(error);
  };
  socket.on('error', fail);
  socket.on('message', (datagram: Buffer, from: RemoteInfo) => {
    if (!closed) listener.onDatagram(datagram, from);
  });
  socket.connect(where.port, where.address, (error?: Error) => {
    if (closed) return;
    if (error) fail(error);
    else socket.send(message, (sendError) => sendError && fail(sendError));
  });
  return { close };
}
