import { Liveness, Readiness } from '@beacontower/contracts';
import { readMetrics, readVitals } from '@beacontower/queue';
import { AggregatorRegistry, type Health } from '@beacontower/runtime';
import { z } from 'zod';
import type { App, RouteContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { within } from '../within.ts';

const ASK_MS = 2_000;
const ORDER = ['ok', 'starting', 'degraded', 'failed'] as const;
type Said = { status: Health['status']; detail: string | null };

/** Liveness, readiness and metrics: open to all, since what asks them holds no token; they name no object and no person. */
export function registerHealth(app: App, context: RouteContext): void {
  const config = { access: 'public' as const, rateLimit: false };
  app.get(
    '/healthz',
    { config, schema: { ...describe('health', 'This process answers', 'public'), response: { 200: Liveness } } },
    async () => ({
      status: 'ok' as const,
    }),
  );
  app.get(
    '/readyz',
    {
      config,
      schema: { ...describe('health', 'Each dependency and role', 'public'), response: { 200: Readiness, 503: Readiness } },
    },
    async (_request, reply) => {
      const readiness = await readReadiness(context);
      return reply.code(readiness.status === 'failed' || readiness.status === 'starting' ? 503 : 200).send(readiness);
    },
  );
  app.get(
    '/metrics',
    {
      config,
      schema: {
        ...describe('health', 'Prometheus text of every process', 'public'),
        response: { 200: { content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    async (_request, reply) => reply.type('text/plain; version=0.0.4; charset=utf-8').send(await allMetrics(context)),
  );
}

async function readReadiness({ database, redis, keys, clock, config }: RouteContext): Promise<Readiness> {
  const [postgresql, redisSaid, vitals] = await Promise.all([
    ask(database.query('SELECT 1')),
    ask(redis.ping()),
    within(ASK_MS, readVitals(redis, keys, config.expectedRoles, clock.now())).catch(() => []),
  ]);
  const roles = Object.fromEntries(
    config.expectedRoles.map((role): [string, Said] => {
      // Of several instances the best one counts: a role runs when one of them does its work.
      const said = vitals.filter((each) => each.role === role).sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status))[0];
      return [role, said ? { status: said.status, detail: said.detail ?? null } : { status: 'failed', detail: 'no sign of life' }];
    }),
  );
  const all = [postgresql, redisSaid, ...Object.values(roles)];
  const worst = ORDER.findLast((status) => all.some((each) => each.status === status)) ?? 'ok';
  return { status: worst, dependencies: { postgresql, redis: redisSaid }, roles };
}

async function ask(question: Promise<unknown>): Promise<Said> {
  return within(ASK_MS, question).then(
    (): Said => ({ status: 'ok', detail: null }),
    // What the driver says may name hosts and accounts: the log has it, the answer does not.
    (): Said => ({ status: 'failed', detail: 'does not answer' }),
  );
}

async function allMetrics({ redis, keys, clock, registry, instance }: RouteContext): Promise<string> {
  const own = await registry.getMetricsAsJSON();
  const others = await within(ASK_MS, readMetrics(redis, keys, clock.now())).catch(() => []);
  const isOwn = (metrics: readonly Record<string, unknown>[]) =>
    JSON.stringify(metrics[0] ?? {}).includes(`"process":${JSON.stringify(instance)}`);
  return AggregatorRegistry.aggregate([own, ...others.filter((metrics) => !isOwn(metrics))]).metrics();
}
