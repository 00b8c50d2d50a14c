import type { DuckDBConnection } from '@duckdb/node-api';
import { SAMPLES, type Samples } from '../rows.ts';
import { freshTable, quote } from './schema.ts';
import type { DayFile } from './stored-file.ts';
import { inTransaction } from './transaction.ts';

/** Rows sorted in one go: keeps the sort within the memory that DuckDB is given. */
const SORTED_AT_ONCE = 2_000_000;

/**
 * Puts the rows of an hour that is over in the order (check, at) behind those of the hours before, so that one check's day is in
 * few of the row groups and columns of like values lie together. Late rows of an hour go the same way once more;
 * `late` says that the day's roll-up has begun, so that their checks must be noted and rolled up again.
 */
export async function sealHour(
  connection: DuckDBConnection,
  file: DayFile,
  samples: Samples,
  hour: number,
  exclusive: (commit: () => Promise<void>) => Promise<void>,
  late: boolean,
): Promise<void> {
  const fresh = `${file.alias}.${freshTable(samples, hour)}`;
  const sealed = `${file.alias}.${samples}`;
  await inTransaction(
    connection,
    async () => {
      for (const where of await slices(connection, fresh)) {
        await connection.run(`INSERT INTO ${sealed} SELECT * FROM ${fresh} ${where} ORDER BY check_key, at_ms`);
      }
      if (late) {
        await connection.run(`INSERT INTO ${file.alias}.touched SELECT DISTINCT ${quote(samples)}, check_key FROM ${fresh}`);
      }
      await connection.run(`DROP TABLE ${fresh}`);
    },
    // Readers name the tables they read: none may be between naming and reading when a table goes.
    () =>
      exclusive(async () => {
        await connection.run('COMMIT');
        file.fresh[samples].delete(hour);
        if (late) file.touched = true;
      }),
  );
}

/** Ranges of checks that hold about `SORTED_AT_ONCE` rows each, as WHERE clauses. */
async function slices(connection: DuckDBConnection, table: string): Promise<string[]> {
  const [[count] = [0]] = await (await connection.run(`SELECT count(*)::DOUBLE FROM ${table}`)).getRows();
  if (Number(count) <= SORTED_AT_ONCE) return [''];
  const counts = await (await connection.run(`SELECT check_key, count(*)::DOUBLE FROM ${table} GROUP BY ALL ORDER BY 1`)).getRows();
  const clauses: string[] = [];
  let first = 0;
  let rows = 0;
  for (const [check, checkRows] of counts) {
    rows += Number(checkRows);
    if (rows < SORTED_AT_ONCE) continue;
    clauses.push(`WHERE check_key BETWEEN ${first} AND ${Number(check)}`);
    first = Number(check) + 1;
    rows = 0;
  }
  return [...clauses, `WHERE check_key >= ${first}`];
}

/** The hours of a day whose rows wait to be put in order and are over since `graceMs`. */
export function hoursOver(file: DayFile, now: number, graceMs: number): { samples: Samples; hour: number }[] {
  return SAMPLES.flatMap((samples) =>
    [...file.fresh[samples]]
      .filter((hour) => file.day + (hour + 1) * 3_600_000 + graceMs <= now)
      .sort((a, b) => a - b)
      .map((hour) => ({ samples, hour })),
  );
}
