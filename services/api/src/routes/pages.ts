import { ApiIndex } from '@beacontower/contracts';
import { countStates } from '@beacontower/database';
import { ACCESS_ROLES, type App, type RouteContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { languageOf, STATUS_CSS, statusPage } from '../pages/status.ts';
import { VERSION } from '../version.ts';

/** What everybody may open, and every list; what lies below a list is told by its items and by the reference. */
const LINKS = {
  reference: '/docs',
  openapi: '/openapi.json',
  readiness: '/readyz',
  metrics: '/metrics',
  objects: '/api/v1/objects',
  topology: '/api/v1/topology',
  objectives: '/api/v1/objectives',
  availability: '/api/v1/availability',
  calendars: '/api/v1/calendars',
  coverage: '/api/v1/coverage',
  periods: '/api/v1/periods',
  reclassifications: '/api/v1/reclassifications',
  reports: '/api/v1/reports',
  signingKeys: '/api/v1/signing-keys',
  incidents: '/api/v1/incidents',
  deliveries: '/api/v1/deliveries',
  channels: '/api/v1/channels',
  maintenance: '/api/v1/maintenance',
  silences: '/api/v1/silences',
  rotas: '/api/v1/rotas',
  nodes: '/api/v1/nodes',
  self: '/api/v1/self',
  live: '/api/v1/live',
  tokens: '/api/v1/tokens',
  session: '/api/v1/session',
  sessions: '/api/v1/sessions',
  accounts: '/api/v1/accounts',
  accessPolicy: '/api/v1/access-policy',
  audit: '/api/v1/audit',
  wall: '/api/v1/wall',
  freshness: '/api/v1/freshness',
  configuration: '/api/v1/configuration',
  directory: '/api/v1/directory',
};

/** The index at `/api/v1` for everybody, and the page at `/`: its frame for everybody, figures only for a caller with a token. */
export function registerPages(app: App, { database, resolvePrincipal, console }: RouteContext): void {
  const config = { access: 'public' as const };
  // Where the console is served, the plain page stays for a terminal's browser and for scripts.
  app.get(console === null ? '/' : '/status', { config, schema: { hide: true } }, async (request, reply) => {
    const principal = await resolvePrincipal(request);
    const mayRead = (principal?.session?.stage ?? 'full') === 'full' && principal?.roles.some((role) => ACCESS_ROLES.read.includes(role));
    const counts = principal && mayRead ? await countStates(database, principal.divisions) : null;
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').header('vary', 'accept-language, authorization, cookie');
    return statusPage(languageOf(request.headers['accept-language']), counts);
  });
  app.get('/api/v1', { config, schema: { ...describe('index', 'Where to go', 'public'), response: { 200: ApiIndex } } }, async () => ({
    product: 'Beacontower',
    version: VERSION,
    links: LINKS,
  }));
  app.get('/status.css', { config, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(STATUS_CSS),
  );
}
