/** What is no HTTP, or never ends: answered with a code as well, by hand, since no request comes about. */
import type { TLSSocket } from 'node:tls';
import { Refusal } from '../protocol/refusal.ts';

/** `clientErrorHandler` of the listener. `onRefused`: for counting. */
export function answerUnreadable(onRefused: (refusal: Refusal, socket: TLSSocket) => void) {
  return (error: NodeJS.ErrnoException, socket: TLSSocket): void => {
    const refusal = refusalFor(error.code ?? '');
    // Of a connection that broke, or on which no TLS came about, nobody hears an answer.
    if (refusal !== null && socket.writable) {
      onRefused(refusal, socket);
      const body = JSON.stringify(refusal.problem());
      const head = `HTTP/1.1 ${refusal.status} Refused\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}`;
      socket.write(`${head}\r\nConnection: close\r\n\r\n${body}`);
    }
    socket.destroy(error);
  };
}

function refusalFor(code: string): Refusal | null {
  if (code === 'HPE_HEADER_OVERFLOW') return new Refusal('message-too-large', 'the head of the message is too long');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Refusal('message-invalid', 'the message did not end in time');
  return code.startsWith('HPE_') ? new Refusal('message-invalid', 'the message is no HTTP') : null;
}
