/** What is refused is answered with a code of the protocol, counted, and told with its node. */
import { type Database, noteRefused } from '@beacontower/database';
import type { Clock, Logger } from '@beacontower/runtime';
import type { FastifyReply } from 'fastify';
import type { FederationMetrics } from '../metrics.ts';
import { Refusal } from '../protocol/refusal.ts';
import { tooLarge } from './bodies.ts';
import type { Sparing } from './sparing.ts';
import { isUnstorableData, UNSTORABLE } from './unstorable.ts';

export interface RefusalContext {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: FederationMetrics;
  /** How often refusals are told. */
  readonly sparing: Sparing;
  /** Which call it was. */
  readonly call: string;
  /** Whose message it was; empty: nobody's who is known here. */
  readonly node: string;
}

/** Part of how the protocol works, not something that anybody has to look at. */
const ORDINARY: ReadonlySet<string> = new Set([
  'hello-needed',
  'snapshot-base-unknown',
  'snapshot-stale',
  'sequence-known',
  'busy',
  'unavailable',
]);

export async function answerRefusal(error: unknown, reply: FastifyReply, context: RefusalContext): Promise<void> {
  const refusal = refusalOf(error);
  context.metrics.refused.inc({ node: context.node, code: refusal.code });
  say(error, refusal, context);
  if (!ORDINARY.has(refusal.code)) await tell(refusal, context);
  if (refusal.retryAfterS !== null) reply.header('retry-after', String(refusal.retryAfterS));
  await reply.status(refusal.status).type('application/problem+json').send(JSON.stringify(refusal.problem()));
}

// Everything is counted; what comes by the thousand is said now and then.
function say(error: unknown, { code, message, facts }: Refusal, { logger, clock, node, sparing }: RefusalContext): void {
  const isOurs = code === 'unavailable';
  if (ORDINARY.has(code) && !isOurs) return;
  const before = sparing.tell(`${node} ${code}`, clock.now());
  if (before === null) return;
  if (isOurs) logger.warn({ err: error, node, before }, 'a message of a node below could not be taken');
  else logger.warn({ node, code, detail: message, sequence: facts.sequence, before }, 'a message of a node below was refused');
}

async function tell(refusal: Refusal, { database, clock, node, call, logger }: RefusalContext): Promise<void> {
  if (node === '') return;
  const { sequence } = refusal.facts;
  const told = { at: clock.now(), code: refusal.code, detail: refusal.message, sequence: sequence ?? null, call };
  await noteRefused(database, node, told).catch((err: unknown) => logger.warn({ err, node }, 'a refusal could not be noted'));
}

/** What `error` is in words of the protocol. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return tooLarge();
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new Refusal('encoding-unsupported', 'send application/json, or application/x-ndjson for the log');
  if (code?.startsWith('Z_') || (statusCode !== undefined && statusCode >= 400 && statusCode < 500))
    return new Refusal('message-invalid', 'the message cannot be read');
  if (isUnstorableData(error)) return new Refusal('message-invalid', UNSTORABLE);
  return new Refusal('unavailable', 'it cannot be taken now; nothing of it is in the record');
}
