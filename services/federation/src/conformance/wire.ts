/** Requests as they are, good or bad, and answers as they come: nothing is repaired on the way. */
import { FEDERATION_CODES, FEDERATION_PATH, type FederationCode, FederationProblem } from '@beacontower/contracts';
import { Agent, request } from 'undici';
import type { z } from 'zod';
import { must, Unmet } from './case.ts';

/** How a receiver is reached; `own`: what is shown to it. PEM. */
export interface WireOptions {
  readonly url: string;
  readonly authority: string;
  readonly own?: { readonly certificate: string; readonly key: string };
}

export interface Message {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: string | Buffer | AsyncIterable<Buffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

const ANSWER_MS = 60_000;

export class Wire {
  readonly #url: string;
  readonly #agent: Agent;

  constructor({ url, authority, own }: WireOptions) {
    this.#url = url.replace(/\/+$/, '');
    const shown = own === undefined ? {} : { cert: own.certificate, key: own.key };
    this.#agent = new Agent({
      bodyTimeout: ANSWER_MS,
      headersTimeout: ANSWER_MS,
      connect: { ca: authority, minVersion: 'TLSv1.2', timeout: 10_000, ...shown },
    });
  }

  async send({ method, path, body, headers, signal }: Message): Promise<Answered> {
    const answer = await request(`${this.#url}${FEDERATION_PATH}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: body as never }),
      ...(signal === undefined ? {} : { signal }),
    });
    return { status: answer.statusCode, headers: answer.headers, text: await answer.body.text() };
  }

  json(method: Message['method'], path: string, body: unknown): Promise<Answered> {
    return this.send({ method, path, body: JSON.stringify(body) });
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

/** The answer, which must be 200 and of this schema. */
export function accepted<T extends z.ZodType>(answer: Answered, schema: T): z.infer<T> {
  must(answer.status === 200, `answered ${brief(answer)} instead of 200`);
  const parsed = schema.safeParse(parse(answer.text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Unmet(`the answer is not of its schema: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

/** The refusal, which must be one of these codes, with its status, in the form of a problem. */
export function refused(answer: Answered, ...codes: readonly FederationCode[]): FederationProblem {
  must(answer.status >= 400, `taken (${answer.status}) instead of refused as ${codes.join(' or ')}`);
  const parsed = FederationProblem.safeParse(parse(answer.text));
  must(parsed.success, `refused by ${answer.status} without a problem of the protocol: ${answer.text.slice(0, 100)}`);
  const { code } = parsed.data;
  must(codes.includes(code), `refused as ${code} instead of ${codes.join(' or ')}: ${parsed.data.detail}`);
  must(
    answer.status === FEDERATION_CODES[code].status,
    `${code} with the status ${answer.status} instead of ${FEDERATION_CODES[code].status}`,
  );
  const type = String(answer.headers['content-type'] ?? '');
  must(type.startsWith('application/problem+json'), `refused with the content type ${type}`);
  return parsed.data;
}

/** What was answered, in a few words. */
export function brief({ status, text }: Answered): string {
  const parsed = FederationProblem.safeParse(parse(text));
  return parsed.success ? `${status} ${parsed.data.code} (${parsed.data.detail})` : String(status);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
