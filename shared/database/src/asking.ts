import { withoutCredentials } from '@beacontower/runtime';
import type pg from 'pg';
import type { Transaction } from './pool.ts';

/** PostgreSQL did not answer in the time that was left to it. Whether it did what it was asked is not known. */
export class NotAnswered extends Error {
  constructor(ms: number) {
    super(`PostgreSQL did not answer within ${ms} ms`);
    this.name = 'NotAnswered';
  }
}

/** How questions are asked by the connections of a pool: for as long as it takes, or (`limitMs`) for so long each. */
export class Asking {
  readonly #limitMs: number | null;

  constructor(limitMs: number | null) {
    this.#limitMs = limitMs;
  }

  async query<R extends pg.QueryResultRow>(pool: pg.Pool, text: string, values?: readonly unknown[]): Promise<pg.QueryResult<R>> {
    return this.#withClient(pool, async (client, discard) => {
      try {
        return await this.#ask<R>(client, text, values);
      } catch (error) {
        // As the pool itself does it: what has failed once is not asked again.
        discard(error as Error);
        return rethrowClean(error);
      }
    });
  }

  /** See `Database.transaction`. */
  async transaction<T>(pool: pg.Pool, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.#withClient(pool, async (client, discard) => {
      try {
        await this.#ask(client, 'BEGIN');
        const result = await work({ query: (text, values) => this.#ask(client, text, values) });
        await this.#ask(client, 'COMMIT');
        return result;
      } catch (error) {
        // Whoever did not answer is not asked any more: the transaction ends with the connection.
        if (!(error instanceof NotAnswered)) await this.#ask(client, 'ROLLBACK').catch(discard);
        throw error;
      }
    });
  }

  async #withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient, discard: (why: Error) => void) => Promise<T>): Promise<T> {
    const client = await this.#connect(pool).catch(rethrowClean);
    let broken: Error | undefined;
    // The pool listens only to idle connections: one that breaks between two queries would end the process.
    const onBroken = (error: Error) => {
      broken = error;
    };
    client.on('error', onBroken);
    try {
      return await work(client, onBroken);
    } catch (error) {
      if (error instanceof NotAnswered) broken = error;
      throw error;
    } finally {
      client.off('error', onBroken);
      client.release(broken);
    }
  }

  async #connect(pool: pg.Pool): Promise<pg.PoolClient> {
    const connecting = pool.connect();
    try {
      return await this.#answered(connecting);
    } catch (error) {
      // One that comes after all goes to whoever waits next.
      if (error instanceof NotAnswered) void connecting.then((late) => late.release()).catch(() => undefined);
      throw error;
    }
  }

  #ask<R extends pg.QueryResultRow>(client: pg.PoolClient, text: string, values?: readonly unknown[]): Promise<pg.QueryResult<R>> {
    return this.#answered(client.query<R>(text, values as unknown[]));
  }

  async #answered<T>(answer: Promise<T>): Promise<T> {
    const ms = this.#limitMs;
    if (ms === null) return answer;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new NotAnswered(ms)), ms);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }
}

/** Throws an error on, without credentials in its words. */
export function rethrowClean(error: unknown): never {
  if (error instanceof Error) error.message = withoutCredentials(error.message);
  throw error;
}
