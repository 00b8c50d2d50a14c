import { appendAudit } from '@beacontower/database';
import type { FastifyRequest } from 'fastify';
import type { App, RouteContext } from '../context.ts';

/** Every write, done or refused, leaves an audit row before it is answered. */
export function registerAudit(app: App, { database, clock, logger, metrics }: RouteContext): void {
  app.addHook('onSend', async (request, reply) => {
    const route = request.routeOptions.url;
    if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS' || !route?.startsWith('/api/')) return;
    const status = reply.statusCode;
    if (request.routeOptions.config.auditsItself && status < 300) return;
    await appendAudit(database, {
      at: clock.now(),
      actor: request.principal?.name ?? 'anonymous',
      source: request.ip,
      action: `${request.method} ${route}`,
      object: objectOf(request, reply.getHeader('location')),
      result: status < 300 ? 'done' : status === 401 || status === 403 ? 'denied' : status < 500 ? 'refused' : 'failed',
      detail: { status, requestId: request.id, token: request.principal?.id ?? null },
    }).catch((error: unknown) => {
      metrics.auditFailures.inc();
      logger.error({ err: error, requestId: request.id }, 'an audit row was not written');
    });
  });
}

function objectOf(request: FastifyRequest, location: unknown): string {
  if (typeof location === 'string') return location.split('/').at(-1) ?? '';
  const { id } = (request.params ?? {}) as { id?: unknown };
  return typeof id === 'string' ? id : '';
}
