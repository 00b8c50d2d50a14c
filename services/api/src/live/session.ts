import type { ServerResponse } from 'node:http';
import { lastSequence } from '@beacontower/database';
import type { RouteContext } from '../context.ts';
import type { Audience } from './batch.ts';
import { LiveClient } from './client.ts';
import type { LiveTail } from './tail.ts';

/** A client that reads nothing for this many heartbeats is cut off. */
const PATIENCE = 4;

export interface SessionOptions {
  readonly audience: Audience;
  /** The last sequence the client has; null: from now on. */
  readonly lastEventId: number | null;
  /** Has the function called once the client may not listen any more; what is returned ends that. */
  readonly watch: (leave: () => void) => () => void;
}

/** Serves one client on a response whose head is written, until it goes, is cut off, or `abort` says so. */
export async function runSession(
  context: RouteContext,
  tail: LiveTail,
  response: ServerResponse,
  options: SessionOptions,
  abort: AbortSignal,
): Promise<void> {
  const { config, metrics, database } = context;
  const last = await lastSequence(database);
  const client = new LiveClient(response, Math.min(options.lastEventId ?? last, last), {
    audience: options.audience,
    queueLimit: config.live.queueLimit,
    onResync: (reason) => metrics.liveResyncs.inc({ reason }),
    onEvents: (count) => metrics.liveEvents.inc(count),
  });
  const gone = new AbortController();
  const leave = () => gone.abort();
  response.once('close', leave);
  abort.addEventListener('abort', leave, { once: true });
  // Either may have come while the database was asked, and does not come again.
  if (response.destroyed || abort.aborted) leave();
  response.on('drain', () => client.drained());
  const joined = tail.add(client);
  const unwatch = options.watch(leave);
  const heart = startHeart(config.live.heartbeatMs, tail, client, response, leave);
  try {
    response.write('retry: 2000\n\n');
    await catchUp(
      tail,
      client,
      response,
      { after: options.lastEventId ?? last, until: Math.max(joined, last), last, limit: config.live.resumeLimit },
      gone.signal,
    );
    await aborted(gone.signal);
  } finally {
    clearInterval(heart);
    unwatch();
    tail.remove(client);
    response.off('close', leave);
    abort.removeEventListener('abort', leave);
    // What a client that does not read has not taken would keep the connection, and a closing server, for ever.
    if (client.blocked) response.destroy();
    else response.end();
  }
}

async function catchUp(
  tail: LiveTail,
  client: LiveClient,
  response: ServerResponse,
  span: { after: number; until: number; last: number; limit: number },
  gone: AbortSignal,
): Promise<void> {
  if (span.after > span.until) client.resync('ahead', span.until);
  else if (span.until - span.after > span.limit) client.resync('too-old', span.until);
  else {
    for (let after = span.after; after < span.until && !gone.aborted; ) {
      const { events, next } = await tail.read(after, span.until);
      for (const event of events) {
        if (gone.aborted) return;
        if (!client.replay(event)) await drained(response, gone);
      }
      after = next;
    }
  }
  client.release(span.until);
}

function startHeart(everyMs: number, tail: LiveTail, client: LiveClient, response: ServerResponse, leave: () => void): NodeJS.Timeout {
  let missed = 0;
  return setInterval(() => {
    missed = client.blocked ? missed + 1 : 0;
    if (missed >= PATIENCE) {
      response.destroy();
      leave();
    } else client.beat(tail.position);
  }, everyMs);
}

function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      gone.removeEventListener('abort', done);
      resolve();
    };
    response.on('drain', done);
    gone.addEventListener('abort', done, { once: true });
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
