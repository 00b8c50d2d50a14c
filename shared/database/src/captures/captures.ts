/** What was looked at when an incident was opened: asked, answered, or failed and why. One row per incident, kind and target. */
import { type IncidentCapture, timestamp, timestampOrNull } from '@beacontower/contracts';
import { insertIncidentEvents } from '../incidents/incidents.ts';
import { appendLog } from '../log.ts';
import type { Queryable, Transaction } from '../pool.ts';

export interface CaptureKey {
  readonly incident: string;
  readonly kind: IncidentCapture['kind'];
  /** An address; an object or one of its checks. */
  readonly target: string;
}

/** A look to be made; `question` is whatever who makes it needs to know. Epoch ms. */
export interface NewCapture extends CaptureKey {
  readonly question: unknown;
  readonly dueAt: number;
}

/** A look that is due, as it is taken up. */
export interface DueCapture extends CaptureKey {
  readonly question: unknown;
  /** How often it was taken up, this time included. */
  readonly attempt: number;
  readonly askedAt: number;
}

/** What came of a look: what was seen, or why nothing was. */
export type CaptureOutcome = { readonly body: unknown } | { readonly error: string };

/** Notes what is to be looked at, in the caller's transaction; what is noted already stays as it is. */
export async function insertCaptures(tx: Queryable, captures: readonly NewCapture[], now: number): Promise<void> {
  if (captures.length === 0) return;
  await tx.query(
    `INSERT INTO incident_captures (incident_id, kind, target, state, asked_at, body, due_at)
     SELECT incident, kind, target, 'asked', $2, question, "dueAt"
     FROM jsonb_to_recordset($1) AS c (incident uuid, kind text, target text, question jsonb, "dueAt" bigint) ON CONFLICT DO NOTHING`,
    [JSON.stringify(captures), now],
  );
}

/** Notes that of these incidents nothing is looked at, and why. */
export async function insertFailedCaptures(tx: Queryable, captures: readonly CaptureKey[], error: string, now: number): Promise<void> {
  if (captures.length === 0) return;
  await tx.query(
    `INSERT INTO incident_captures (incident_id, kind, target, state, asked_at, done_at, error)
     SELECT incident, kind, target, 'failed', $2, $2, $3
     FROM jsonb_to_recordset($1) AS c (incident uuid, kind text, target text) ON CONFLICT DO NOTHING`,
    [JSON.stringify(captures), now, error],
  );
}

/** How many looks are asked for and not over. */
export async function countAskedCaptures(db: Queryable): Promise<number> {
  const result = await db.query<{ count: number }>(`SELECT count(*) AS count FROM incident_captures WHERE state = 'asked'`);
  return result.rows[0]?.count ?? 0;
}

/** When the next look is due; null when none is asked for. Epoch ms. */
export async function nextCaptureAt(db: Queryable): Promise<number | null> {
  const result = await db.query<{ at: number | null }>(`SELECT min(due_at) AS at FROM incident_captures WHERE state = 'asked'`);
  return result.rows[0]?.at ?? null;
}

/** Takes up looks that are due: they are due again at `againAt` unless they are over by then. */
export async function takeDueCaptures(tx: Queryable, now: number, againAt: number, limit: number): Promise<DueCapture[]> {
  const result = await tx.query<DueCapture & { readonly [column: string]: unknown }>(
    `UPDATE incident_captures c SET attempt = c.attempt + 1, due_at = $2
     FROM (SELECT incident_id, kind, target FROM incident_captures WHERE state = 'asked' AND due_at <= $1 ORDER BY due_at LIMIT $3) d
     WHERE c.incident_id = d.incident_id AND c.kind = d.kind AND c.target = d.target
     RETURNING c.incident_id AS incident, c.kind, c.target, c.body AS question, c.attempt, c.asked_at AS "askedAt"`,
    [now, againAt, limit],
  );
  return result.rows;
}

/** Puts a look off until `dueAt`. */
export async function postponeCapture(tx: Queryable, { incident, kind, target }: CaptureKey, dueAt: number): Promise<void> {
  await tx.query(`UPDATE incident_captures SET due_at = $4 WHERE incident_id = $1 AND kind = $2 AND target = $3 AND state = 'asked'`, [
    incident,
    kind,
    target,
    dueAt,
  ]);
}

/** Keeps what came of a look; with the last one of its incident, a line in the timeline and a log row. */
export async function finishCapture(tx: Transaction, capture: CaptureKey, outcome: CaptureOutcome, now: number): Promise<void> {
  const { incident, kind, target } = capture;
  const isDone = 'body' in outcome;
  const finished = await tx.query(
    `UPDATE incident_captures SET state = $4, done_at = $5, body = $6, error = $7
     WHERE incident_id = $1 AND kind = $2 AND target = $3 AND state = 'asked'`,
    [incident, kind, target, isDone ? 'done' : 'failed', now, isDone ? JSON.stringify(outcome.body) : null, isDone ? null : outcome.error],
  );
  if (finished.rowCount === 0) return;
  const result = await tx.query<{ asked: number; done: number; failed: number }>(
    `SELECT count(*) FILTER (WHERE state = 'asked') AS asked, count(*) FILTER (WHERE state = 'done') AS done,
       count(*) FILTER (WHERE state = 'failed') AS failed FROM incident_captures WHERE incident_id = $1`,
    [incident],
  );
  const { asked, done, failed } = result.rows[0] ?? { asked: 0, done: 0, failed: 0 };
  if (asked > 0) return;
  await insertIncidentEvents(tx, [{ incident, at: now, kind: 'captured', actor: 'system', detail: { done, failed } }]);
  await logCaptured(tx, incident, now);
}

async function logCaptured(tx: Queryable, incident: string, now: number): Promise<void> {
  const result = await tx.query<{
    number: number;
    state: 'open' | 'acknowledged' | 'resolved' | 'closed';
    severity: 'critical' | 'major' | 'minor' | 'warning';
    cause: string;
  }>('SELECT number, state, severity, cause_object AS cause FROM incidents WHERE id = $1', [incident]);
  const row = result.rows[0];
  if (!row) return;
  const body = { incident, ...row, change: 'captured' as const, object: null };
  await appendLog(tx, [{ kind: 'incident', subject: incident, body, eventAt: now }], now);
}

interface Row {
  readonly kind: IncidentCapture['kind'];
  readonly target: string;
  readonly state: IncidentCapture['state'];
  readonly askedAt: number;
  readonly doneAt: number | null;
  readonly error: string | null;
  readonly body: unknown;
  readonly [column: string]: unknown;
}

/** The looks of an incident, traces first. */
export async function readCaptures(db: Queryable, incident: string): Promise<IncidentCapture[]> {
  const result = await db.query<Row>(
    `SELECT kind, target, state, asked_at AS "askedAt", done_at AS "doneAt", error, CASE WHEN state = 'done' THEN body END AS body
     FROM incident_captures WHERE incident_id = $1 ORDER BY kind DESC, target`,
    [incident],
  );
  return result.rows.map(({ kind, target, state, askedAt, doneAt, error, body }) => ({
    kind,
    target,
    state,
    askedAt: timestamp(askedAt),
    doneAt: timestampOrNull(doneAt),
    error,
    body,
  }));
}
