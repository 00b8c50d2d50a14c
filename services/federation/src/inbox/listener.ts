/** The listener that nodes below speak to: HTTPS with certificates on both sides, apart from the API and its port. */
import type { TLSSocket } from 'node:tls';
import { createGunzip } from 'node:zlib';
import { FEDERATION_PATH, Hello, LOG_LIMITS, MESSAGE_BYTES, PROTOCOL_VERSIONS, Snapshot } from '@beacontower/contracts';
import { applySnapshot, type Database, findCertificate, introduce, lockFederatedNode } from '@beacontower/database';
import type { Clock, ListenAddress, Logger } from '@beacontower/runtime';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { Refusal } from '../protocol/refusal.ts';
import { applyBatch } from './apply.ts';
import { readNodeScope } from './scope.ts';
import { type Speaker, speakerOf } from './speaker.ts';

export interface ListenerDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Id of this node. */
  readonly node: string;
}

export interface ListenerOptions {
  readonly listen: ListenAddress;
  /** PEM: what this listener shows, and the authority whose certificates it trusts. */
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
  readonly maxOffsetMs: number;
  readonly snapshotEveryMs: number;
}

const LogQuery = z.object({ incarnation: z.uuid() });

/** The application without a socket. */
export function buildListener(options: ListenerOptions, deps: ListenerDependencies): FastifyInstance {
  const app = Fastify({
    logger: false,
    bodyLimit: MESSAGE_BYTES,
    requestTimeout: 120_000,
    connectionTimeout: 0,
    https: {
      cert: options.certificate,
      key: options.key,
      ca: options.authority,
      minVersion: 'TLSv1.2',
      // Whoever shows none, or a bad one, is answered by a code instead of a broken connection.
      requestCert: true,
      rejectUnauthorized: false,
    },
  } as never) as unknown as FastifyInstance;
  takeBodies(app);
  app.setErrorHandler((error, _request, reply) => answer(error, reply, deps.logger));
  app.setNotFoundHandler((_request, reply) =>
    answer(new Refusal('not-found', 'there is no such call in this protocol'), reply, deps.logger),
  );
  registerCalls(app, options, deps);
  return app;
}

function registerCalls(app: FastifyInstance, options: ListenerOptions, deps: ListenerDependencies): void {
  const { database, clock } = deps;
  const issued = { find: (serial: string) => findCertificate(database, serial) };
  const speaker = (request: FastifyRequest): Promise<Speaker> => speakerOf(request.raw.socket as TLSSocket, issued, clock.now());
  app.post(`${FEDERATION_PATH}/hello`, async (request) => {
    const from = await speaker(request);
    const hello = parse(Hello, request.body);
    if (hello.node !== from.node) throw new Refusal('certificate-foreign', `the certificate is that of ${from.node}, not of ${hello.node}`);
    if (hello.division !== from.division) throw new Refusal('out-of-scope', `the certificate speaks for ${from.division}`);
    const protocol = Math.max(...hello.protocols.filter((version) => PROTOCOL_VERSIONS.some((known) => known === version)));
    if (!Number.isFinite(protocol)) throw new Refusal('version-unsupported', 'no version in common', { supported: PROTOCOL_VERSIONS });
    const now = clock.now();
    const offsetMs = hello.time - now;
    if (Math.abs(offsetMs) > options.maxOffsetMs)
      throw new Refusal('clock-off', `the clocks differ by ${Math.round(offsetMs / 1_000)} s: set the clock of your node`, { offsetMs });
    return database.transaction(async (tx) => {
      const held = await lockFederatedNode(tx, from.node);
      if (held === null) throw new Refusal('certificate-foreign', `${from.node} is not enrolled here`);
      const done = await introduce(tx, held, hello, now);
      if (done.outcome === 'superseded')
        throw new Refusal('incarnation-superseded', 'a newer incarnation of this node has spoken: this one is not heard any more');
      if (done.outcome === 'behind')
        throw new Refusal('history-differs', 'more of this log is applied here than it has: a back-up was restored', {
          resume: done.resume,
        });
      return {
        protocol,
        node: deps.node,
        time: clock.now(),
        offsetMs,
        capabilities: ['transitions', 'revisions'],
        limits: LOG_LIMITS,
        snapshotEveryMs: options.snapshotEveryMs,
        resume: done.resume,
        previous: done.previous,
        downward: 0,
        certificate: { serial: from.serial, notAfter: from.notAfter },
      };
    });
  });
  app.post(`${FEDERATION_PATH}/log`, async (request) => {
    const from = await speaker(request);
    const { incarnation } = parse(LogQuery, request.query);
    const { place } = await applyBatch(database, from.node, incarnation, String(request.body), clock.now());
    return { acknowledged: place, waitMs: 0, digestsWanted: false };
  });
  app.put(`${FEDERATION_PATH}/snapshot`, async (request) => {
    const from = await speaker(request);
    const snapshot = parse(Snapshot, request.body);
    return database.transaction(async (tx) => {
      const held = await lockFederatedNode(tx, from.node);
      if (held === null || held.incarnation !== snapshot.incarnation) throw new Refusal('hello-needed', 'say hello first');
      if (snapshot.version <= held.snapshotVersion) throw new Refusal('snapshot-stale', `version ${held.snapshotVersion} is there already`);
      if (snapshot.base !== null && snapshot.base !== held.snapshotVersion) throw new Refusal('snapshot-base-unknown', 'send all states');
      const scope = await readNodeScope(tx, held);
      const foreign = snapshot.observed.find(({ node }) => !scope.nodes.has(node));
      if (foreign !== undefined) throw new Refusal('out-of-scope', `${foreign.node} does not report to ${from.node}`);
      await applySnapshot(tx, held, snapshot, clock.now());
      return { version: snapshot.version, downward: 0, digestsWanted: false, nextMs: options.snapshotEveryMs };
    });
  });
}

