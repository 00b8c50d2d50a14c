import { type Account, appendAudit, type Database, type Queryable, type Transaction } from '@beacontower/database';
import type { FastifyRequest } from 'fastify';

/** One thing done or refused, for the audit. `detail` holds no secret. */
export interface Deed {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly result?: 'done' | 'denied' | 'refused';
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Writes what was done in the transaction that does it: it is done with its row or not at all. */
export async function record(tx: Queryable, request: Pick<FastifyRequest, 'ip' | 'id'>, deed: Deed): Promise<void> {
  const { at, actor, action, object, result = 'done', detail = {} } = deed;
  await appendAudit(tx, { at, actor, source: request.ip, action, object, result, detail: { ...detail, requestId: request.id } });
}

/**
 * A transaction that records what it does: once it is committed the HTTP layer adds no row of its own, which would know less. One that
 * fails leaves that row to the HTTP layer.
 */
export async function recorded<T>(database: Database, request: FastifyRequest, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const result = await database.transaction(work);
  request.audited = true;
  return result;
}

/** That an account locked itself after failures in a row. */
export async function recordLock(tx: Parameters<typeof record>[0], request: FastifyRequest, account: Account, at: number): Promise<void> {
  const { id, name, failures, lockedUntil } = account;
  await record(tx, request, { at, actor: name, object: id, action: 'account.locked', detail: { failures, until: lockedUntil } });
}
