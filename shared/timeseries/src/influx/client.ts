import { HttpError, InfluxDB, RequestTimedOutError, type WriteApi } from '@influxdata/influxdb-client';
import { z } from 'zod';
import type { InfluxConfig } from './config.ts';

/** Lines in one request: InfluxDB's own advice is 5,000 to 10,000. */
const LINES_AT_ONCE = 5_000;
const MOST_BYTES = 100_000_000;

const Answer = z.object({
  results: z
    .array(
      z.object({
        series: z.array(z.object({ columns: z.array(z.string()), values: z.custom<unknown[][]>(Array.isArray).default([]) })).optional(),
        error: z.string().optional(),
      }),
    )
    .default([]),
  error: z.string().optional(),
});

/** A table of an answer: one array of values a row. */
export interface Table {
  readonly columns: readonly string[];
  readonly values: readonly (readonly unknown[])[];
}

/** Speaks to one InfluxDB: lines by the client's write API, InfluxQL over `/query`. Every fault says what a person can do; none holds a secret. */
export class InfluxClient {
  readonly #config: InfluxConfig;
  readonly #headers: Record<string, string>;
  #writer: WriteApi | undefined;

  constructor(config: InfluxConfig) {
    this.#config = config;
    this.#headers = authorization(config);
  }

  /** Finds out which version it is, chooses the way to write, and makes the database where that can be asked for (1.x). */
  async open(): Promise<void> {
    const version = await this.#version();
    const { database } = this.#config;
    const old = version.startsWith('1.');
    if (old) await this.query(`CREATE DATABASE ${identifier(database)}`);
    // Says when there is no such database, or no mapping to a bucket.
    await this.query(`SHOW MEASUREMENTS LIMIT 1`);
    this.#writer = this.#makeWriter(old);
  }

  /** Sends lines; resolves when InfluxDB has them. Of lines older than the database keeps, which are left out there, it says how many. */
  async write(lines: readonly string[]): Promise<{ readonly dropped: number }> {
    const writer = this.#writer;
    if (writer === undefined) throw new Error('the sample store is not open');
    let dropped = 0;
    for (let start = 0; start < lines.length; start += LINES_AT_ONCE) {
      writer.writeRecords(lines.slice(start, start + LINES_AT_ONCE));
      try {
        await writer.flush();
      } catch (error) {
        // All other lines of the request are stored; these would be deleted in any case.
        if (!(error instanceof HttpError) || !/beyond retention policy|outside retention/i.test(bodyOf(error))) throw this.#fault(error);
        dropped += Number(/dropped=(\d+)/.exec(bodyOf(error))?.[1] ?? 1);
      }
    }
    return { dropped };
  }

  /** One statement; its first table, or none. */
  async query(statement: string): Promise<Table> {
    const { url, database, timeoutMs } = this.#config;
    try {
      const response = await fetch(new URL('/query', url), {
        method: 'POST',
        headers: { ...this.#headers, accept: 'application/json' },
        body: new URLSearchParams({ db: database, epoch: 'ms', q: statement }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.text();
      if (!response.ok) throw new StatusError(response.status, text);
      const answer = Answer.parse(JSON.parse(text));
      const [result] = answer.results;
      const refusal = answer.error ?? result?.error;
      if (refusal !== undefined) throw new StatusError(200, refusal);
      return result?.series?.[0] ?? { columns: [], values: [] };
    } catch (error) {
      throw this.#fault(error);
    }
  }

  #makeWriter(old: boolean): WriteApi {
    const { url, org, database, token, timeoutMs } = this.#config;
    const writer = new InfluxDB({ url, timeout: timeoutMs, ...(token === null ? {} : { token }) }).getWriteApi(org, database, 'ms', {
      // The caller keeps what was not stored and tries again: nothing is buffered, nothing retried here.
      maxRetries: 0,
      batchSize: LINES_AT_ONCE + 1,
      flushInterval: 0,
      maxBatchBytes: MOST_BYTES,
      gzipThreshold: 10_000,
      headers: this.#headers,
      writeFailed: (error) => Promise.reject(error),
    });
    // Versions before 1.8 know only the path of 1.x.
    if (old) writer.path = `/write?db=${encodeURIComponent(database)}&precision=ms`;
    return writer;
  }

  async #version(): Promise<string> {
    const { url, timeoutMs } = this.#config;
    try {
      const response = await fetch(new URL('/ping', url), { headers: this.#headers, signal: AbortSignal.timeout(timeoutMs) });
      await response.arrayBuffer();
      if (response.status >= 300) throw new StatusError(response.status, '');
      return (response.headers.get('x-influxdb-version') ?? '').replace(/^v/, '');
    } catch (error) {
      throw this.#fault(error);
    }
  }

  #fault(error: unknown): Error {
    const { url, token, password } = this.#config;
    let text = describe(error, new URL(url).host, this.#config.database);
    for (const secret of [token, password]) if (secret) text = text.replaceAll(secret, '***');
    return new Error(text);
  }
}

/** An answer other than a good one. */
class StatusError extends Error {
  readonly status: number;
  constructor(status: number, body: string) {
    super(messageIn(body));
    this.status = status;
  }
}

function authorization({ token, user, password }: InfluxConfig): Record<string, string> {
  if (token !== null) return { authorization: `Token ${token}` };
  if (user === null) return {};
  return { authorization: `Basic ${Buffer.from(`${user}:${password ?? ''}`).toString('base64')}` };
}

function describe(error: unknown, host: string, database: string): string {
  const where = `InfluxDB at ${host}`;
  if (error instanceof RequestTimedOutError || (error instanceof Error && error.name === 'TimeoutError'))
    return `${where} did not answer in time`;
  const status = error instanceof HttpError ? error.statusCode : error instanceof StatusError ? error.status : 0;
  const said = error instanceof HttpError ? bodyOf(error) : error instanceof Error ? error.message : String(error);
  if (status === 401 || status === 403)
    return `${where} refuses the credentials (${status}): check the token, or user and password, and their rights to "${database}"`;
  if (/database not found|retention policy not found|bucket .*not found/i.test(said)) {
    return `${where} has no database "${database}": make the bucket and, on 2.x, its mapping with "influx v1 dbrp create --db ${database}"`;
  }
  if (/partial write/i.test(said)) return `${where} stored only a part: ${said}`;
  if (status > 0) return `${where} refused (${status}): ${said.slice(0, 500)}`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : said;
  return `${where} is not reached: ${cause}`;
}

function bodyOf(error: HttpError): string {
  return messageIn(error.body ?? error.message);
}

function messageIn(body: string): string {
  try {
    const parsed = z.object({ error: z.string().optional(), message: z.string().optional() }).parse(JSON.parse(body));
    return parsed.error ?? parsed.message ?? body;
  } catch {
    return body;
  }
}

/** A name in InfluxQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