function parse<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal('message-invalid', `${issue?.path.join('.') || 'the message'}: ${issue?.message ?? 'is not valid'}`);
}

// Decompressed as it comes, and no further than a message may be long: a small one may hide a gigabyte.
function takeBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addHook('preParsing', async (request, _reply, payload) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding === 'identity') return payload;
    if (encoding !== 'gzip') throw new Refusal('encoding-unsupported', 'send it as it is, or by gzip');
    request.headers['content-encoding'] = 'identity';
    // Its length was that of the compressed bytes.
    Reflect.deleteProperty(request.headers, 'content-length');
    return payload.pipe(createGunzip());
  });
  app.addContentTypeParser('application/x-ndjson', { parseAs: 'string' }, async (_request: FastifyRequest, body: string) => body);
  app.addContentTypeParser('application/json', { parseAs: 'string' }, async (_request: FastifyRequest, body: string) => {
    try {
      return JSON.parse(body);
    } catch {
      throw new Refusal('message-invalid', 'the message is no JSON');
    }
  });
}

async function answer(error: unknown, reply: FastifyReply, logger: Logger): Promise<void> {
  const refusal = refusalOf(error);
  if (refusal.code === 'unavailable') logger.warn({ err: error }, 'a message of a node below could not be taken');
  if (refusal.code === 'unavailable' || refusal.code === 'busy') reply.header('retry-after', '2');
  await reply.status(refusal.status).type('application/problem+json').send(JSON.stringify(refusal.problem()));
}

function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { code, statusCode } = error as { code?: string; statusCode?: number };
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Refusal('message-too-large', `a message has at most ${MESSAGE_BYTES} bytes`);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE')
    return new Refusal('encoding-unsupported', 'send application/json, or application/x-ndjson for the log');
  if (code?.startsWith('Z_') || statusCode === 400) return new Refusal('message-invalid', 'the message cannot be read');
  return new Refusal('unavailable', 'it cannot be taken now; nothing of it is in the record');
}

/** Opens the port. Resolves to the address that it listens on. */
export async function openListener(app: FastifyInstance, { host, port }: ListenAddress): Promise<string> {
  return app.listen({ host, port });
}
