import type { AuditEntry } from '@beacontower/database';
import type { FastifyRequest } from 'fastify';
import type { AuditWriter } from '../audit/writer.ts';
import type { App, RouteContext } from '../context.ts';
import { ApiProblem } from './problem.ts';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Every write, done or refused, and every reading that was denied for want of a role leaves an audit row before it is answered. While
 * rows wait that the database would not take, nothing is done at all.
 */
export function registerAudit(app: App, { clock, audit }: Pick<RouteContext, 'clock' | 'audit'>): void {
  app.decorateRequest('audited', false);
  app.addHook('onReady', async () => audit.start());
  app.addHook('onClose', async () => audit.stop());
  app.addHook('preParsing', async (request) => {
    if (SAFE.has(request.method) || !isOurs(request) || !audit.isBehind) return;
    request.audited = true;
    throw new ApiProblem(503, 'audit-unavailable', 'what is done cannot be recorded just now, so nothing is done; try again in a moment', {
      headers: { 'retry-after': '5' },
    });
  });
  app.addHook('onError', async (request, _reply, error) => {
    if (!SAFE.has(request.method) || !isOurs(request)) return;
    if (error instanceof ApiProblem && error.code === 'role-required') await audit.append(entryOf(request, clock.now(), 403));
  });
  app.addHook('onSend', async (request, reply) => {
    if (SAFE.has(request.method) || !isOurs(request) || request.audited) return;
    const status = reply.statusCode;
    if (request.routeOptions.config.auditsItself && status < 300) return;
    request.audited = true;
    const kept = await audit.append(entryOf(request, clock.now(), status, reply.getHeader('location')));
    if (kept === 'unsafe' && status < 300) throw notRecorded();
  });
}

/** Records that somebody read what only few may; throws when it cannot be recorded, and then nothing is shown. */
export async function recordReading(
  audit: AuditWriter,
  request: FastifyRequest,
  entry: Pick<AuditEntry, 'at' | 'action' | 'detail'> & { readonly object?: string; readonly result?: string },
): Promise<void> {
  const { at, action, detail, object = '', result = 'done' } = entry;
  const actor = request.principal?.name ?? 'anonymous';
  if (audit.isBehind) throw notReadable();
  const kept = await audit.append({ at, actor, source: request.ip, action, object, result, detail: { ...detail, requestId: request.id } });
  if (kept !== 'written') throw notReadable();
}

function isOurs(request: FastifyRequest): boolean {
  return request.routeOptions.url?.startsWith('/api/') === true;
}

function entryOf(request: FastifyRequest, at: number, status: number, location?: unknown): AuditEntry {
  return {
    at,
    actor: request.principal?.name ?? 'anonymous',
    source: request.ip,
    action: `${request.method} ${request.routeOptions.url}`,
    object: objectOf(request, location),
    result: status < 300 ? 'done' : status === 401 || status === 403 ? 'denied' : status < 500 ? 'refused' : 'failed',
    detail: { status, requestId: request.id, token: request.principal?.id ?? null },
  };
}

function objectOf(request: FastifyRequest, location: unknown): string {
  if (typeof location === 'string') return location.split('/').at(-1) ?? '';
  const { id } = (request.params ?? {}) as { id?: unknown };
  return typeof id === 'string' ? id : '';
}

function notRecorded(): ApiProblem {
  return new ApiProblem(
    500,
    'audit-failed',
    'it was done, but it could be recorded neither in the database nor on the disk of this machine',
  );
}

function notReadable(): ApiProblem {
  return new ApiProblem(503, 'audit-unavailable', 'the reading cannot be recorded just now; try again in a moment');
}
