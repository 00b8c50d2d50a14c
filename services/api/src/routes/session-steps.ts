import { PasswordChange, RecoveryCodes, SecondFactorCode, SecondFactorProof, SecondFactorSetup, SessionView } from '@beacontower/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { changePassword } from '../accounts/change-password.ts';
import { setSessionCookie } from '../accounts/cookie.ts';
import type { OpenedSession } from '../accounts/open-session.ts';
import { principalOfSecret } from '../accounts/resolve-session.ts';
import { sessionView } from '../accounts/session-view.ts';
import { confirmSecondFactor, giveCode, removeSecondFactor, setUpSecondFactor } from '../accounts/steps.ts';
import { checkTransport } from '../accounts/transport.ts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { describe, NoContent } from '../openapi.ts';

const config = { access: 'session', secretBody: true } as const;

/** The steps from a password to a whole session, which are also how a person changes their own password and second factor. */
export function registerSessionSteps(app: App, context: RouteContext): void {
  app.post(
    '/api/v1/session/second-factor',
    {
      config,
      schema: {
        ...describe('session', 'Give a code of the second factor', 'session', 'Or one of the recovery codes, each good once.'),
        body: SecondFactorCode,
        response: { 200: SessionView },
      },
    },
    async (request, reply) => answer(context, request, reply, await giveCode(context, request, request.body.code)),
  );
  app.post(
    '/api/v1/session/password',
    {
      config,
      schema: { ...describe('session', 'Change the own password', 'session'), body: PasswordChange, response: { 200: SessionView } },
    },
    async (request, reply) => {
      checkTransport(request, context.config);
      return answer(context, request, reply, await changePassword(context, request, request.body));
    },
  );
  registerOwnSecondFactor(app, context);
}

function registerOwnSecondFactor(app: App, context: RouteContext): void {
  app.post(
    '/api/v1/session/second-factor/setup',
    {
      config,
      schema: {
        ...describe('session', 'Set a second factor up', 'session', 'The secret is shown once; it counts from its first code on.'),
        body: SecondFactorProof,
        response: { 200: SecondFactorSetup },
      },
    },
    async (request) => {
      checkTransport(request, context.config);
      return setUpSecondFactor(context, request, request.body);
    },
  );
  app.post(
    '/api/v1/session/second-factor/confirm',
    {
      config,
      schema: {
        ...describe('session', 'Give the first code of a new second factor', 'session', 'The recovery codes are shown once.'),
        body: SecondFactorCode,
        response: { 200: RecoveryCodes },
      },
    },
    async (request, reply) => {
      const { opened, codes } = await confirmSecondFactor(context, request, request.body.code);
      setSessionCookie(reply, opened.secret);
      return { codes };
    },
  );
  app.post(
    '/api/v1/session/second-factor/remove',
    {
      config,
      schema: {
        ...describe('session', 'Do without a second factor again', 'session', 'Where the policy lets one.'),
        body: SecondFactorProof,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      await removeSecondFactor(context, request, request.body);
      return reply.code(204).send();
    },
  );
}

async function answer(context: RouteContext, request: FastifyRequest, reply: FastifyReply, opened: OpenedSession) {
  setSessionCookie(reply, opened.secret);
  request.principal = await principalOfSecret(context.database, opened.secret, context.clock.now());
  return sessionView(context, principalOf(request));
}
