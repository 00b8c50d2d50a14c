/** What is told in the demo arrives here: a robot, a desk, an SMS gateway that stumbles, a ticket system, and a platform that is out of order. */
import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { PATHS } from './telling.ts';

/** Receives until it is closed. */
export interface Receiver {
  /** Without a path. */
  readonly url: string;
  /** Where the robot listens: its address holds a key. */
  readonly robotUrl: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** What a receiver answers to the n-th message (from 1) at a path. Pure. */
export function answerTo(path: string, count: number): Answer {
  switch (path) {
    case PATHS.robot:
      return { status: 200, body: '{"errcode":0,"errmsg":"ok"}' };
    case PATHS.sms:
      // Every third is sent away once: the next attempt gets through.
      return count % 3 === 1 ? { status: 503, body: 'try again' } : { status: 200, body: `{"code":0,"id":"${100_000 + count}"}` };
    case PATHS.desk:
    case PATHS.tickets:
      return { status: 200, body: `{"accepted":${count}}` };
    case PATHS.province:
      return { status: 502, body: 'the platform is being repaired' };
    default:
      return { status: 404, body: '' };
  }
}

/** Starts on the loopback, at a port that is free. */
export async function startReceiver(): Promise<Receiver> {
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://receiver').pathname;
    request.resume().once('end', () => {
      const count = (counts.get(path) ?? 0) + 1;
      counts.set(path, count);
      const { status, body } = answerTo(path, count);
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  });
  const port = await listening(server);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    robotUrl: `${url}${PATHS.robot}?key=${randomBytes(12).toString('hex')}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      if (typeof address === 'object' && address) resolve(address.port);
      else reject(new Error('no port'));
    });
  });
}
