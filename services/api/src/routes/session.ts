import { SessionView, SignIn, SignInWays } from '@beacontower/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clearSessionCookie, setSessionCookie } from '../accounts/cookie.ts';
import type { OpenedSession } from '../accounts/open-session.ts';
import { checkSameSite, principalOfSecret } from '../accounts/resolve-session.ts';
import { sessionView } from '../accounts/session-view.ts';
import { signInByPassword, signOut } from '../accounts/sign-in.ts';
import { checkTransport, whyNotHere } from '../accounts/transport.ts';
import { signInByToken } from '../accounts/wall-sign-in.ts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { describe, NoContent } from '../openapi.ts';
import { VERSION } from '../version.ts';

/** Signing in and out, and who asks. What a session still needs is in `session-steps.ts`. */
export function registerSession(app: App, context: RouteContext): void {
  registerWays(app, context);
  app.get(
    '/api/v1/session',
    {
      config: { access: 'session' },
      schema: { ...describe('session', 'Who asks, and what they may', 'session'), response: { 200: SessionView } },
    },
    async (request) => sessionView(context, principalOf(request)),
  );
  app.post(
    '/api/v1/session',
    {
      config: { access: 'public', secretBody: true },
      schema: {
        ...describe('session', 'Sign in', 'public', 'By name and password, or (a wall) by a token that may only read. Sets a cookie.'),
        body: SignIn,
        response: { 201: SessionView },
      },
    },
    async (request, reply) => {
      checkSameSite(request);
      checkTransport(request, context.config);
      const { body } = request;
      if ('token' in body) {
        const opened = await signInByToken(context, request, body.token);
        return answer(context, request, reply, opened, Math.floor((opened.expiresAt - context.clock.now()) / 1_000));
      }
      return answer(context, request, reply, await signInByPassword(context, request, body));
    },
  );
  app.delete(
    '/api/v1/session',
    { config: { access: 'session' }, schema: { ...describe('session', 'Sign out', 'session'), response: { 204: NoContent } } },
    async (request, reply) => {
      await signOut(context, request);
      clearSessionCookie(reply);
      return reply.code(204).send();
    },
  );
}

function registerWays(app: App, { config }: RouteContext): void {
  app.get(
    '/api/v1/session/ways',
    {
      config: { access: 'public' },
      schema: { ...describe('session', 'How one may sign in here', 'public'), response: { 200: SignInWays } },
    },
    async (request) => {
      const reason = whyNotHere(request, config);
      const oidc = config.oidc && { name: config.oidc.name, start: '/api/v1/session/oidc', end: '/api/v1/session/oidc/end' };
      return { password: reason === null, reason, oidc, version: VERSION };
    },
  );
}

async function answer(context: RouteContext, request: FastifyRequest, reply: FastifyReply, opened: OpenedSession, maxAgeS?: number) {
  setSessionCookie(reply, opened.secret, maxAgeS);
  const principal = await principalOfSecret(context.database, opened.secret, context.clock.now());
  request.principal = principal;
  return reply.code(201).send(await sessionView(context, principalOf(request)));
}
