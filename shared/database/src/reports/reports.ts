/** Reports: rows in `reports` are the record, and BullMQ only says when. Times are epoch ms. */
import { type Page, type Report, ReportOrder, type ReportQuery, timestamp, timestampOrNull } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from '../queries/conditions.ts';
import { decodeCursor, TimeAndIdKey, toPage } from '../queries/cursor.ts';

interface Row {
  readonly id: string;
  readonly kind: 'availability';
  readonly parameters: unknown;
  readonly division: string;
  readonly state: Report['state'];
  readonly progress: number;
  readonly step: string | null;
  readonly attempt: number;
  readonly error: string | null;
  readonly summary: Report['summary'];
  readonly requested_at: number;
  readonly requested_by: string;
  readonly schedule: string | null;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly files: Report['files'] | null;
  readonly [column: string]: unknown;
}

const SELECT = `SELECT r.*, (SELECT json_agg(json_build_object('format', f.format, 'language', f.language, 'name', a.name,
    'mediaType', a.media_type, 'size', a.size, 'sha256', encode(a.sha256, 'hex')) ORDER BY f.language DESC, f.format)
  FROM report_files f JOIN artifacts a ON a.id = f.artifact WHERE f.report = r.id) AS files FROM reports r`;

/** A report to be made. `schedule`: which schedule asks for it, and for which period; it asks once. */
export interface NewReportRow {
  readonly id: string;
  readonly order: ReportOrder;
  readonly requestedBy: string;
  readonly schedule: { readonly id: string; readonly period: string } | null;
  readonly now: number;
}

/** Writes a report as queued; the same id, or the same period of a schedule, again changes nothing. Returns whether it is new. */
export async function insertReport(tx: Queryable, { id, order, requestedBy, schedule, now }: NewReportRow): Promise<boolean> {
  const result = await tx.query(
    `INSERT INTO reports (id, kind, parameters, division, state, requested_at, requested_by, schedule, schedule_period)
     VALUES ($1, $2, $3, $4, 'queued', $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
    [id, order.kind, JSON.stringify(order), order.division, now, requestedBy, schedule?.id ?? null, schedule?.period ?? null],
  );
  return result.rowCount === 1;
}

/** How many reports that somebody asked for are not made yet. */
export async function countUnmade(db: Queryable, requestedBy: string): Promise<number> {
  const result = await db.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM reports WHERE state IN ('queued', 'running') AND requested_by = $1",
    [requestedBy],
  );
  return result.rows[0]?.count ?? 0;
}

/** Reports of divisions that the scope covers, the newest first. */
export async function listReports(db: Queryable, query: ReportQuery, scope: Scope): Promise<Page<Report>> {
  const after = decodeCursor('reports', TimeAndIdKey, query.cursor);
  const where = new Conditions();
  where.within('r.division', scope);
  where.equal('r.state', query.state);
  if (after) where.add(`(r.requested_at, r.id) < (${where.value(after[0])}, ${where.value(after[1])}::uuid)`);
  const limit = where.value(query.limit + 1);
  const result = await db.query<Row>(`${SELECT} ${where} ORDER BY r.requested_at DESC, r.id DESC LIMIT ${limit}`, where.values);
  return toPage(result.rows, query.limit, 'reports', (row) => [row.requested_at, row.id], viewOf);
}

/** One report; undefined when unknown or when the scope does not cover its division. */
export async function findReport(db: Queryable, id: string, scope: Scope): Promise<Report | undefined> {
  const where = new Conditions();
  where.equal('r.id', id);
  where.within('r.division', scope);
  const result = await db.query<Row>(`${SELECT} ${where}`, where.values);
  return result.rows[0] && viewOf(result.rows[0]);
}

/** The artifact of one file of a report. */
export async function reportArtifact(db: Queryable, id: string, format: string, language: string): Promise<string | undefined> {
  const result = await db.query<{ artifact: string }>(
    'SELECT artifact FROM report_files WHERE report = $1 AND format = $2 AND language = $3',
    [id, format, language],
  );
  return result.rows[0]?.artifact;
}

/** The periods for which a schedule has asked for its report. */
export async function readScheduledPeriods(db: Queryable, schedule: string): Promise<Set<string>> {
  const result = await db.query<{ period: string }>('SELECT schedule_period AS period FROM reports WHERE schedule = $1', [schedule]);
  return new Set(result.rows.map((row) => row.period));
}

/** When the first object of a division was commissioned, epoch ms; null when it has none and never had one. */
export async function readRecordBegin(db: Queryable, division: string): Promise<number | null> {
  const where = new Conditions();
  where.add("i.entity = 'object' AND i.superseded_at IS NULL");
  where.within('i.division', [division]);
  const { rows } = await db.query<{ begun: number | null }>(`SELECT min(i.valid_from) AS begun FROM inventory i ${where}`, where.values);
  return rows[0]?.begun ?? null;
}

/** Ends a report that is not made yet. Returns its division, or undefined when it had ended already. */
export async function cancelReport(tx: Queryable, id: string, now: number): Promise<string | undefined> {
  const result = await tx.query<{ division: string }>(
    `UPDATE reports SET state = 'cancelled', finished_at = $2, step = NULL, claimed_by = NULL, lapses_at = NULL
     WHERE id = $1 AND state IN ('queued', 'running') RETURNING division`,
    [id, now],
  );
  return result.rows[0]?.division;
}

function viewOf(row: Row): Report {
  const order = ReportOrder.parse(row.parameters);
  return {
    id: row.id,
    kind: row.kind,
    period: { label: order.label, from: timestamp(order.from), to: timestamp(order.to), timeZone: order.timeZone },
    division: row.division,
    objectives: order.objectives,
    languages: order.languages,
    formats: order.formats,
    state: row.state,
    progress: row.progress,
    step: row.step,
    attempt: row.attempt,
    error: row.error,
    summary: row.summary,
    requestedAt: timestamp(row.requested_at),
    requestedBy: row.requested_by,
    schedule: row.schedule,
    startedAt: timestampOrNull(row.started_at),
    finishedAt: timestampOrNull(row.finished_at),
    files: row.files ?? [],
  };
}
