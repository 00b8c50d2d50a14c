import type { Queryable } from '../pool.ts';
import { type Judged, observedUntil } from './judged.ts';
import type { AccountedMonth } from './months.ts';
import { bitsOf } from './months.ts';
import type { Scheme } from './schemes.ts';

interface Row {
  readonly id: string;
  readonly days: number;
  readonly pinged: boolean;
  readonly leans: boolean;
  readonly since: number;
  readonly [column: string]: unknown;
}

/**
 * Objects in commission in a month of which some day that ends by `until` could be accounted and is not, by id; of `members` only, where
 * they are given.
 */
export async function readUnaccounted(
  db: Queryable,
  scheme: Scheme,
  month: AccountedMonth,
  until: number,
  judged: Judged,
  members: readonly string[] | null = null,
): Promise<string[]> {
  const due = month.days.filter((day) => day.to <= until);
  const [first, last] = [due[0], due.at(-1)];
  if (first === undefined || last === undefined) return [];
  // Of an object that came or went within the month only the days it was there are due.
  const { rows } = await db.query<Row>(
    `SELECT i.id, min(coalesce(m.days, 0)) AS days, bool_and(i.pinged) AS pinged, bool_or(i.leans) AS leans, coalesce(min(c.since), 0) AS since
     FROM inventory i LEFT JOIN object_keys k ON k.id = i.id LEFT JOIN current_states c ON c.subject = i.id
       LEFT JOIN accounting_months m ON m.scheme = $1 AND m.month = $2 AND m.object = k.key AND m.calendar_hash = $3
     WHERE i.entity = 'object' AND i.superseded_at IS NULL AND i.valid_from < $5 AND (i.valid_to IS NULL OR i.valid_to > $4)
       AND ($6::text[] IS NULL OR i.id = ANY ($6))
       AND (m.days IS NULL OR (m.days & $7::int) <> CASE WHEN i.valid_from <= $4 AND (i.valid_to IS NULL OR i.valid_to >= $5) THEN $7::int
         ELSE m.days & $7::int | (SELECT coalesce(bit_or(d.bit), 0) FROM unnest($8::int[], $9::bigint[], $10::bigint[]) AS d (bit, starts, ends)
           WHERE d.ends > i.valid_from AND (i.valid_to IS NULL OR d.starts < i.valid_to)) END)
     GROUP BY i.id ORDER BY i.id`,
    [
      scheme.experienced,
      month.month,
      month.hash,
      first.from,
      last.to,
      members,
      bitsOf(due, () => true),
      due.map((day) => 1 << day.bit),
      due.map((day) => day.from),
      due.map((day) => day.to),
    ],
  );
  const ready = ({ id, days, pinged, leans, since }: Row) => {
    const elsewhere = observedUntil(judged, id, { pinged, leans });
    if (elsewhere === null && leans) return true;
    const missing = due.find((day) => (days & (1 << day.bit)) === 0);
    return missing !== undefined && (elsewhere ?? Math.max(since, judged.untilFor(id, pinged))) >= missing.to;
  };
  return rows.filter(ready).map((row) => row.id);
}
