import { type LookupAddress, lookup } from 'node:dns';
import { type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { localTarget } from '@beacontower/contracts';

/** One request to a receiver, and the limits it is held to. */
export interface HttpRequest {
  readonly url: URL;
  readonly method: 'POST' | 'PUT' | 'GET';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** From the first packet to the last byte of the answer that is read. */
  readonly timeoutMs: number;
  /** Whether the target may be this machine, its link or a cloud's metadata. */
  readonly allowLocal: boolean;
  /** PEM, trusted beside the usual authorities; null: only those. */
  readonly ca: string | null;
}

/**
 * What came of it. `not-sent`: the receiver cannot have seen it; `in-doubt`: it may have. Of an answer at most 2 kB are read; `whole`
 * says whether that was all of it.
 */
export type HttpAnswer =
  | { readonly is: 'answered'; readonly status: number; readonly retryAfter: string | null; readonly text: string; readonly whole: boolean }
  | { readonly is: 'not-sent' | 'in-doubt'; readonly error: string };

const MOST_BYTES = 2_048;
/** The first address of a name gets this long before the next is tried beside it. */
const NEXT_ADDRESS_MS = 1_000;

/** Gives every address of a name. */
export type Resolve = (hostname: string, done: (error: Error | null, addresses: readonly LookupAddress[]) => void) => void;

const bySystem: Resolve = (hostname, done) => lookup(hostname, { all: true }, (error, addresses) => done(error, addresses));

/** Never rejects, and never follows a redirect: an alarm goes where it was meant to go or nowhere. One connection for each request. */
export function exchange(request: HttpRequest, resolveName: Resolve = bySystem): Promise<HttpAnswer> {
  const { url, body, method, timeoutMs } = request;
  if (!request.allowLocal && localTarget(url.hostname) !== null) return Promise.resolve({ is: 'not-sent', error: refusal(url.hostname) });
  return new Promise((resolve) => {
    let connected = false;
    // What it answered is known once it begins to answer, whatever becomes of the rest.
    let answerSoFar: (() => void) | undefined;
    const fail = (error: unknown) => {
      if (answerSoFar) answerSoFar();
      else resolve({ is: connected ? 'in-doubt' : 'not-sent', error: textOf(error) });
    };
    try {
      const outgoing = open(request, resolveName);
      const timer = setTimeout(() => {
        fail(new Error(`no answer within ${timeoutMs} ms`));
        outgoing.destroy();
      }, timeoutMs);
      outgoing.once('socket', (socket) => {
        socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
          connected = true;
        });
      });
      outgoing.once('response', (response) => {
        answerSoFar = readAnswer(response, (answer) => {
          resolve(answer);
          outgoing.destroy();
        });
      });
      outgoing.on('error', fail);
      outgoing.once('close', () => {
        clearTimeout(timer);
        fail(new Error('the connection was closed without an answer'));
      });
      outgoing.end(method === 'GET' ? undefined : body);
    } catch (error) {
      fail(error);
    }
  });
}

function open({ url, method, headers, body, allowLocal, ca }: HttpRequest, resolveName: Resolve): ClientRequest {
  const secure = url.protocol === 'https:';
  const options = {
    method,
    headers: { ...headers, ...(method === 'GET' ? {} : { 'Content-Length': Buffer.byteLength(body) }) },
    agent: false as const,
    lookup: guardedLookup(allowLocal, resolveName),
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    ...(secure && ca !== null ? { secureContext: trusting(ca) } : {}),
  };
  return secure ? requestHttps(url, options) : requestHttp(url, options);
}

/** Reads at most what is kept of an answer, and gives it once; what is returned gives what has come so far. */
function readAnswer(response: IncomingMessage, done: (answer: HttpAnswer) => void): () => void {
  const chunks: Buffer[] = [];
  let size = 0;
  const answered = (whole: boolean) => {
    const text = Buffer.concat(chunks).subarray(0, MOST_BYTES).toString('utf8');
    done({ is: 'answered', status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] ?? null, text, whole });
  };
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > MOST_BYTES) answered(false);
  });
  response.once('end', () => answered(true));
  response.once('error', () => answered(false));
  return () => answered(false);
}

/** Resolves a name and refuses it when any of its addresses is local: what is checked here is what is connected to. */
function guardedLookup(allowLocal: boolean, resolveName: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolveName(hostname, (error, addresses) => {
      if (error) return callback(error, '', 0);
      if (!allowLocal && addresses.some(({ address }) => localTarget(address) !== null))
        return callback(new Error(refusal(hostname)), '', 0);
      if (options.all) return callback(null, [...addresses]);
      const [first] = addresses;
      return first ? callback(null, first.address, first.family) : callback(new Error(`"${hostname}" has no address`), '', 0);
    });
  };
}

function refusal(host: string): string {
  return `"${host}" is this machine, its own link or a cloud's metadata: refused unless the channel says allowLocal`;
}

const contexts = new Map<string, SecureContext>();

function trusting(ca: string): SecureContext {
  const context = contexts.get(ca) ?? createSecureContext({ ca: [...rootCertificates, ca], minVersion: 'TLSv1.2' });
  contexts.set(ca, context);
  return context;
}

/** A host with several addresses fails with one error for each. */
function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(textOf).join('; ');
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && !error.message.includes(code) ? `${code}: ${error.message}` : error.message;
}
