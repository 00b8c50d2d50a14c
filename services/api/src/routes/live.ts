import { setMaxListeners } from 'node:events';
import { LIVE_TYPES, LiveQuery, type LiveType } from '@beacontower/contracts';
import { z } from 'zod';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { ApiProblem, badField } from '../http/problem.ts';
import { audienceOf } from '../live/batch.ts';
import { LiveGate } from '../live/gate.ts';
import { runSession } from '../live/session.ts';
import { LiveTail } from '../live/tail.ts';
import { describe } from '../openapi.ts';

const DESCRIPTION = `Server-sent events. Each event's \`id\` is its sequence in the log, its \`event\` one of state, check, incident,
delivery, inventory, its \`data\` a \`LiveEvent\`. With \`Last-Event-ID\` what came after it is sent first. An event \`resync\`
(data: \`ResyncEvent\`) says that events were left out: read again what you show, then go on.`;

/** Live events. The tail starts with the server and ends before it closes. */
export function registerLive(app: App, context: RouteContext): void {
  const { config, metrics, logger } = context;
  const tail = new LiveTail(context);
  const gate = new LiveGate(context);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const sessions = new Set<Promise<void>>();
  app.addHook('onReady', async () => {
    await tail.start();
    gate.start();
  });
  app.addHook('preClose', async () => {
    closing.abort();
    await Promise.all(sessions);
    await Promise.all([gate.stop(), tail.stop()]);
  });
  app.get(
    '/api/v1/live',
    {
      schema: {
        ...describe('live', 'Live events', 'read', DESCRIPTION),
        querystring: LiveQuery,
        response: { 200: { content: { 'text/event-stream': { schema: z.string() } } } },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const lastEventId = lastEventIdOf(request.headers['last-event-id']);
      if (sessions.size >= config.live.maxClients) {
        metrics.liveRefused.inc();
        throw new ApiProblem(503, 'too-many-clients', 'too many clients follow live events already', { headers: { 'retry-after': '10' } });
      }
      reply.hijack();
      // It ends with its connection: parts and their lengths would only be written and read for nothing.
      reply.raw.useChunkedEncodingByDefault = false;
      reply.raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream',
        connection: 'close',
        'x-accel-buffering': 'no',
      });
      const session = runSession(
        context,
        tail,
        reply.raw,
        {
          audience: audienceOf(principal.divisions, typesOf(request.query.types)),
          lastEventId,
          watch: (leave) => gate.watch(principal, request, leave),
        },
        closing.signal,
      ).catch((error: unknown) => {
        logger.warn({ err: error, requestId: request.id }, 'a live client was lost');
        reply.raw.destroy();
      });
      sessions.add(session);
      metrics.liveClients.set(sessions.size);
      await session;
      sessions.delete(session);
      metrics.liveClients.set(sessions.size);
    },
  );
}

function typesOf(asked: string | undefined): ReadonlySet<LiveType> | null {
  if (asked === undefined) return null;
  const wanted = asked.split(',');
  return new Set(LIVE_TYPES.filter((type) => wanted.includes(type)));
}

function lastEventIdOf(header: string | string[] | undefined): number | null {
  if (header === undefined || header === '') return null;
  const sequence = Number(header);
  if (!Number.isSafeInteger(sequence) || sequence < 0)
    throw badField('header', 'Last-Event-ID', 'is not an id of these events', 'an integer');
  return sequence;
}
