import { FEDERATION_PATH, LOG_LIMITS, type LogAnswer } from '@beacontower/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Refusal } from '../protocol/refusal.ts';
import { applyBatch } from './apply.ts';
import { parse } from './bodies.ts';
import type { CallContext } from './listener.ts';
import { holdPlaces } from './places.ts';

const LogQuery = z.object({ incarnation: z.uuid() });

/** While so many batches wait, senders are asked to leave a pause before the next. */
const MANY_WAIT = 8;
const WAIT_MS = 500;

/** `POST /log`: lines of a node's log, taken in whole or not at all. */
export function registerLog(app: FastifyInstance, context: CallContext): void {
  app.register(async (log) => {
    holdPlaces(log, (request) => context.lanes.enter(context.speaker(request).node));
    log.post(`${FEDERATION_PATH}/log`, { bodyLimit: LOG_LIMITS.bytes }, (request) => take(context, request));
  });
}

async function take(context: CallContext, request: FastifyRequest): Promise<LogAnswer> {
  const from = context.speaker(request);
  const { node } = from;
  const { incarnation } = parse(LogQuery, request.query);
  if (typeof request.body !== 'string') throw new Refusal('encoding-unsupported', 'send the log as application/x-ndjson');
  const text = request.body;
  const { lanes, metrics } = context;
  const applied = await lanes.run(node, async () => {
    if (request.socket.destroyed) throw new Refusal('busy', 'the sender went before it was the turn of its batch');
    const end = metrics.applying.startTimer();
    return applyBatch(context, from, incarnation, text).finally(end);
  });
  for (const [kind, count] of applied.byKind) metrics.lines.inc({ node, kind }, count);
  return { acknowledged: applied.place, waitMs: lanes.waiting > MANY_WAIT ? WAIT_MS : 0, digestsWanted: false };
}
