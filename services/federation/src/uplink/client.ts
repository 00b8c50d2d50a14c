/** Speaks to the node above: one connection, certificates on both sides. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import {
  FEDERATION_PATH,
  type FederationCode,
  FederationProblem,
  type Hello,
  HelloAnswer,
  LogAnswer,
  type LogPlace,
  type Snapshot,
  SnapshotAnswer,
} from '@beacontower/contracts';
import { Agent, request } from 'undici';
import type { z } from 'zod';

const compress = promisify(gzip);

/** How the node above is reached, and what is shown to it. PEM. */
export interface ParentAddress {
  readonly url: string;
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** The node above refused a message, by a code of the protocol. */
export class ParentRefused extends Error {
  override readonly name = 'ParentRefused';
  readonly code: FederationCode;
  readonly resume: LogPlace | null;
  readonly retryAfterMs: number | null;

  constructor(problem: FederationProblem, retryAfterMs: number | null) {
    super(problem.detail);
    this.code = problem.code;
    this.resume = problem.resume ?? null;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What answered is no node of the federation, or not in the words of its protocol. */
export class ParentUnclear extends Error {
  override readonly name = 'ParentUnclear';
}

const ANSWER_MS = 120_000;
const CONNECT_MS = 10_000;

export class ParentClient {
  readonly #url: string;
  readonly #agent: Agent;

  constructor({ url, authority, certificate, key }: ParentAddress) {
    this.#url = url.replace(/\/+$/, '');
    this.#agent = new Agent({
      connections: 3,
      bodyTimeout: ANSWER_MS,
      headersTimeout: ANSWER_MS,
      connect: { ca: authority, cert: certificate, key, minVersion: 'TLSv1.2', timeout: CONNECT_MS },
    });
  }

  hello(hello: Hello, signal?: AbortSignal): Promise<HelloAnswer> {
    return this.#send('POST', '/hello', JSON.stringify(hello), HelloAnswer, { signal });
  }

  log(incarnation: string, lines: readonly string[], signal?: AbortSignal): Promise<LogAnswer> {
    const body = `${lines.join('\n')}\n`;
    return this.#send('POST', `/log?incarnation=${incarnation}`, body, LogAnswer, { type: 'application/x-ndjson', signal });
  }

  snapshot(snapshot: Snapshot, signal?: AbortSignal): Promise<SnapshotAnswer> {
    return this.#send('PUT', '/snapshot', JSON.stringify(snapshot), SnapshotAnswer, { signal });
  }

  /** Ends the connections; what is under way is broken off. */
  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #send<T extends z.ZodType>(
    method: 'POST' | 'PUT',
    path: string,
    body: string,
    schema: T,
    { type = 'application/json', signal }: { readonly type?: string; readonly signal?: AbortSignal | undefined },
  ): Promise<z.infer<T>> {
    const {
      statusCode,
      headers,
      body: answer,
    } = await request(`${this.#url}${FEDERATION_PATH}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: { 'content-type': type, 'content-encoding': 'gzip' },
      body: await compress(body, { level: 1 }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await answer.text();
    if (statusCode === 200) return read(schema, text);
    throw new ParentRefused(read(FederationProblem, text), retryAfter(headers['retry-after']));
  }
}

function read<T extends z.ZodType>(schema: T, text: string): z.infer<T> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new ParentUnclear('what answers there does not speak the protocol of the federation');
  }
  const checked = schema.safeParse(parsed);
  if (!checked.success) throw new ParentUnclear('the answer is not one of the protocol of the federation');
  return checked.data;
}

function retryAfter(header: string | string[] | undefined): number | null {
  const seconds = Number(header);
  return Number.isFinite(seconds) && header !== undefined ? seconds * 1_000 : null;
}
