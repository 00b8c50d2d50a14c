import { randomUUID } from 'node:crypto';
import { KnownObjects, Passwords } from '@beacontower/database';
import { OLDEST_TLS, readCertificate } from '@beacontower/runtime';
import rateLimit from '@fastify/rate-limit';
import Fastify, { type HTTPMethods } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { Attempts } from './accounts/attempts.ts';
import { AuditGuardian } from './audit/guardian.ts';
import { AuditWriter, waitingFile } from './audit/writer.ts';
import type { ApiConfig } from './config.ts';
import type { Access, ApiDeps, App, RouteContext } from './context.ts';
import { registerAudit } from './http/audit.ts';
import { callerKey, createResolver, registerAuth } from './http/auth.ts';
import { registerCompression } from './http/compression.ts';
import { answerError, registerErrors } from './http/errors.ts';
import { registerHeaders } from './http/headers.ts';
import { registerIdempotency } from './http/idempotency.ts';
import { ApiProblem } from './http/problem.ts';
import { registerText } from './http/text.ts';
import { createMetrics } from './metrics.ts';
import { registerDocument, registerOpenApi } from './openapi.ts';
import { registerAccessPolicy } from './routes/access-policy.ts';
import { registerAccounts } from './routes/accounts.ts';
import { registerAuditRoutes } from './routes/audit.ts';
import { registerAvailability } from './routes/availability.ts';
import { registerBudget } from './routes/budget.ts';
import { registerCalendars } from './routes/calendars.ts';
import { registerConfiguration } from './routes/configuration.ts';
import { registerConsole } from './routes/console.ts';
import { registerCoverage } from './routes/coverage.ts';
import { registerDeliveries } from './routes/deliveries.ts';
import { registerDirectory } from './routes/directory.ts';
import { registerEvidence } from './routes/evidence.ts';
import { registerFederation } from './routes/federation.ts';
import { registerFreshness } from './routes/freshness.ts';
import { registerHealth } from './routes/health.ts';
import { registerIncidentActions } from './routes/incident-actions.ts';
import { registerIncidents } from './routes/incidents.ts';
import { registerLive } from './routes/live.ts';
import { registerNodes } from './routes/nodes.ts';
import { registerObjectIndex } from './routes/object-index.ts';
import { registerObjectiveDays } from './routes/objective-days.ts';
import { registerObjects } from './routes/objects.ts';
import { registerOidc } from './routes/oidc.ts';
import { registerPages } from './routes/pages.ts';
import { registerPeriods } from './routes/periods.ts';
import { registerPlans } from './routes/plans.ts';
import { registerReclassifications } from './routes/reclassifications.ts';
import { registerReports } from './routes/reports.ts';
import { registerRotas } from './routes/rotas.ts';
import { registerRouting } from './routes/routing.ts';
import { registerSelf } from './routes/self.ts';
import { registerSeries } from './routes/series.ts';
import { registerSession } from './routes/session.ts';
import { registerSessionSteps } from './routes/session-steps.ts';
import { registerSessions } from './routes/sessions.ts';
import { registerTemplates } from './routes/templates.ts';
import { registerTokens } from './routes/tokens.ts';
import { registerWall } from './routes/wall.ts';

/** Every group of routes; adding one is one line. */
const ROUTES: readonly ((app: App, context: RouteContext) => void)[] = [
  registerPages,
  registerFreshness,
  registerHealth,
  registerDocument,
  registerObjects,
  registerSession,
  registerOidc,
  registerSessionSteps,
  registerSessions,
  registerAccounts,
  registerAccessPolicy,
  registerCalendars,
  registerDeliveries,
  registerDirectory,
  registerFederation,
  registerIncidents,
  registerIncidentActions,
  registerRotas,
  registerRouting,
  registerNodes,
  registerSelf,
  registerLive,
  registerTemplates,
  registerTokens,
  registerWall,
];

/** Those that compute over long times or many objects, and ask questions that may take long. */
const LONG_ROUTES: typeof ROUTES = [
  registerAuditRoutes,
  registerAvailability,
  registerBudget,
  registerConfiguration,
  registerCoverage,
  registerEvidence,
  registerObjectIndex,
  registerObjectiveDays,
  registerPeriods,
  registerPlans,
  registerReclassifications,
  registerReports,
  registerSeries,
];

