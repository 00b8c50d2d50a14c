/** What is known of the past of objects and their checks, for the node above. */
import type { RevisionPayload } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { type TransitionRow, transitionOf } from '../record/transitions.ts';

/** An object, or one of its checks. */
export interface Subject {
  readonly object: string;
  readonly check: string | null;
}

/**
 * Objects in a division after one, with the checks they ever had, in the order of their ids; an object lies where its newest version says.
 * `last`: the one up to which was read.
 */
export async function readSubjectsAfter(
  db: Queryable,
  after: string,
  division: string,
  limit: number,
): Promise<{ readonly subjects: readonly Subject[]; readonly last: string | null }> {
  const { rows } = await db.query<{ id: string; checks: string[] | null; covered: boolean }>(
    `SELECT o.id, ($2 = '' OR n.division = $2 OR starts_with(n.division, $2 || '.')) AS covered,
       (SELECT array_agg(DISTINCT c ->> 'id') FROM inventory v, jsonb_array_elements(v.body -> 'checks') AS c
        WHERE v.entity = 'object' AND v.id = o.id AND v.superseded_at IS NULL) AS checks
     FROM (SELECT DISTINCT id FROM inventory WHERE entity = 'object' AND superseded_at IS NULL AND id > $1 ORDER BY id LIMIT $3) AS o,
       LATERAL (SELECT division FROM inventory v WHERE v.entity = 'object' AND v.id = o.id AND v.superseded_at IS NULL ORDER BY valid_from DESC LIMIT 1) AS n
     ORDER BY o.id`,
    [after, division, limit],
  );
  const covered = rows.filter((row) => row.covered);
  const subjects = covered.flatMap(({ id, checks }): Subject[] => [
    { object: id, check: null },
    ...(checks ?? []).map((check) => ({ object: id, check })),
  ]);
  return { subjects, last: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
}

type Row = TransitionRow & { readonly n: number; readonly resolution: number };

/** A stretch of a subject's past. */
export interface Stretch extends Subject {
  readonly from: number;
  /** Null: without an end. */
  readonly to: number | null;
}

/** What is known over a stretch: as revisions, each no longer than a line may be. `next`: from where it goes on, if it was too much for one reading. */
export interface ReadHistory {
  readonly revisions: readonly RevisionPayload[];
  readonly next: number | null;
}

/** Transitions of one revision, and of one reading of a subject. */
const OF_A_LINE = 1_500;
const OF_A_READING = 6_000;

/** All that is in force now of each stretch, in the order given. */
export async function readHistories(db: Queryable, stretches: readonly Stretch[]): Promise<ReadHistory[]> {
  if (stretches.length === 0) return [];
  const { rows } = await db.query<Row & { [column: string]: unknown }>(
    `SELECT s.n::int AS n, t.subject, t.from_state, t.to_state, t.at, t.earliest, t.latest, t.reason, t.decided_at, t.resolution_ms AS resolution
     FROM unnest($1::text[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS s (subject, begins, ends, n), LATERAL (
       SELECT * FROM transitions WHERE subject = s.subject AND superseded_at IS NULL AND at >= s.begins AND at < coalesce(s.ends, 9223372036854775807)
       ORDER BY at, id LIMIT $4) AS t
     ORDER BY s.n, t.at, t.id`,
    [stretches.map(({ object, check }) => check ?? object), stretches.map(({ from }) => from), stretches.map(({ to }) => to), OF_A_READING],
  );
  const found = stretches.map((): Row[] => []);
  for (const row of rows) found[row.n - 1]?.push(row);
  return stretches.map((stretch, index) => historyOf(stretch, found[index] ?? []));
}

function historyOf(stretch: Stretch, rows: readonly Row[]): ReadHistory {
  const lastAt = rows.at(-1)?.at;
  const isCut = rows.length === OF_A_READING && lastAt !== undefined && lastAt !== rows[0]?.at;
  // Those of one moment stand together: the last moment may have more of them.
  const whole = isCut ? rows.filter(({ at }) => at < lastAt) : rows;
  const to = isCut ? lastAt : stretch.to;
  return { revisions: pieces(whole).map((piece, index, all) => revisionOf(stretch, piece, index, all, to)), next: isCut ? lastAt : null };
}

// A line has one resolution, and is no longer than it may be.
function pieces(rows: readonly Row[]): Row[][] {
  const made: Row[][] = [[]];
  for (const row of rows) {
    const piece = made.at(-1) as Row[];
    const before = piece.at(-1);
    const ends = before !== undefined && before.at !== row.at && (piece.length >= OF_A_LINE || before.resolution !== row.resolution);
    if (ends) made.push([row]);
    else piece.push(row);
  }
  return made;
}

function revisionOf(
  { object, check, from }: Stretch,
  piece: readonly Row[],
  index: number,
  all: readonly (readonly Row[])[],
  to: number | null,
): RevisionPayload {
  return {
    object,
    check,
    resolutionMs: piece.at(-1)?.resolution ?? 0,
    from: index === 0 ? from : (piece[0]?.at ?? from),
    to: all[index + 1]?.[0]?.at ?? to,
    transitions: piece.map((row) => {
      const { edge, ...change } = transitionOf(row);
      return { ...change, ...edge };
    }),
  };
}
