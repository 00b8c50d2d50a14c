import type { App, RouteContext } from '../context.ts';

/** For what is not a page. */
export const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";
/** For pages of ours: scripts, styles and pictures from this server only, nothing inline. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * For the console: the same, and styles that the page's own scripts make, known by a nonce that is another for every page. Pictures of
 * charts are `blob:`; nothing is ever loaded from another host.
 */
export function pagePolicy(nonce: string): string {
  return `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;
}

const PAGE_ROUTES = /^\/(docs(\/|$)|status\.css$|status$|assets\/|$)/;

/** Headers that no answer goes without. */
export const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
} as const;

/** Security headers on every answer, the request's id, and one log line and one measurement for each. */
export function registerHeaders(app: App, { logger, metrics, clock }: RouteContext): void {
  app.decorateRequest('startedAt', 0);
  app.addHook('onRequest', async (request, reply) => {
    request.startedAt = clock.monotonic();
    const isPage = PAGE_ROUTES.test(request.url.split('?')[0] ?? '');
    reply.headers({
      'x-request-id': request.id,
      ...ALWAYS,
      'content-security-policy': isPage ? PAGE_POLICY : API_POLICY,
    });
    if (!isPage) reply.header('cache-control', 'no-store');
    // Browsers come back by HTTPS only, whatever a link says.
    if (request.protocol === 'https') reply.header('strict-transport-security', 'max-age=31536000');
  });
  app.addHook('onResponse', async (request, reply) => {
    const ms = clock.monotonic() - request.startedAt;
    const route = request.routeOptions.url ?? 'unknown';
    metrics.requests.observe({ method: request.method, route, status: String(reply.statusCode) }, ms / 1_000);
    // The route's pattern, never the URL: a query may hold what nobody should read in a log.
    logger.debug(
      {
        requestId: request.id,
        method: request.method,
        route,
        status: reply.statusCode,
        ms: Math.round(ms),
        caller: request.principal?.name,
      },
      'request',
    );
  });
}
