/** The calls of the protocol, a line each. */
import type { FastifyInstance } from 'fastify';
import { registerDownward } from '../downward/calls.ts';
import { registerEnrolment } from '../enrolment/calls.ts';
import { registerDigests } from './digests.ts';
import { registerHello } from './hello.ts';
import type { CallContext } from './listener.ts';
import { registerLog } from './log.ts';
import { registerMarks } from './marks.ts';
import { registerSnapshot } from './snapshot.ts';

export function registerCalls(app: FastifyInstance, context: CallContext): void {
  registerDigests(app, context);
  registerHello(app, context);
  registerLog(app, context);
  registerMarks(app, context);
  registerSnapshot(app, context);
  registerDownward(app, context);
  if (context.issuer !== undefined) registerEnrolment(app, context, context.issuer);
}
