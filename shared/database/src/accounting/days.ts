import type { Account, LocalDay } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';

interface SumRow {
  object_id: string;
  days: number;
  [column: string]: unknown;
}

// [column, field] of every figure of an account, in one place for reading, summing and writing.
const COLUMNS: readonly (readonly [string, keyof Account])[] = [
  ['total_ms', 'totalMs'],
  ['up_ms', 'upMs'],
  ['down_ms', 'downMs'],
  ['unknown_ms', 'unknownMs'],
  ['excluded_ms', 'excludedMs'],
  ['degraded_ms', 'degradedMs'],
  ['down_least_ms', 'downLeastMs'],
  ['down_most_ms', 'downMostMs'],
  ['up_with_maintenance_ms', 'upWithMaintenanceMs'],
  ['down_with_maintenance_ms', 'downWithMaintenanceMs'],
];

/** The sum of the daily accounts of each object from the first to the last day given, and how many days it holds. */
export async function sumDailyAccounts(
  db: Queryable,
  objects: readonly string[],
  days: readonly LocalDay[],
  timeZone: string,
): Promise<Map<string, { days: number; account: Account }>> {
  const [first, last] = [days[0], days[days.length - 1]];
  if (!first || !last) return new Map();
  const sums = COLUMNS.map(([column]) => `sum(${column})::bigint AS ${column}`).join(', ');
  const result = await db.query<SumRow>(
    `SELECT object_id, count(*) AS days, ${sums} FROM daily_accounting
     WHERE object_id = ANY ($1) AND time_zone = $2 AND day BETWEEN $3::date AND $4::date GROUP BY object_id`,
    [objects, timeZone, first.day, last.day],
  );
  return new Map(
    result.rows.map((row) => [
      row.object_id,
      { days: row.days, account: Object.fromEntries(COLUMNS.map(([column, field]) => [field, Number(row[column])])) as unknown as Account },
    ]),
  );
}

/** Writes the accounts of one day; a row that is there already stays. */
export async function writeDailyAccounts(
  db: Queryable,
  day: string,
  timeZone: string,
  accounts: ReadonlyMap<string, Account>,
  computedAt: number,
): Promise<void> {
  if (accounts.size === 0) return;
  const values = [...accounts.values()];
  const arrays = COLUMNS.map((_, index) => `$${index + 5}::int[]`).join(', ');
  const names = COLUMNS.map(([column]) => column).join(', ');
  await db.query(
    `INSERT INTO daily_accounting (object_id, day, time_zone, computed_at, ${names})
     SELECT object_id, $2::date, $3, $4, ${names} FROM unnest($1::text[], ${arrays}) AS a (object_id, ${names})
     ON CONFLICT (object_id, day, time_zone) DO NOTHING`,
    [[...accounts.keys()], day, timeZone, computedAt, ...COLUMNS.map(([, field]) => values.map((account) => account[field]))],
  );
}

/** Objects in commission at some time of the day whose account of it is not there. */
export async function readUnaccounted(db: Queryable, day: LocalDay, timeZone: string): Promise<string[]> {
  const result = await db.query<{ id: string }>(
    `SELECT DISTINCT id FROM inventory
     WHERE entity = 'object' AND superseded_at IS NULL AND valid_from < $2 AND (valid_to IS NULL OR valid_to > $1)
       AND NOT EXISTS (SELECT 1 FROM daily_accounting a WHERE a.object_id = inventory.id AND a.day = $3::date AND a.time_zone = $4)
     ORDER BY id`,
    [day.from, day.to, day.day, timeZone],
  );
  return result.rows.map((row) => row.id);
}
