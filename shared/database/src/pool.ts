import pg from 'pg';
import { Asking, rethrowClean } from './asking.ts';

// bigint columns are epoch ms, sequences and keys, all far below 2^53: numbers, not strings.
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond what a number holds exactly`);
  return value;
});
types.setTypeParser(pg.types.builtins.DATE, (text) => text);

export interface Queryable {
  query<R extends pg.QueryResultRow = pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<pg.QueryResult<R>>;
}

/** A transaction's connection; valid only inside the callback it was handed to. */
export type Transaction = Queryable;

/** PostgreSQL, as the rest of the house sees it. */
export interface Database extends Queryable {
  /** Runs `work` in one transaction (READ COMMITTED); rolls back and rethrows when it rejects. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Calls `onNotify` for each notification on `channel`, and once with an empty payload after every (re)connection,
   * since what was sent meanwhile is lost. Resolves when listening; the returned function ends it.
   */
  listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>>;
  /**
   * The same connections, but each question that is not answered within `ms`, and each wait for a connection to ask it by, is given up
   * with a `NotAnswered`; the connection it was asked by is closed, since nobody knows what it still waits for.
   */
  limited(ms: number): Database;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly maxConnections?: number;
  /** Told about errors of idle connections; they are replaced by the pool. */
  readonly onError?: (error: Error) => void;
}

/** A pool that connects lazily. Errors never contain the URL's credentials. */
export function createDatabase(options: DatabaseOptions): Database {
  return new PgDatabase(options);
}

class PgDatabase implements Database {
  readonly #options: DatabaseOptions;
  readonly #pool: pg.Pool;
  readonly #listeners = new Set<Listener>();
  readonly #unlimited = new Asking(null);

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#pool = new pg.Pool({
      connectionString: options.url,
      application_name: options.applicationName,
      max: options.maxConnections ?? 6,
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 60_000,
      keepAlive: true,
      types,
    });
    this.#pool.on('error', (error) => options.onError?.(error));
  }

  query<R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<pg.QueryResult<R>> {
    return this.#pool.query<R>(text, values as unknown[]).catch(rethrowClean);
  }

  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#unlimited.transaction(this.#pool, work);
  }

  limited(ms: number): Database {
    const asking = new Asking(ms);
    return {
      query: (text, values) => asking.query(this.#pool, text, values),
      transaction: (work) => asking.transaction(this.#pool, work),
      listen: (channel, onNotify) => this.listen(channel, onNotify),
      limited: (other) => this.limited(other),
      close: () => this.close(),
    };
  }

  async listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>> {
    const listener = new Listener(this.#options, channel, onNotify);
    this.#listeners.add(listener);
    await listener.connect();
    return async () => {
      this.#listeners.delete(listener);
      await listener.close();
    };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#listeners].map((listener) => listener.close()));
    await this.#pool.end();
  }
}

/** One connection that listens, and connects again for as long as it is not closed. */
class Listener {
  readonly #options: DatabaseOptions;
  readonly #channel: string;
  readonly #onNotify: (payload: string) => void;
  #client: pg.Client | undefined;
  #closed = false;
  #retry: NodeJS.Timeout | undefined;

  constructor(options: DatabaseOptions, channel: string, onNotify: (payload: string) => void) {
    this.#options = options;
    this.#channel = channel;
    this.#onNotify = onNotify;
  }

  async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#options.url,
      application_name: `${this.#options.applicationName} listen`,
      keepAlive: true,
    });
    client.on('error', (error) => this.#options.onError?.(error));
    client.on('end', () => this.#reconnect(client));
    client.on('notification', (message) => this.#onNotify(message.payload ?? ''));
    this.#client = client;
    await client.connect().catch(rethrowClean);
    await client.query(`LISTEN ${pg.escapeIdentifier(this.#channel)}`);
    this.#onNotify('');
  }

  #reconnect(ended: pg.Client): void {
    if (this.#closed || this.#client !== ended) return;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      this.connect().catch((error: Error) => {
        this.#options.onError?.(error);
        if (this.#client) this.#reconnect(this.#client);
      });
    }, 200);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    await this.#client?.end().catch(() => undefined);
  }
}
