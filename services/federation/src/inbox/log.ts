import { FEDERATION_PATH, type LogAnswer } from '@beacontower/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Refusal } from '../protocol/refusal.ts';
import { applyBatch } from './apply.ts';
import { parse } from './bodies.ts';
import type { CallContext } from './listener.ts';

const LogQuery = z.object({ incarnation: z.uuid() });

/** While so many batches wait, senders are asked to leave a pause before the next. */
const MANY_WAIT = 8;
const WAIT_MS = 500;

/** `POST /log`: lines of a node's log, taken in whole or not at all. */
export function registerLog(app: FastifyInstance, context: CallContext): void {
  const places = new WeakMap<FastifyRequest, () => void>();
  const leave = async (request: FastifyRequest) => places.get(request)?.();
  // A batch that is in the memory takes its place for as long, though its sender went: who sends and goes, again and again, would fill it.
  const held = new WeakSet<FastifyRequest>();
  const leaveUnheld = async (request: FastifyRequest) => (held.has(request) ? undefined : leave(request));
  app.register(async (log) => {
    log.addHook('onRequest', async (request) => {
      places.set(request, context.lanes.enter(context.speaker(request).node));
    });
    log.addHook('onResponse', leaveUnheld);
    log.addHook('onRequestAbort', leaveUnheld);
    log.post(`${FEDERATION_PATH}/log`, (request) => {
      held.add(request);
      return take(context, request).finally(() => leave(request));
    });
  });
}

async function take(context: CallContext, request: FastifyRequest): Promise<LogAnswer> {
  const { node } = context.speaker(request);
  const { incarnation } = parse(LogQuery, request.query);
  if (typeof request.body !== 'string') throw new Refusal('encoding-unsupported', 'send the log as application/x-ndjson');
  const text = request.body;
  const { lanes, metrics } = context;
  const applied = await lanes.run(node, async () => {
    if (request.socket.destroyed) throw new Refusal('busy', 'the sender went before it was the turn of its batch');
    const end = metrics.applying.startTimer();
    return applyBatch(context, node, incarnation, text).finally(end);
  });
  for (const [kind, count] of applied.byKind) metrics.lines.inc({ node, kind }, count);
  return { acknowledged: applied.place, waitMs: lanes.waiting > MANY_WAIT ? WAIT_MS : 0, digestsWanted: false };
}
