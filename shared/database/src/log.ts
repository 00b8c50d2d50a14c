import { LogEntry, type LogKind } from '@beacontower/contracts';
import type { Queryable } from './pool.ts';

/** Channel notified when log rows without a sequence were committed. */
export const LOG_CHANNEL = 'beacontower_log';
/** Channel notified with the last sequence when rows were given theirs. */
export const SEQUENCE_CHANNEL = 'beacontower_sequence';

/** A log row to be written; its `body` must fit the schema of its kind in contracts/log.ts. */
export type NewLogEntry = {
  [K in LogKind]: { kind: K; subject: string; body: Extract<LogEntry, { kind: K }>['body']; eventAt: number };
}[LogKind];

/** That a row of `maintenance` or `reclassifications` is another now. */
export const statementEntry = (kind: 'maintenance' | 'reclassification', id: string, now: number): NewLogEntry => ({
  kind,
  subject: id,
  body: { id },
  eventAt: now,
});

/** Appends rows in the caller's transaction and notifies the dispatcher at its commit. */
export async function appendLog(tx: Queryable, entries: readonly NewLogEntry[], recordedAt: number): Promise<void> {
  if (entries.length === 0) return;
  await tx.query(
    `INSERT INTO log (kind, subject, body, event_at, recorded_at)
     SELECT kind, subject, body, event_at, $5 FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::bigint[]) WITH ORDINALITY AS e (kind, subject, body, event_at, position)
     ORDER BY position`,
    [
      entries.map((entry) => entry.kind),
      entries.map((entry) => entry.subject),
      entries.map((entry) => JSON.stringify(entry.body)),
      entries.map((entry) => entry.eventAt),
      recordedAt,
    ],
  );
  await tx.query(`SELECT pg_notify('${LOG_CHANNEL}', '')`);
}

/** Gives up to `limit` committed rows their sequence, oldest first; call under the dispatcher's lease. Returns how many, and the last sequence. */
export async function dispatchLog(tx: Queryable, limit: number): Promise<{ count: number; last: number }> {
  const result = await tx.query<{ count: number; last: number | null }>(
    `WITH due AS (SELECT id FROM log WHERE sequence IS NULL ORDER BY id LIMIT $1 FOR UPDATE),
          base AS (SELECT coalesce(max(sequence), 0) AS last FROM log),
          numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS position FROM due),
          done AS (UPDATE log SET sequence = base.last + numbered.position FROM numbered, base WHERE log.id = numbered.id RETURNING log.sequence)
     SELECT count(*) AS count, max(sequence) AS last FROM done`,
    [limit],
  );
  const row = result.rows[0];
  const count = row?.count ?? 0;
  if (count > 0) await tx.query(`SELECT pg_notify('${SEQUENCE_CHANNEL}', $1)`, [String(row?.last)]);
  return { count, last: row?.last ?? 0 };
}

/** Reads entries after `sequence` in order. */
export async function readLog(db: Queryable, after: number, limit: number): Promise<LogEntry[]> {
  const result = await db.query(
    'SELECT sequence, kind, subject, body, event_at AS "eventAt", recorded_at AS "recordedAt" FROM log WHERE sequence > $1 ORDER BY sequence LIMIT $2',
    [after, limit],
  );
  return result.rows.map((row) => LogEntry.parse(row));
}

/** The last sequence given, 0 when the log is empty. */
export async function lastSequence(db: Queryable): Promise<number> {
  const result = await db.query<{ last: number | null }>('SELECT max(sequence) AS last FROM log');
  return result.rows[0]?.last ?? 0;
}
