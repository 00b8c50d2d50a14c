/** Whether what was recorded since a period was closed changes the account of any member. */
import { accountsOf } from '@beacontower/contracts';
import { ACCOUNT_COLUMNS, readJudged, sameAccount } from '../accounting/index.ts';
import { outageEarliest } from '../accounting/whole-outages.ts';
import type { Database, Queryable } from '../pool.ts';
import { objectiveMembers } from '../queries/objectives.ts';
import { accountOf } from './columns.ts';
import { readContext, readMemberEvidence } from './facts.ts';
import { type ClosedFigure, HEAD_COLUMNS, type HeadRow } from './read.ts';

/** Recorded times are taken before the commit: what was recorded this long before is looked at again. */
const MARGIN_MS = 600_000;
const READER = 'closing';
const MEMBERS_AT_ONCE = 200;

/** Up to when (recorded time) the record has been looked through for late data; 0 when it never was. */
export async function readExamined(db: Queryable): Promise<number> {
  const result = await db.query<{ sequence: number }>('SELECT sequence FROM log_readers WHERE name = $1', [READER]);
  return result.rows[0]?.sequence ?? 0;
}

export async function writeExamined(db: Queryable, until: number): Promise<void> {
  await db.query('DELETE FROM maintenance_replaced WHERE received_at <= $1', [until - MARGIN_MS]);
  await db.query(
    `INSERT INTO log_readers (name, epoch, sequence, updated_at) VALUES ($1, 0, $2, $2)
     ON CONFLICT (name) DO UPDATE SET sequence = excluded.sequence, updated_at = excluded.updated_at`,
    [READER, until],
  );
}

/**
 * Up to when (recorded time) whoever reads from now on sees all that was recorded: what a transaction under way records, an import of
 * years perhaps, bears the time at which it began.
 */
export async function readRecordedUntil(db: Queryable, now: number): Promise<number> {
  const result = await db.query<{ since: number | null }>(
    `SELECT floor(extract(epoch FROM min(xact_start)) * 1000)::bigint AS since FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`,
  );
  return Math.min(now, result.rows[0]?.since ?? now);
}

/** The latest version of a period that may have to be revised. */
export interface LatestFigure extends HeadRow {
  /** Members that had not been judged to the end when it was closed. */
  readonly unjudged: number;
}

/**
 * The latest version of every closed period. Of those closed before `recently` nobody waits for a judgement any more: their bodies,
 * which may be long, are not read.
 */
export async function readLatestFigures(db: Queryable, recently: number): Promise<LatestFigure[]> {
  const result = await db.query<HeadRow & { unjudged: number }>(
    `SELECT DISTINCT ON (f.objective, f.period_from, f.period_to) ${HEAD_COLUMNS}, CASE WHEN f.closed_at >= $1 THEN (f.body ->> 'unjudged')::int ELSE 0 END AS unjudged
     FROM closed_figures f ORDER BY f.objective, f.period_from, f.period_to, f.version DESC`,
    [recently],
  );
  return result.rows;
}

/** An object about whose past something was recorded, and from when on (epoch ms). */
export interface Touched {
  readonly objectId: string;
  readonly from: number;
}

/**
 * Objects about which something was recorded since `examined` that reaches back before `before`: one row each. What is said of an outage
 * reaches back to its beginning, since it is charged whole: who is charged a July part of it may be charged a June part as well.
 */
export async function readTouched(db: Queryable, examined: number, before: number): Promise<Touched[]> {
  const result = await db.query<{ objectId: string; from: number }>(TOUCHED, [examined - MARGIN_MS, before]);
  return result.rows;
}

