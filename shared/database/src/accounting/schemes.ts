import type { Queryable } from '../pool.ts';
import { ALWAYS } from './calendars.ts';

/** What accounts are kept of: the days of a time zone and the counted time of a calendar. Numbers are of `accounting_schemes`. */
export interface Scheme {
  readonly timeZone: string;
  readonly calendar: string;
  readonly experienced: number;
  readonly responsible: number;
  /** Epoch ms: every day up to here has been accounted, of what could be. A hint: what is there is told by the rows. */
  readonly accountedUntil: number;
}

interface Row {
  readonly timeZone: string;
  readonly calendar: string;
  readonly experienced: number;
  readonly responsible: number;
  readonly accountedUntil: number;
  readonly [column: string]: unknown;
}

const SCHEMES = `SELECT e.time_zone AS "timeZone", e.calendar, e.scheme AS experienced, r.scheme AS responsible, e.accounted_until AS "accountedUntil"
  FROM accounting_schemes e JOIN accounting_schemes r USING (time_zone, calendar)
  WHERE e.basis = 'experienced' AND r.basis = 'responsible'`;

/**
 * The scheme whose rows may be summed for a time zone and calendar; undefined when none is kept. All time counts alike in every
 * zone: the days of another one will do, edges are computed.
 */
export async function findScheme(db: Queryable, timeZone: string, calendar: string): Promise<Scheme | undefined> {
  const { rows } = await db.query<Row>(
    `${SCHEMES} AND e.calendar = $2 AND (e.time_zone = $1 OR $3) ORDER BY e.time_zone <> $1, e.scheme LIMIT 1`,
    [timeZone, calendar, calendar === ALWAYS],
  );
  return rows[0];
}

/** The scheme, made when it is not there yet. */
export async function ensureScheme(db: Queryable, timeZone: string, calendar: string): Promise<Scheme> {
  await db.query(
    `INSERT INTO accounting_schemes (time_zone, calendar, basis)
     SELECT $1, $2, basis FROM unnest(ARRAY['experienced', 'responsible']) AS basis
     WHERE NOT EXISTS (SELECT FROM accounting_schemes s WHERE s.time_zone = $1 AND s.calendar = $2 AND s.basis = basis)
     ON CONFLICT DO NOTHING`,
    [timeZone, calendar],
  );
  const { rows } = await db.query<Row>(`${SCHEMES} AND e.calendar = $2 AND e.time_zone = $1`, [timeZone, calendar]);
  if (rows[0] === undefined) throw new Error(`the accounting scheme of ${timeZone}, ${calendar} could not be made`);
  return rows[0];
}

/** Says up to when the days of a scheme have been gone through. */
export async function markAccounted(db: Queryable, scheme: Scheme, until: number): Promise<void> {
  await db.query('UPDATE accounting_schemes SET accounted_until = $2 WHERE scheme = $1 AND accounted_until <> $2', [
    scheme.experienced,
    until,
  ]);
}
