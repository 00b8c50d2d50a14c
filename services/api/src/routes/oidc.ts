import { OidcCallbackQuery, type OidcRefusal, OidcStartQuery } from '@beacontower/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readCookie, setSessionCookie } from '../accounts/cookie.ts';
import type { App, RouteContext } from '../context.ts';
import { notFound } from '../http/problem.ts';
import { OidcProvider } from '../oidc/provider.ts';
import { beginFlow, endFlow, FLOW_MS } from '../oidc/sign-in.ts';
import { describe } from '../openapi.ts';

/** Signing in by the identity provider. Browsers come here by links and by being sent: what goes wrong is told by the sign-in page. */
export function registerOidc(app: App, context: RouteContext): void {
  const { oidc } = context.config;
  const provider = oidc === null ? null : new OidcProvider(oidc);
  const config = { access: 'public' as const };
  app.get(
    '/api/v1/session/oidc',
    {
      config,
      schema: {
        ...describe(
          'session',
          'Leave for the identity provider',
          'public',
          '302; `to` is where in the console to go on to afterwards. With `again=true` the provider asks even of one whom it knows.',
        ),
        querystring: OidcStartQuery,
      },
    },
    async (request, reply) => {
      if (provider === null) throw notFound('identity provider');
      const begun = await beginFlow(context, provider, { to: request.query.to, again: request.query.again !== undefined });
      if (typeof begun === 'string') return backToSignIn(reply, begun);
      setFlowCookie(reply, begun.secret);
      return reply.redirect(begun.url, 302);
    },
  );
  app.get(
    '/api/v1/session/oidc/callback',
    {
      config,
      schema: {
        ...describe(
          'session',
          'Come back from the identity provider',
          'public',
          '302 into the console, or to its sign-in page with `?oidc=` why not.',
        ),
        querystring: OidcCallbackQuery,
      },
    },
    async (request, reply) => {
      if (provider === null) throw notFound('identity provider');
      const ended = await endFlow(context, provider, request, readCookie(request.headers.cookie, flowCookie(request)));
      if (typeof ended === 'string') return backToSignIn(reply, ended);
      setSessionCookie(reply, ended.opened.secret);
      return reply.redirect(ended.to, 302);
    },
  );
  app.get(
    '/api/v1/session/oidc/end',
    {
      config,
      schema: describe('session', 'Sign out of the identity provider too', 'public', 'For a browser that signed out here before; 302.'),
    },
    async (_request, reply) => {
      if (provider === null) throw notFound('identity provider');
      return reply.redirect((await provider.endUrl().catch(() => null)) ?? '/sign-in', 302);
    },
  );
}

function backToSignIn(reply: FastifyReply, why: OidcRefusal) {
  return reply.redirect(`/sign-in?oidc=${why}`, 302);
}

// Bound to this browser: who begins a flow is who ends it, and nobody is signed in as somebody else by a link.
function flowCookie({ protocol }: Pick<FastifyRequest, 'protocol'>): string {
  return protocol === 'https' ? '__Host-beacontower-flow' : 'beacontower-flow';
}

// Lax: it must come along when the provider sends the browser back.
function setFlowCookie(reply: FastifyReply, secret: string): void {
  const { request } = reply;
  const secure = request.protocol === 'https' ? '; Secure' : '';
  reply.header('set-cookie', `${flowCookie(request)}=${secret}; Path=/; HttpOnly; SameSite=Lax${secure}; Max-Age=${FLOW_MS / 1_000}`);
}
