import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type WaitOptions, waitFor } from './wait.ts';

/**
 * What the receiver does with a request: answers with a status, never answers (`hang`), or breaks the connection before an
 * answer (`reset`). A request is recorded in each case, once its body has come.
 */
export type WebhookAnswer =
  | { readonly status: number; readonly retryAfterSeconds?: number; readonly body?: string; readonly delayMs?: number }
  | 'hang'
  | 'reset';

/** `valid`, or why the signature is not: `none` was given when the receiver has no secret to check with. */
export type SignatureVerdict = 'valid' | 'missing' | 'malformed' | 'wrong' | 'unchecked';

/** One request as it came. */
export interface ReceivedWebhook {
  /** Epoch ms when the last byte of the body had come. */
  readonly at: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The body, byte for byte as text. */
  readonly raw: string;
  /** The body as JSON, or undefined when it is none. */
  readonly json: unknown;
  readonly signature: SignatureVerdict;
  readonly answer: WebhookAnswer;
}

export interface WebhookReceiverOptions {
  /** Key of the signature; without it signatures are not checked. */
  readonly secret?: string;
  readonly host?: string;
  /** 0 (the default) takes a free one. */
  readonly port?: number;
}

/** A real HTTP server that keeps what it is sent and answers as told. */
export interface WebhookReceiver {
  readonly url: string;
  readonly received: readonly ReceivedWebhook[];
  /** Requests whose answer has been handed to the network whole. */
  readonly answered: number;
  /** What to answer next, in order; when these are used up, `otherwise` again. */
  script(...answers: WebhookAnswer[]): void;
  /** The answer when nothing is scripted (200 at first). */
  otherwise(answer: WebhookAnswer): void;
  /** Waits until a request that matches has come (earlier ones count) and gives the first. */
  waitFor(matches: (request: ReceivedWebhook) => boolean, options?: WaitOptions): Promise<ReceivedWebhook>;
  /** Forgets what has come so far. */
  clear(): void;
  stop(): Promise<void>;
}

/**
 * Checks `t=<epoch seconds>,v1=<hex HMAC-SHA256 over "t.body">` (the header `X-Beacontower-Signature`).
 */
export function verifySignature(header: string | undefined, body: string, secret: string): SignatureVerdict {
  if (header === undefined) return 'missing';
  const match = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header);
  if (match?.[1] === undefined || match[2] === undefined) return 'malformed';
  const expected = createHmac('sha256', secret).update(`${match[1]}.${body}`).digest();
  return timingSafeEqual(expected, Buffer.from(match[2], 'hex')) ? 'valid' : 'wrong';
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return undefined;
  }
}

class HttpWebhookReceiver implements WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  answered = 0;
  readonly #options: WebhookReceiverOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #script: WebhookAnswer[] = [];
  #otherwise: WebhookAnswer = { status: 200 };
  #url = '';

  constructor(options: WebhookReceiverOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => {
      this.#take(request, response).catch(() => response.destroy());
    });
  }

  get url(): string {
    return this.#url;
  }

  async start(): Promise<void> {
    const host = this.#options.host ?? '127.0.0.1';
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(this.#options.port ?? 0, host, resolve);
    });
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('the webhook receiver has no port');
    this.#url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  }

  script(...answers: WebhookAnswer[]): void {
    this.#script.push(...answers);
  }

  otherwise(answer: WebhookAnswer): void {
    this.#otherwise = answer;
  }

  waitFor(matches: (request: ReceivedWebhook) => boolean, options: WaitOptions = {}): Promise<ReceivedWebhook> {
    return waitFor(() => this.received.find(matches), { what: 'a webhook that matches', ...options });
  }

  clear(): void {
    this.received.length = 0;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await readBody(request);
    const at = Date.now();
    const answer = this.#script.shift() ?? this.#otherwise;
    const header = request.headers['x-beacontower-signature'];
    const given = Array.isArray(header) ? header.join() : header;
    this.received.push({
      at,
      path: request.url ?? '/',
      headers: request.headers,
      raw,
      json: parseJson(raw),
      signature: this.#options.secret === undefined ? 'unchecked' : verifySignature(given, raw, this.#options.secret),
      answer,
    });
    response.once('finish', () => {
      this.answered += 1;
    });
    await respond(answer, request, response);
  }
}

async function respond(answer: WebhookAnswer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    request.socket.resetAndDestroy();
    return;
  }
  if (answer.delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, answer.delayMs));
  if (answer.retryAfterSeconds !== undefined) response.setHeader('Retry-After', String(answer.retryAfterSeconds));
  response.writeHead(answer.status, { 'Content-Type': 'text/plain' }).end(answer.body ?? '');
}

/** Starts a receiver; it listens when this resolves. */
export async function startWebhookReceiver(options: WebhookReceiverOptions = {}): Promise<WebhookReceiver> {
  const receiver = new HttpWebhookReceiver(options);
  await receiver.start();
  return receiver;
}
