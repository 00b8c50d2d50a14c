/** Holds what nodes below say their days were against the figures here: a difference is a finding, never corrected silently. */
import type { RollupPayload } from '@beacontower/contracts';
import { addDays, startOfLocalDate } from '@beacontower/domain';
import type { Database, Queryable } from '../pool.ts';
import { readRollups } from './rollups.ts';

/** A day of a node of which not all was compared. */
export interface UncomparedDay {
  readonly node: string;
  readonly date: string;
  readonly timeZone: string;
  readonly division: string;
  readonly [column: string]: unknown;
}

/** What was found of a day. */
export interface ComparedDay {
  readonly groups: number;
  /** Divisions and classes of which the figures here are others. */
  readonly differing: number;
}

/** A revision may be followed by the roll-up that it led to. */
const SETTLED_MS = 60_000;
const MOST_DAYS = 400;
/** The first to end a day, those of UTC+14, end it so long after its midnight UTC: days that no record reaches must not stand before others. */
const EARLIEST_END_MS = 10 * 3_600_000;

/** Days that can be compared: the record here reaches to their end, and nothing was said of them just now. Oldest word first. */
export async function readUncomparedDays(db: Queryable, now: number): Promise<UncomparedDay[]> {
  const { rows } = await db.query<UncomparedDay & { readonly until: number }>(
    `SELECT r.node, r.date, min(r.body ->> 'timeZone') AS "timeZone", n.division, least(n.observed_all, n.observed_composed) AS until
     FROM federation_rollups r JOIN federation_nodes n ON n.node = r.node
     WHERE n.behind_until IS NULL AND n.removed_at IS NULL
       AND least(n.observed_all, n.observed_composed) >= extract(epoch FROM r.date)::bigint * 1000 + $3
     GROUP BY r.node, r.date, n.division, n.observed_all, n.observed_composed
     HAVING bool_or(r.compared_at IS NULL) AND max(r.received_at) < $1
     ORDER BY min(r.received_at) LIMIT $2`,
    [now - SETTLED_MS, MOST_DAYS, EARLIEST_END_MS],
  );
  return rows.filter(({ date, timeZone, until }) => until >= startOfLocalDate(addDays(date, 1), timeZone));
}

/** Compares a day, division by division and class by class. */
export async function compareDay(database: Database, day: UncomparedDay, now: number): Promise<ComparedDay> {
  const { node, date, timeZone, division } = day;
  return database.transaction(async (tx) => {
    // The word and the record of one moment.
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    const { rows } = await tx.query<{ division: string; class: string; body: RollupPayload }>(
      'SELECT division, class, body FROM federation_rollups WHERE node = $1 AND date = $2',
      [node, date],
    );
    const below = await tx.query<{ node: string }>('SELECT node FROM federation_nodes WHERE node = $1 OR via = $1', [node]);
    const own = await readRollups(tx, { date, timeZone, division, nodes: below.rows.map((each) => each.node), now });
    const here = new Map(own.map((sum) => [`${sum.division} ${sum.class}`, sum]));
    const differences = rows.map(({ body }) => differenceOf(body, here.get(`${body.division} ${body.class}`)));
    await tx.query(
      `UPDATE federation_rollups r SET compared_at = $3, difference = n.difference
       FROM unnest($4::text[], $5::text[], $6::jsonb[]) AS n (division, class, difference)
       WHERE r.node = $1 AND r.date = $2 AND r.division = n.division AND r.class = n.class`,
      [
        node,
        date,
        now,
        rows.map((row) => row.division),
        rows.map((row) => row.class),
        differences.map((difference) => (difference === null ? null : JSON.stringify(difference))),
      ],
    );
    return { groups: rows.length, differing: differences.filter((difference) => difference !== null).length };
  });
}

const FIELDS = ['objects', 'upMs', 'downMs', 'unknownMs', 'excludedMs', 'downLeastMs', 'downMostMs'] as const;

/** What the figures here are more than what was told, field by field; null: the same to the millisecond. */
export function differenceOf(told: RollupPayload, here: RollupPayload | undefined): Record<string, number> | null {
  const more = FIELDS.flatMap((field) => {
    const difference = (here?.[field] ?? 0) - told[field];
    return difference === 0 ? [] : [[field, difference] as const];
  });
  return more.length === 0 ? null : Object.fromEntries(more);
}
