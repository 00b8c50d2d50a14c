/** The stretches behind a figure: when its members did not serve, or nobody looked. */
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { decodeCursor, encodeCursor } from '../queries/cursor.ts';

/** A stretch by the estimate, cut to the period. */
export interface FoundStretch {
  readonly object: string;
  readonly state: 'down' | 'unknown';
  /** The transition that began it; null: before anything was said of the object. */
  readonly transition: number | null;
  readonly from: number;
  readonly to: number;
}

export interface StretchQuery {
  readonly objects: readonly string[];
  readonly from: number;
  readonly to: number;
  readonly states: readonly ('down' | 'unknown')[];
  readonly order: 'worst' | 'time';
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const Key = z.tuple([z.number().int(), z.number().int(), z.string()]);
const IN_FORCE = "t.subject = s.subject AND t.subject_kind = 'object' AND t.superseded_at IS NULL";

/**
 * The stretches of objects in the period, page by page: the longest first, or the earliest. What went before the first transition of
 * an object is one, too, and so is the whole period of an object of which nothing was ever said.
 */
export async function readStretches(db: Queryable, query: StretchQuery): Promise<{ items: FoundStretch[]; nextCursor: string | null }> {
  const list = `stretches-${query.order}`;
  const after = decodeCursor(list, Key, query.cursor);
  const rank = query.order === 'worst' ? 'starts - ends' : 'starts';
  const result = await db.query<FoundStretch & { rank: number }>(
    `WITH changes AS (
       SELECT s.subject, t.id, t.from_state, t.to_state, t.at FROM unnest($1::text[]) AS s (subject), LATERAL (
         (SELECT * FROM transitions t WHERE ${IN_FORCE} AND t.at < $2 ORDER BY t.at DESC, t.id DESC LIMIT 1)
         UNION ALL SELECT * FROM transitions t WHERE ${IN_FORCE} AND t.at >= $2 AND t.at < $3) AS t),
     ordered AS (
       SELECT subject, id, from_state, to_state, at, lead(at) OVER w AS until, row_number() OVER w AS position
       FROM changes WINDOW w AS (PARTITION BY subject ORDER BY at, id)),
     spans AS (
       SELECT subject, id, to_state AS state, greatest(at, $2::bigint) AS starts, coalesce(until, $3::bigint) AS ends FROM ordered
       UNION ALL
       SELECT subject, NULL, from_state, $2::bigint, at FROM ordered WHERE position = 1 AND at > $2
       UNION ALL
       SELECT subject, NULL, 'unknown', $2::bigint, $3::bigint FROM unnest($1::text[]) AS s (subject)
       WHERE NOT EXISTS (SELECT 1 FROM changes c WHERE c.subject = s.subject)),
     ranked AS (SELECT *, ${rank} AS rank FROM spans WHERE ends > starts AND state = ANY ($4))
     SELECT subject AS object, state, id AS transition, starts AS "from", ends AS "to", rank FROM ranked
     WHERE $5::bigint IS NULL OR (rank, starts, subject) > ($5::bigint, $6::bigint, $7::text)
     ORDER BY rank, starts, subject LIMIT $8`,
    [query.objects, query.from, query.to, query.states, ...(after ?? [null, null, null]), query.limit + 1],
  );
  const items = result.rows.slice(0, query.limit);
  const last = items.at(-1);
  const nextCursor =
    result.rows.length > query.limit && last !== undefined ? encodeCursor(list, [last.rank, last.from, last.object]) : null;
  return { items: items.map(({ rank: _, ...item }) => item), nextCursor };
}

/** A transition of an object or of one of its checks, in force or superseded. */
export interface RecordedRow {
  readonly id: number;
  readonly check: string | null;
  readonly from: string;
  readonly to: string;
  readonly at: number;
  readonly earliest: number;
  readonly latest: number;
  readonly reason: string;
  readonly decidedAt: number;
  readonly recordedAt: number;
  readonly supersededAt: number | null;
  readonly import: string | null;
  /** The import that the transitions came from which replaced it. */
  readonly replacedByImport: string | null;
}

/** Every transition of the object and its checks that touches `[from, to]`, superseded ones too, by time. */
export async function readRecorded(
  db: Queryable,
  object: string,
  query: { readonly from: number; readonly to: number; readonly limit: number; readonly cursor?: string | undefined },
): Promise<{ items: RecordedRow[]; nextCursor: string | null }> {
  const after = decodeCursor('recorded', z.tuple([z.number().int(), z.number().int()]), query.cursor);
  const checks = await db.query<{ id: string }>('SELECT id FROM checks WHERE object_id = $1', [object]);
  const result = await db.query<{ [K in keyof RecordedRow]: RecordedRow[K] }>(
    `SELECT t.id, CASE t.subject_kind WHEN 'check' THEN t.subject END AS check, t.from_state AS "from", t.to_state AS "to", t.at, t.earliest,
       t.latest, t.reason, t.decided_at AS "decidedAt", t.recorded_at AS "recordedAt", t.superseded_at AS "supersededAt", t.import,
       (SELECT r.import FROM transitions r WHERE r.subject = t.subject AND r.recorded_at = t.superseded_at AND r.import IS NOT NULL LIMIT 1)
         AS "replacedByImport"
     FROM (
       SELECT * FROM transitions WHERE subject = ANY ($1) AND superseded_at IS NULL
       UNION ALL SELECT * FROM transitions WHERE subject = ANY ($1) AND superseded_at IS NOT NULL) AS t
     WHERE t.latest >= $2 AND t.earliest <= $3 AND ($4::bigint IS NULL OR (t.at, t.id) > ($4::bigint, $5::bigint))
     ORDER BY t.at, t.id LIMIT $6`,
    [[object, ...checks.rows.map(({ id }) => id)], query.from, query.to, ...(after ?? [null, null]), query.limit + 1],
  );
  const items = result.rows.slice(0, query.limit);
  const last = items.at(-1);
  return {
    items,
    nextCursor: result.rows.length > query.limit && last !== undefined ? encodeCursor('recorded', [last.at, last.id]) : null,
  };
}
