/** Notices: what people are to be told, now or at a time to come. Written with what they tell of; taken once, by the router. */
import { NoticeBody, type NoticeStep } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';

/** Channel notified at the commit of notices that are due. */
export const NOTICES_CHANNEL = 'beacontower_notices';

export interface NewNotice {
  /** Null: about no incident. */
  readonly incident: string | null;
  readonly step: NoticeStep;
  /** Tells steps of one name apart; the same incident, step and occasion is one notice. */
  readonly occasion: string;
  readonly body: NoticeBody;
  /** Epoch ms: when the evidence was complete. */
  readonly decidedAt: number;
  /** Epoch ms: when people are to be told; a time to come makes it a timer. */
  readonly dueAt: number;
}

/** A notice as the router takes it. */
export interface Notice extends NewNotice {
  readonly id: number;
}

/** Writes notices in the caller's transaction and wakes the router at its commit. One that is there already is left alone. */
export async function insertNotices(tx: Queryable, notices: readonly NewNotice[], now: number): Promise<void> {
  if (notices.length === 0) return;
  await tx.query(
    `INSERT INTO notices (incident_id, step, occasion, body, decided_at, due_at, created_at)
     SELECT incident, step, occasion, body, "decidedAt", "dueAt", $2
     FROM ROWS FROM (jsonb_to_recordset($1) AS (incident uuid, step text, occasion text, body jsonb, "decidedAt" bigint, "dueAt" bigint))
       WITH ORDINALITY AS n (incident, step, occasion, body, "decidedAt", "dueAt", position) ORDER BY position
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(notices), now],
  );
  await tx.query(`SELECT pg_notify('${NOTICES_CHANNEL}', '')`);
}

/** Steps that are told at once; the others are timers. */
const AT_ONCE = `('opened', 'escalated', 'resolved', 'merged', 'assigned')`;

/**
 * Notices due at `now` and not taken, in the order in which they fell due; with each all of its incident that are told at once, however
 * many that makes. A clock that goes back parts none of them: an end is never taken before its alarm, and what is told at once is due
 * when its clock had come to `seen`, the latest moment at which notices may have been written. Call under the router's lease.
 */
export async function readDueNotices(
  tx: Queryable,
  { now, seen, limit }: { readonly now: number; readonly seen: number; readonly limit: number },
): Promise<Notice[]> {
  const columns = `id, incident_id AS incident, step, occasion, body, decided_at AS "decidedAt", due_at AS "dueAt"`;
  const result = await tx.query<Omit<Notice, 'body'> & { body: unknown; [column: string]: unknown }>(
    `WITH due AS (SELECT ${columns} FROM notices WHERE taken_at IS NULL AND (due_at <= $1 OR (due_at <= $2 AND step IN ${AT_ONCE}))
       ORDER BY due_at, id LIMIT $3)
     SELECT * FROM due
     UNION SELECT ${columns} FROM notices WHERE taken_at IS NULL AND step IN ${AT_ONCE} AND incident_id IN (SELECT incident FROM due)
     ORDER BY "dueAt", id`,
    [now, Math.max(now, seen), limit],
  );
  return result.rows.map((row) => ({ ...row, body: NoticeBody.parse(row.body) }));
}

/** When the next notice falls due; null when none is left. Epoch ms. */
export async function nextNoticeAt(db: Queryable): Promise<number | null> {
  const result = await db.query<{ at: number | null }>('SELECT min(due_at) AS at FROM notices WHERE taken_at IS NULL');
  return result.rows[0]?.at ?? null;
}

/** Says what became of notices: they are never taken again. */
export async function takeNotices(
  tx: Queryable,
  taken: readonly { readonly id: number; readonly outcome: string }[],
  now: number,
): Promise<void> {
  if (taken.length === 0) return;
  await tx.query(
    `UPDATE notices SET taken_at = $3, outcome = t.outcome FROM unnest($1::bigint[], $2::text[]) AS t (id, outcome) WHERE notices.id = t.id`,
    [taken.map(({ id }) => id), taken.map(({ outcome }) => outcome), now],
  );
}

/** The timers of an incident that were let pass while it was merged into another: they are judged anew, those that fell due at once. */
export async function resumeTimers(tx: Queryable, incident: string, now: number): Promise<void> {
  await tx.query(
    `UPDATE notices SET taken_at = NULL, outcome = NULL, due_at = greatest(due_at, $2)
     WHERE incident_id = $1 AND outcome = 'over' AND step NOT IN ${AT_ONCE} AND step <> 'duty'
       AND taken_at >= (SELECT max(at) FROM incident_events WHERE incident_id = $1 AND kind = 'merged')`,
    [incident, now],
  );
  await tx.query(`SELECT pg_notify('${NOTICES_CHANNEL}', '')`);
}
