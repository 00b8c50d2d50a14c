import { SessionPage, SessionQuery, UuidParams } from '@beacontower/contracts';
import { endSessions, listSessions } from '@beacontower/database';
import type { FastifyRequest } from 'fastify';
import { accountNeeded, notAtThisStage } from '../accounts/problems.ts';
import { record, recorded } from '../accounts/record.ts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { notFound } from '../http/problem.ts';
import { describe, NoContent } from '../openapi.ts';

/** Who is signed in where: one's own sessions, and for security administrators those of all within their divisions. */
export function registerSessions(app: App, context: RouteContext): void {
  registerOwn(app, context);
  const { database, clock } = context;
  app.get(
    '/api/v1/sessions',
    {
      config: { access: 'secure' },
      schema: { ...describe('sessions', 'List who is signed in', 'secure'), querystring: SessionQuery, response: { 200: SessionPage } },
    },
    async (request) => {
      const { divisions, session } = principalOf(request);
      return listSessions(database, request.query, { scope: divisions, current: session?.id ?? null, now: clock.now() });
    },
  );
  app.delete(
    '/api/v1/sessions/:id',
    {
      config: { access: 'secure', auditsItself: true },
      schema: { ...describe('sessions', 'End a session', 'secure'), params: UuidParams, response: { 204: NoContent } },
    },
    async (request, reply) => {
      const { divisions } = principalOf(request);
      const found = await listSessions(database, { id: request.params.id }, { scope: divisions, current: null, now: clock.now() });
      await end(context, request, found.items[0]);
      return reply.code(204).send();
    },
  );
}

function registerOwn(app: App, context: RouteContext): void {
  const { database, clock } = context;
  app.get(
    '/api/v1/session/list',
    {
      config: { access: 'session' },
      schema: { ...describe('session', 'List the own sessions', 'session'), response: { 200: SessionPage } },
    },
    async (request) => {
      const { account, current } = own(request);
      return listSessions(database, { account }, { scope: [''], current, now: clock.now() });
    },
  );
  app.delete(
    '/api/v1/session/list/:id',
    {
      config: { access: 'session', auditsItself: true },
      schema: { ...describe('session', 'End one of the own sessions', 'session'), params: UuidParams, response: { 204: NoContent } },
    },
    async (request, reply) => {
      const { account, current } = own(request);
      const found = await listSessions(database, { account, id: request.params.id }, { scope: [''], current, now: clock.now() });
      await end(context, request, found.items[0]);
      return reply.code(204).send();
    },
  );
}

function own(request: FastifyRequest): { account: string; current: string } {
  const { session } = principalOf(request);
  if (!session || session.accountId === null) throw accountNeeded();
  if (session.stage !== 'full') throw notAtThisStage(session.stage);
  return { account: session.accountId, current: session.id };
}

async function end(
  { database, clock }: RouteContext,
  request: FastifyRequest,
  session: { readonly id: string; readonly name: string } | undefined,
): Promise<void> {
  if (!session) throw notFound('session');
  const now = clock.now();
  const { name } = principalOf(request);
  await recorded(database, request, async (tx) => {
    await endSessions(tx, { id: session.id }, { by: name, because: 'ended', now });
    await record(tx, request, { at: now, actor: name, action: 'session.end', object: session.id, detail: { of: session.name } });
  });
}
