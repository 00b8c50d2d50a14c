/** How a report is made: claimed by one worker at a time, told on, ended with its files. Times are epoch ms. */
import { ReportOrder } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';

/** A report as its worker holds it: `attempt` is the one now begun, from 1. */
export interface ClaimedReport {
  readonly id: string;
  readonly order: ReportOrder;
  readonly division: string;
  readonly attempt: number;
  readonly requestedBy: string;
  readonly schedule: string | null;
}

/** Who claims, and until when the claim holds unless it is renewed. */
export interface ReportClaim {
  readonly id: string;
  readonly by: string;
  readonly now: number;
  readonly lapsesAt: number;
}

/** Claims a queued report whose attempts made so far are `attempt`; undefined when it is not (any more) to be begun. */
export async function claimReport(tx: Queryable, claim: ReportClaim & { readonly attempt: number }): Promise<ClaimedReport | undefined> {
  const result = await tx.query<{ parameters: unknown; division: string; attempt: number; requested_by: string; schedule: string | null }>(
    `UPDATE reports SET state = 'running', attempt = attempt + 1, progress = 0, step = NULL, claimed_by = $3, lapses_at = $4,
       started_at = coalesce(started_at, $5)
     WHERE id = $1 AND attempt = $2 AND state = 'queued' RETURNING parameters, division, attempt, requested_by, schedule`,
    [claim.id, claim.attempt, claim.by, claim.lapsesAt, claim.now],
  );
  const row = result.rows[0];
  if (!row) return undefined;
  const { parameters, division, attempt, requested_by: requestedBy, schedule } = row;
  return { id: claim.id, order: ReportOrder.parse(parameters), division, attempt, requestedBy, schedule };
}

/** Renews a claim and says how far it is. False when it is no longer ours: cancelled, or taken for dead. */
export async function tellProgress(
  tx: Queryable,
  claim: Omit<ReportClaim, 'now'> & { readonly progress: number; readonly step: string },
): Promise<boolean> {
  const result = await tx.query(
    `UPDATE reports SET progress = $3, step = $4, lapses_at = $5 WHERE id = $1 AND claimed_by = $2 AND state = 'running'`,
    [claim.id, claim.by, claim.progress, claim.step, claim.lapsesAt],
  );
  return result.rowCount === 1;
}

/** How an attempt ended. `queued`: it is to be tried again. */
export interface ReportEnd {
  readonly id: string;
  readonly by: string;
  readonly state: 'done' | 'failed' | 'queued';
  readonly error: string | null;
  /** Of one that is done. */
  readonly summary: { readonly zh: string; readonly en: string } | null;
  readonly files: readonly { readonly format: string; readonly language: string; readonly artifact: string }[];
  readonly now: number;
}

/** Ends an attempt that is still ours, files and all; false when it is not. */
export async function endAttempt(tx: Queryable, { id, by, state, error, summary, files, now }: ReportEnd): Promise<boolean> {
  const result = await tx.query(
    `UPDATE reports SET state = $3, error = $4, summary = $6, step = NULL, progress = CASE WHEN $3 = 'done' THEN 100 ELSE progress END,
       finished_at = CASE WHEN $3 = 'queued' THEN NULL ELSE $5::bigint END, claimed_by = NULL, lapses_at = NULL
     WHERE id = $1 AND claimed_by = $2 AND state = 'running'`,
    [id, by, state, error, now, summary === null ? null : JSON.stringify(summary)],
  );
  if (result.rowCount !== 1) return false;
  await tx.query(
    `INSERT INTO report_files (report, format, language, artifact)
     SELECT $1, f.format, f.language, f.artifact FROM jsonb_to_recordset($2) AS f (format text, language text, artifact uuid)`,
    [id, JSON.stringify(files)],
  );
  return true;
}

/** A report that waits to be begun. */
export interface WaitingReport {
  readonly id: string;
  readonly attempt: number;
  readonly [column: string]: unknown;
}

/** Reports that wait to be begun, the oldest first. */
export async function readWaitingReports(db: Queryable, limit: number): Promise<WaitingReport[]> {
  const result = await db.query<WaitingReport>(
    "SELECT id, attempt FROM reports WHERE state = 'queued' ORDER BY requested_at, id LIMIT $1",
    [limit],
  );
  return result.rows;
}

/** A report whose worker is gone. */
export interface LostReport extends WaitingReport {
  readonly division: string;
  readonly by: string;
}

/** Reports whose claim lapsed before `now`, or is that of an earlier process of `slot` than `by`. */
export async function readLostReports(
  db: Queryable,
  { now, slot, by }: { readonly now: number; readonly slot: string | null; readonly by: string },
): Promise<LostReport[]> {
  const result = await db.query<LostReport>(
    `SELECT id, attempt, division, claimed_by AS by FROM reports WHERE state = 'running'
       AND (lapses_at < $1 OR (claimed_by <> $3 AND split_part(claimed_by, '#', 1) = $2)) LIMIT 100`,
    [now, slot, by],
  );
  return result.rows;
}
