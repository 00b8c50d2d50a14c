/** Bodies of messages: decompressed as they come, and no further than a message may be long: a small one may hide a gigabyte. */
import { createGunzip } from 'node:zlib';
import { LOG_LIMITS, MESSAGE_BYTES } from '@beacontower/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Refusal } from '../protocol/refusal.ts';
import { isUnstorable } from '../protocol/text.ts';

/** How long somebody who was refused in the middle of a message is let to read the answer before the connection is cut. */
const LINGER_MS = 2_000;

export function takeBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addHook('preParsing', async (request, _reply, payload) => {
    const encoding = request.headers['content-encoding'];
    if (encoding === undefined || encoding === 'identity') return payload;
    if (encoding.toLowerCase() !== 'gzip') throw new Refusal('encoding-unsupported', 'send it as it is, or by gzip');
    if (Number(request.headers['content-length']) > (request.routeOptions.bodyLimit ?? MESSAGE_BYTES)) throw tooLarge();
    // Its length was that of the compressed bytes.
    Reflect.deleteProperty(request.headers, 'content-length');
    const plain = createGunzip();
    payload.once('error', (error) => plain.destroy(error));
    return payload.pipe(plain);
  });
  app.addContentTypeParser('application/x-ndjson', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => textOf(body));
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: FastifyRequest, body: Buffer) => jsonOf(body));
  app.addHook('onResponse', async (request, reply) => cutUnread(request, reply));
}

const exact = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

// The chain is of bytes: what is no UTF-8 would be read as other text than was sent.
function textOf(body: Buffer): string {
  try {
    return exact.decode(body);
  } catch {
    throw new Refusal('message-invalid', 'the message is not in UTF-8');
  }
}

function jsonOf(body: Buffer): unknown {
  const text = textOf(body);
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new Refusal('message-invalid', 'the message is no JSON');
  }
  if (isUnstorable(text, document)) throw new Refusal('message-invalid', 'the message holds NUL, or half a character');
  return document;
}

// What is left of a message that was refused before its end is not worth a line; its sender may still read why.
function cutUnread(request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = request;
  if (raw.complete || reply.statusCode < 400) return;
  setTimeout(() => {
    if (!raw.complete) raw.destroy();
  }, LINGER_MS).unref();
}

export function tooLarge(): Refusal {
  const most = `a batch of the log has at most ${LOG_LIMITS.bytes} bytes, any other message ${MESSAGE_BYTES}, and some less`;
  return new Refusal('message-too-large', most);
}

/** What a schema makes of a body or a query; what does not fit is refused by its first fault. */
export function parse<T extends z.ZodType>(schema: T, body: unknown): z.infer<T> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal('message-invalid', `${issue?.path.join('.') || 'the message'}: ${issue?.message ?? 'is not valid'}`);
}
