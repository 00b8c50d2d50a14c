/** E-mails of scheduled reports: one row a receiver, which ends only with its result. Times are epoch ms. */
import type { ReportLanguage } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';

export interface NewReportMail {
  readonly id: string;
  readonly report: string;
  readonly contact: string;
  readonly channel: string;
  readonly address: string;
  readonly language: ReportLanguage;
}

/** Puts mails down as pending; one to the same receiver that is there already is left alone. */
export async function insertReportMails(tx: Queryable, mails: readonly NewReportMail[], now: number): Promise<void> {
  if (mails.length === 0) return;
  await tx.query(
    `INSERT INTO report_mails (id, report, contact, channel, address, language, state, due_at)
     SELECT m.id, m.report, m.contact, m.channel, m.address, m.language, 'pending', $2
     FROM jsonb_to_recordset($1) AS m (id uuid, report uuid, contact text, channel text, address text, language text) ON CONFLICT DO NOTHING`,
    [JSON.stringify(mails), now],
  );
}

/** A mail whose attempt has begun: `attempt` from 1. */
export interface ClaimedReportMail extends NewReportMail {
  readonly attempt: number;
  /** The channel as the inventory has it now; null when it is no longer there. */
  readonly channelBody: unknown;
  readonly [column: string]: unknown;
}

const CLAIMED = `m.id, m.report, m.contact, m.channel, m.address, m.language, m.attempt,
  (SELECT c.body FROM inventory c WHERE c.entity = 'channel' AND c.id = m.channel AND c.superseded_at IS NULL AND c.valid_to IS NULL) AS "channelBody"`;

/** Claims the mail that is due the longest, until `lapsesAt`; undefined when none is. */
export async function claimReportMail(
  tx: Queryable,
  { by, now, lapsesAt }: { readonly by: string; readonly now: number; readonly lapsesAt: number },
): Promise<ClaimedReportMail | undefined> {
  const result = await tx.query<ClaimedReportMail>(
    `UPDATE report_mails m SET state = 'sending', attempt = m.attempt + 1, claimed_at = $1, claimed_by = $2, due_at = $3
     WHERE m.id = (SELECT id FROM report_mails WHERE state IN ('pending', 'retrying') AND due_at <= $1 ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING ${CLAIMED}`,
    [now, by, lapsesAt],
  );
  return result.rows[0];
}

/** Mails whose attempt ended without a result: claimed for too long, or by an earlier process of the slot (null: of none). */
export async function readLostReportMails(
  db: Queryable,
  { now, slot, by }: { readonly now: number; readonly slot: string | null; readonly by: string },
): Promise<ClaimedReportMail[]> {
  const result = await db.query<ClaimedReportMail>(
    `SELECT ${CLAIMED} FROM report_mails m WHERE m.state = 'sending'
       AND (m.due_at < $1 OR (m.claimed_by <> $3 AND split_part(m.claimed_by, '#', 1) = $2)) ORDER BY m.due_at LIMIT 100`,
    [now, slot, by],
  );
  return result.rows;
}

/** Records the result of an attempt, if it is still the one under way. `dueAt`: when it is tried again. */
export async function recordReportMail(
  tx: Queryable,
  result: {
    readonly id: string;
    readonly attempt: number;
    readonly state: 'delivered' | 'retrying' | 'uncertain' | 'dead';
    readonly error: string | null;
    readonly dueAt: number;
    readonly now: number;
  },
): Promise<boolean> {
  const updated = await tx.query(
    `UPDATE report_mails SET state = $3, last_error = $4, due_at = $5, claimed_at = NULL, claimed_by = NULL,
       finished_at = CASE WHEN $3 = 'retrying' THEN NULL ELSE $6::bigint END
     WHERE id = $1 AND attempt = $2 AND state = 'sending'`,
    [result.id, result.attempt, result.state, result.error, result.dueAt, result.now],
  );
  return updated.rowCount === 1;
}