/** The application without a socket: for the server, and for tests by `inject`. */
export async function buildApp(config: ApiConfig, deps: ApiDeps): Promise<App> {
  const metrics = createMetrics(deps.registry);
  const directory = config.auditDirectory;
  const { lookUpMs, questionMs, longQuestionMs } = config.database;
  const lookUps = { ...deps, database: deps.database.limited(lookUpMs) };
  const long = deps.database.limited(longQuestionMs);
  const audit = new AuditWriter({ ...lookUps, metrics, waitingFile: waitingFile(directory, deps.instance) });
  const guardian = new AuditGuardian({ ...deps, directory });
  const context: RouteContext = {
    ...deps,
    database: deps.database.limited(questionMs),
    config,
    metrics,
    audit,
    guardian,
    passwords: new Passwords(),
    attempts: new Attempts(deps.clock),
    objects: new KnownObjects(long, () => deps.clock.monotonic()),
    resolvePrincipal: createResolver(lookUps, config),
  };
  const app: App = Fastify({
    logger: false,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: config.trustedProxies.length === 0 ? false : [...config.trustedProxies],
    bodyLimit: config.bodyLimitBytes,
    requestTimeout: config.requestTimeoutMs,
    connectionTimeout: 0,
    keepAliveTimeout: 72_000,
    ...transport(config),
    return503OnClosing: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 512 },
    frameworkErrors: (error, request, reply) => {
      answerError(context, error, request, reply);
    },
  }).withTypeProvider();
  app.decorate('audit', audit).decorate('guardian', guardian);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  registerHeaders(app, context);
  registerErrors(app, context);
  registerAuth(app, context);
  await registerRateLimit(app, config);
  registerText(app);
  registerIdempotency(app, context);
  registerAudit(app, context);
  await registerCompression(app);
  await registerOpenApi(app);
  const { methods, access } = collectRoutes(app);
  app.decorate('knownRoutes', methods).decorate('routeAccess', access);
  for (const register of ROUTES) register(app, context);
  for (const register of LONG_ROUTES) register(app, { ...context, database: long });
  if (deps.console !== null) await registerConsole(app, deps.console);
  registerOtherMethods(app, methods);
  return app;
}

async function registerRateLimit(app: App, { rateLimit: { max, windowMs } }: ApiConfig): Promise<void> {
  await app.register(rateLimit, {
    max,
    timeWindow: windowMs,
    keyGenerator: callerKey,
    errorResponseBuilder: (_request, limit) =>
      new ApiProblem(429, 'too-many-requests', `more than ${limit.max} requests in ${limit.after}; wait for Retry-After`),
  });
}

// The type of the application is the one without TLS: nothing of ours looks at the socket.
function transport({ tls }: ApiConfig): { http: { headersTimeout: number; maxHeaderSize: number } } {
  const limits = { headersTimeout: 10_000, maxHeaderSize: 16_384 };
  if (tls === null) return { http: limits };
  const { cert, key } = readCertificate(tls);
  return { https: { ...limits, cert, key, minVersion: OLDEST_TLS } } as never;
}

const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

function collectRoutes(app: App): { methods: Map<string, Set<string>>; access: Map<string, Access> } {
  const methods = new Map<string, Set<string>>();
  const access = new Map<string, Access>();
  app.addHook('onRoute', ({ url, method, config }) => {
    if (config?.refusesMethod) return;
    const known = methods.get(url) ?? new Set();
    for (const each of [method].flat()) {
      known.add(each);
      access.set(`${each} ${url}`, config?.access ?? 'read');
    }
    methods.set(url, known);
  });
  return { methods, access };
}

// A known address asked by another method is 405 and says which it takes.
function registerOtherMethods(app: App, known: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [url, methods] of known) {
    const allow = [...methods].sort().join(', ');
    app.route({
      url,
      method: METHODS.filter((method) => !methods.has(method)),
      config: { refusesMethod: true },
      schema: { hide: true },
      handler: () => {
        throw new ApiProblem(405, 'method-not-allowed', `this address takes ${allow}`, { headers: { allow } });
      },
    });
  }
}
