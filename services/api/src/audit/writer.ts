import { join } from 'node:path';
import { type AuditEntry, appendAudit, type Database, hasAuditEntry } from '@beacontower/database';
import { type Clock, type Logger, Loop } from '@beacontower/runtime';
import type { ApiMetrics } from '../metrics.ts';
import { forgetWaiting, keepWaiting, readWaiting } from './waiting-file.ts';

export interface AuditWriterDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<ApiMetrics, 'auditFailures' | 'auditWaiting'>;
  /** Where rows wait that the database would not take; null keeps them in memory alone. */
  readonly waitingFile: string | null;
}

/** Where a row is now: in the database; on this machine's disk until the database takes it; nowhere that outlives this process. */
export type AuditKept = 'written' | 'waiting' | 'unsafe';

/** The file of one process; a name that stays the same lets it find its own again. */
export function waitingFile(directory: string | null, instance: string): string | null {
  return directory === null ? null : join(directory, `audit-waiting.${instance.replaceAll(/[^\w.-]/g, '-')}.jsonl`);
}

const RETRY_MS = 2_000;
/** While rows wait nothing more is done, so what comes on top is refusals only: those past this are counted. */
const MOST_WAITING = 10_000;

/**
 * Appends to the audit, and keeps what the database would not take until it does. While anything waits (`isBehind`) nobody may do
 * anything more (decision 0024): a failing audit stops the work, never the other way round.
 */
export class AuditWriter {
  readonly #deps: AuditWriterDeps;
  readonly #waiting: AuditEntry[] = [];
  readonly #loop: Loop;
  #left = 0;

  constructor(deps: AuditWriterDeps) {
    this.#deps = deps;
    this.#loop = new Loop({ name: 'audit-waiting', logger: deps.logger, pauseMs: RETRY_MS, pass: () => this.#pass() });
  }

  /** Some rows are not in the database yet. */
  get isBehind(): boolean {
    return this.#waiting.length > 0;
  }

  /** Takes up what waited when this process ended, and goes on. */
  start(): void {
    const { waitingFile, metrics } = this.#deps;
    if (waitingFile !== null) this.#waiting.push(...readWaiting(waitingFile));
    metrics.auditWaiting.set(this.#waiting.length);
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  /** Never rejects: says where the row is. */
  async append(entry: AuditEntry): Promise<AuditKept> {
    try {
      if (this.isBehind) throw new Error('rows before it wait');
      await appendAudit(this.#deps.database, entry);
      return 'written';
    } catch (error) {
      return this.#keep(entry, error);
    }
  }

  #keep(entry: AuditEntry, error: unknown): AuditKept {
    const { logger, metrics, waitingFile } = this.#deps;
    metrics.auditFailures.inc();
    if (this.#waiting.length >= MOST_WAITING) {
      this.#left++;
      return 'unsafe';
    }
    this.#waiting.push(entry);
    metrics.auditWaiting.set(this.#waiting.length);
    logger.error({ err: error, action: entry.action }, 'an audit row was not written; it waits, and nothing more may be done meanwhile');
    if (waitingFile === null) return 'unsafe';
    try {
      keepWaiting(waitingFile, entry);
      return 'waiting';
    } catch (fileError) {
      logger.error({ err: fileError }, 'an audit row that waits could not be put on the disk');
      return 'unsafe';
    }
  }

  async #pass(): Promise<'pause'> {
    const { database, clock, logger, metrics, waitingFile } = this.#deps;
    if (!this.isBehind) return 'pause';
    const count = this.#waiting.length;
    for (let entry = this.#waiting[0]; entry !== undefined; entry = this.#waiting[0]) {
      // The row may have been committed and only the word of it lost.
      if (!(await hasAuditEntry(database, entry))) await appendAudit(database, { ...entry, detail: { ...entry.detail, late: true } });
      this.#waiting.shift();
      metrics.auditWaiting.set(this.#waiting.length);
    }
    if (waitingFile !== null) forgetWaiting(waitingFile);
    if (this.#left > 0) {
      await appendAudit(database, { ...LEFT, at: clock.now(), detail: { count: this.#left } });
      this.#left = 0;
    }
    logger.warn({ rows: count }, 'audit rows that waited are written');
    return 'pause';
  }
}

const LEFT = { actor: 'node', source: null, action: 'audit.left-out', object: '', result: 'failed' };
