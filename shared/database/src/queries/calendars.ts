import { CalendarBody } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';

/** The calendars of today, by id. */
export async function listCalendars(db: Queryable): Promise<CalendarBody[]> {
  const result = await db.query<{ body: unknown }>(
    "SELECT body FROM inventory WHERE entity = 'calendar' AND superseded_at IS NULL AND valid_to IS NULL ORDER BY id",
  );
  return result.rows.map((row) => CalendarBody.parse(row.body));
}

/** Up to which date the holidays of each calendar are known, by id; null when it follows none. Their many dates are not read. */
export async function calendarsKnownUntil(db: Queryable): Promise<Map<string, string | null>> {
  const result = await db.query<{ id: string; knownUntil: string | null }>(
    `SELECT id, body ->> 'knownUntil' AS "knownUntil" FROM inventory WHERE entity = 'calendar' AND superseded_at IS NULL AND valid_to IS NULL`,
  );
  return new Map(result.rows.map((row) => [row.id, row.knownUntil]));
}