// Of planned work of this node only a cancellation or an approval that came in while a period was being closed can matter; asking costs nothing.
// What another node says is looked at by when it came in: by the clock there it was said long before, perhaps.
const TOUCHED = `
WITH stated AS (
  SELECT objects, divisions, starts_at FROM reclassifications WHERE recorded_at > $1 OR withdrawn_at > $1 OR received_at > $1
  UNION ALL
  SELECT objects, divisions, starts_at FROM maintenance WHERE (approved_at > $1 OR cancelled_at > $1 OR received_at > $1) AND starts_at < $2
  UNION ALL
  SELECT objects, divisions, starts_at FROM maintenance_replaced WHERE received_at > $1 AND starts_at < $2),
touched AS (SELECT id AS subject, min(starts) AS starts FROM (
  SELECT object_id AS id, earliest AS starts FROM transitions WHERE subject_kind = 'object' AND recorded_at > $1
  UNION ALL
  SELECT object_id, earliest FROM transitions WHERE subject_kind = 'object' AND superseded_at > $1
  UNION ALL
  SELECT id, valid_from FROM inventory WHERE entity = 'object' AND (recorded_at > $1 OR superseded_at > $1) AND valid_from < $2
  UNION ALL
  SELECT m.object_id, least(n.started_earliest, m.joined_at) FROM incident_events e
    JOIN incidents n ON n.id = e.incident_id JOIN incident_members m ON m.incident_id = n.id
    WHERE e.at > $1
  UNION ALL
  SELECT m.object_id, least(n.started_earliest, m.joined_at) FROM incidents n JOIN incident_members m ON m.incident_id = n.id
    WHERE n.opened_at > $1
  UNION ALL
  SELECT m.object_id, least(n.started_earliest, m.joined_at) FROM incidents n JOIN incident_members m ON m.incident_id = n.id
    WHERE n.told_at > $1
  UNION ALL
  SELECT i.id, s.starts_at FROM stated s JOIN inventory i ON i.entity = 'object' AND i.superseded_at IS NULL
    AND (i.id = ANY (s.objects) OR split_part(i.id, '/', 1) = ANY (s.objects)
      OR EXISTS (SELECT 1 FROM unnest(s.divisions) AS d (path) WHERE d.path = '' OR i.division = d.path OR starts_with(i.division, d.path || '.')))
) AS said GROUP BY id),
reaching AS (SELECT s.subject, least(s.starts, ${outageEarliest('s.starts')}) AS starts FROM touched s)
SELECT subject AS "objectId", starts AS "from" FROM reaching WHERE starts < $2`;

/** Whether the account of any of these objects differs from the frozen one, by either basis. */
export async function differs(db: Database, closed: ClosedFigure, objects: readonly string[], now: number): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    const { objective, calendar } = closed.body;
    const period = { objective, calendar, from: closed.from, to: closed.to };
    const wanted = new Set(objects);
    const members = (await objectiveMembers(tx, objective, [''], closed.from, closed.to)).filter(({ id }) => wanted.has(id));
    const frozen = await readFrozen(tx, closed.id, objects);
    const ids = new Set(members.map(({ id }) => id));
    for (const id of frozen.keys()) if (!ids.has(id)) return true;
    const context = await readContext(tx, period, [...ids]);
    const judged = await readJudged(tx, now);
    for (let at = 0; at < members.length; at += MEMBERS_AT_ONCE) {
      for (const evidence of await readMemberEvidence(tx, members.slice(at, at + MEMBERS_AT_ONCE), context, judged)) {
        const before = frozen.get(evidence.member.object);
        const after = accountsOf(context, evidence);
        if (before === undefined) return true;
        for (const basis of ['experienced', 'responsible'] as const) {
          const was = before.get(basis);
          if (was === undefined || !sameAccount(was, after[basis])) return true;
        }
      }
    }
    return false;
  });
}

async function readFrozen(db: Queryable, figure: string, objects: readonly string[]) {
  const result = await db.query<{ id: string; basis: string }>(
    `SELECT object_id AS id, basis, ${ACCOUNT_COLUMNS.map(([column]) => column).join(', ')}
     FROM closed_figure_members WHERE figure = $1 AND object_id = ANY ($2)`,
    [figure, objects],
  );
  const frozen = new Map<string, Map<string, NonNullable<ReturnType<typeof accountOf>>>>();
  for (const row of result.rows) {
    const both = frozen.get(row.id) ?? new Map();
    frozen.set(row.id, both.set(row.basis, accountOf(row)));
  }
  return frozen;
}
