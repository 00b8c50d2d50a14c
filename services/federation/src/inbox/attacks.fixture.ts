/** Connections that say to a listener, byte by byte, what no client library would. */
import type { Socket } from 'node:net';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { FEDERATION_PATH } from '@beacontower/contracts';
import type { ParentAddress } from '../uplink/client.ts';

/** What came back on a connection. */
export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly code: string | undefined;
  readonly body: Record<string, unknown>;
}

const TIMEOUT_MS = 10_000;

/** A TLS connection to a listener, with the certificate of `address` if it has one. Errors are not told: the peer is expected to cut it. */
export function openRaw(address: Partial<ParentAddress> & Pick<ParentAddress, 'url'>, over: ConnectionOptions = {}): Promise<TLSSocket> {
  const { hostname, port } = new URL(address.url);
  const own = address.certificate === undefined ? {} : { cert: address.certificate, key: address.key };
  const socket = connect({ host: hostname, port: Number(port), ca: address.authority, rejectUnauthorized: false, ...own, ...over });
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the connection was closed')));
  });
}

/** A request as text. A body is sent with its length, unless `headers` says one. */
export function requestText(method: string, path: string, headers: Readonly<Record<string, string>> = {}, body = ''): string {
  const all: Record<string, string> = {
    host: 'x',
    ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${FEDERATION_PATH}${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/** Sends what is given as it is, and reads so many answers; fewer if the connection ends before. */
export function exchange(socket: TLSSocket, text: string | Buffer, most = 1): Promise<RawAnswer[]> {
  return new Promise((resolve) => {
    let received = Buffer.alloc(0);
    const answers: RawAnswer[] = [];
    const done = () => {
      clearTimeout(timer);
      socket.off('data', take);
      socket.off('close', done);
      resolve(answers);
    };
    const take = (part: Buffer) => {
      received = Buffer.concat([received, part]);
      for (let read = answerIn(received); read !== null; read = answerIn(received)) {
        received = received.subarray(read.length);
        if (read.answer.status >= 200) answers.push(read.answer);
        if (answers.length === most) return done();
      }
    };
    const timer = setTimeout(done, TIMEOUT_MS);
    socket.on('data', take);
    socket.once('close', done);
    if (socket.destroyed) done();
    else socket.write(text);
  });
}

function answerIn(received: Buffer): { readonly answer: RawAnswer; readonly length: number } | null {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = received.subarray(0, end).toString('latin1');
  const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  const whole = end + 4 + length;
  if (received.length < whole) return null;
  const text = received.subarray(end + 4, whole).toString('utf8');
  const body = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0);
  return { answer: { status, head, code: body.code as string | undefined, body }, length: whole };
}

/** Resolves when a connection is gone; false when it is still there after `ms`. */
export function gone(socket: Socket, ms: number): Promise<boolean> {
  if (socket.destroyed || socket.readableEnded) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(true);
    });
    socket.resume();
  });
}
