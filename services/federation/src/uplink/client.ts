/** Speaks to the node above, certificates on both sides. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import {
  DigestAnswer,
  FEDERATION_PATH,
  type FederationCode,
  FederationProblem,
  type Hello,
  HelloAnswer,
  LogAnswer,
  type LogPlace,
  Marks,
  MESSAGE_BYTES,
  type Receipt,
  Sequence,
  type Snapshot,
  SnapshotAnswer,
} from '@beacontower/contracts';
import { Agent, request } from 'undici';
import { z } from 'zod';

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
  /** Of which incarnation of this node the message spoke; null: of none. */
  readonly incarnation: string | null;

  constructor(problem: FederationProblem, retryAfterMs: number | null, incarnation: string | null = null) {
    super(problem.detail);
    this.incarnation = incarnation;
    this.code = problem.code;
    this.resume = problem.resume ?? null;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What answered is no node of the federation, or not in the words of its protocol. */
export class ParentUnclear extends Error {
  override readonly name = 'ParentUnclear';
}

/** What `GET /downward` answers, with items as they came. */
const DownwardItems = z.object({ items: z.array(z.looseObject({ number: Sequence })) });
export type DownwardItems = z.infer<typeof DownwardItems>;

interface SendOptions {
  readonly type?: string;
  readonly signal?: AbortSignal | undefined;
  readonly onSent?: (bytes: number) => void;
  readonly incarnation?: string;
}

/** Told of the bytes that a message takes on the line. */
export type OnSent = (channel: 'log' | 'snapshot', bytes: number) => void;

const ANSWER_MS = 120_000;
const CONNECT_MS = 10_000;

export class ParentClient {
  readonly #url: string;
  readonly #agent: Agent;
  readonly #onSent: OnSent;

  constructor({ url, authority, certificate, key }: ParentAddress, onSent: OnSent = () => undefined) {
    this.#onSent = onSent;
    this.#url = url.replace(/\/+$/, '');
    this.#agent = new Agent({
      // The long poll for items, the log, the snapshot, and what comes now and then.
      connections: 5,
      bodyTimeout: ANSWER_MS,
      headersTimeout: ANSWER_MS,
      maxResponseSize: MESSAGE_BYTES,
      connect: { ca: authority, cert: certificate, key, minVersion: 'TLSv1.2', timeout: CONNECT_MS },
    });
  }

  hello(hello: Hello, signal?: AbortSignal): Promise<HelloAnswer> {
    return this.#send('POST', '/hello', JSON.stringify(hello), HelloAnswer, { signal, incarnation: hello.incarnation });
  }

  log(incarnation: string, lines: readonly string[], signal?: AbortSignal): Promise<LogAnswer> {
    const body = `${lines.join('\n')}\n`;
    const onSent = (bytes: number) => this.#onSent('log', bytes);
    const options = { type: 'application/x-ndjson', signal, onSent, incarnation };
    return this.#send('POST', `/log?incarnation=${incarnation}`, body, LogAnswer, options);
  }

  snapshot(snapshot: Snapshot, signal?: AbortSignal): Promise<SnapshotAnswer> {
    const onSent = (bytes: number) => this.#onSent('snapshot', bytes);
    return this.#send('PUT', '/snapshot', JSON.stringify(snapshot), SnapshotAnswer, { signal, onSent, incarnation: snapshot.incarnation });
  }

  /** Places of one of this node's logs that are remembered there, newest first. */
  marks(incarnation: string, signal?: AbortSignal): Promise<Marks> {
    return this.#send('GET', `/marks?incarnation=${incarnation}`, null, Marks, { signal });
  }

  /** How the record there looks over days, `to` included. */
  digests(from: string, to: string, signal?: AbortSignal): Promise<DigestAnswer> {
    return this.#send('POST', '/digests', JSON.stringify({ from, to }), DigestAnswer, { signal });
  }

  /** Items after a number; waits so long for the first one. */
  downward(after: number, waitMs: number, signal?: AbortSignal): Promise<DownwardItems> {
    return this.#send('GET', `/downward?after=${after}&waitMs=${waitMs}`, null, DownwardItems, { signal });
  }

  async receipts(receipts: readonly Receipt[], signal?: AbortSignal): Promise<void> {
    await this.#send('POST', '/receipts', JSON.stringify({ receipts }), z.unknown(), { signal });
  }

  /** Ends the connections; what is under way is broken off. */
  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #send<T extends z.ZodType>(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    body: string | null,
    schema: T,
    { type = 'application/json', signal, onSent, incarnation }: SendOptions,
  ): Promise<z.infer<T>> {
    const compressed = body === null ? null : await compress(body, { level: 1 });
    if (compressed !== null) onSent?.(compressed.length);
    const {
      statusCode,
      headers,
      body: answer,
    } = await request(`${this.#url}${FEDERATION_PATH}${path}`, {
      method,
      dispatcher: this.#agent,
      ...(compressed === null ? {} : { headers: { 'content-type': type, 'content-encoding': 'gzip' }, body: compressed }),
      ...(signal === undefined ? {} : { signal }),
    });
    const text = await answer.text();
    if (statusCode === 204) return schema.parse(undefined);
    if (statusCode === 200) return read(schema, text);
    throw new ParentRefused(read(FederationProblem, text), retryAfter(headers['retry-after']), incarnation);
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
