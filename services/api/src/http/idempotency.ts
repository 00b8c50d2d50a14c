import { createHash, randomUUID } from 'node:crypto';
import { claimKey, releaseKey, storeAnswer } from '@beacontower/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { ApiProblem, badField } from './problem.ts';

const KEPT_HEADERS = ['content-type', 'etag', 'location'];

/**
 * `Idempotency-Key` on writes: the same key with the same request gives the stored answer, with another request 422, while
 * the first is still under way 409. A failure of ours (5xx) or a refusal for haste (429) is not stored.
 */
export function registerIdempotency(app: App, { database, clock, logger }: RouteContext): void {
  app.decorateRequest('idempotency', null);
  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === undefined) return;
    const hash = requestHash(request);
    const claim = await claimKey(database, principalOf(request).id, key, hash, clock.now());
    if (claim.kind === 'new') {
      request.idempotency = { key, hash };
      return;
    }
    if (claim.kind === 'other-request') {
      throw new ApiProblem(422, 'idempotency-key-reused', 'this Idempotency-Key was used for another request');
    }
    if (claim.kind === 'under-way') {
      throw new ApiProblem(409, 'request-under-way', 'a request with this Idempotency-Key is still under way', {
        headers: { 'retry-after': '1' },
      });
    }
    const { status, headers, payload } = claim.answer;
    return reply.code(status).headers(headers).header('idempotency-replayed', 'true').send(payload);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    const { idempotency, principal } = request;
    if (idempotency === null || principal === null) return;
    request.idempotency = null;
    const storing =
      reply.statusCode >= 500 || reply.statusCode === 429
        ? releaseKey(database, principal.id, idempotency.key)
        : storeAnswer(database, principal.id, idempotency.key, answerOf(request, reply, payload));
    await storing.catch((error: unknown) => logger.error({ err: error, requestId: request.id }, 'an answer was not stored under its key'));
  });
}

/**
 * The id of what a request creates. With an idempotency key it follows from the key, so that a request repeated after a
 * crash between the effect and the stored answer finds what it made instead of making another.
 */
export function creationId(request: FastifyRequest): string {
  const { idempotency } = request;
  if (idempotency === null) return randomUUID();
  const digest = createHash('sha256')
    .update(`${principalOf(request).id}\n${idempotency.key}\n`)
    .update(idempotency.hash)
    .digest();
  // RFC 9562 version 8: a UUID of our own making.
  digest.writeUInt8((digest.readUInt8(6) & 0x0f) | 0x80, 6);
  digest.writeUInt8((digest.readUInt8(8) & 0x3f) | 0x80, 8);
  return digest.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function keyOf(request: FastifyRequest): string | undefined {
  if (request.method === 'GET' || request.method === 'HEAD' || request.principal === null) return undefined;
  if (request.routeOptions.config.secretBody) return undefined;
  const key = request.headers['idempotency-key'];
  if (key === undefined) return undefined;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw badField('header', 'Idempotency-Key', 'is not a usable key', '1 to 255 visible ASCII characters');
  }
  return key;
}

function requestHash(request: FastifyRequest): Buffer {
  return createHash('sha256')
    .update(`${request.method}\n${request.url}\n${String(request.headers['if-match'] ?? '')}\n`)
    .update(JSON.stringify(request.body ?? null))
    .digest();
}

function answerOf(
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): { status: number; payload: string; headers: Record<string, string> } {
  if (request.routeOptions.config.secretAnswer && reply.statusCode < 300) {
    const body = {
      type: 'urn:beacontower:problem:already-created',
      title: 'Conflict',
      status: 409,
      code: 'already-created',
      requestId: request.id,
    };
    const detail = 'this request was answered before; the secret in its answer was shown once and is kept nowhere';
    return {
      status: 409,
      payload: JSON.stringify({ ...body, detail, instance: request.url.split('?')[0] }),
      headers: { 'content-type': 'application/problem+json; charset=utf-8' },
    };
  }
  const headers = Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = reply.getHeader(name);
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
  return { status: reply.statusCode, payload: typeof payload === 'string' ? payload : '', headers };
}
