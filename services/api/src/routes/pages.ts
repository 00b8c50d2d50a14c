import { countStates } from '@beacontower/database';
import type { App, RouteContext } from '../context.ts';
import { languageOf, STATUS_CSS, statusPage } from '../pages/status.ts';

/** The page at `/`: its frame for everybody, figures only for a caller with a token. */
export function registerPages(app: App, { database, resolvePrincipal }: RouteContext): void {
  const config = { access: 'public' as const };
  app.get('/', { config, schema: { hide: true } }, async (request, reply) => {
    const principal = await resolvePrincipal(request.headers.authorization);
    const counts = principal ? await countStates(database, principal.divisions) : null;
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').header('vary', 'accept-language, authorization');
    return statusPage(languageOf(request.headers['accept-language']), counts);
  });
  app.get('/status.css', { config, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(STATUS_CSS),
  );
}
