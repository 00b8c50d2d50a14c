import { DuckDBInstance } from '@duckdb/node-api';

export const FIRST_CHECK = 1_001;
const DAY = 86_400_000;

/** Puts copies of a rolled-up day before it, as many days: a month of raw rows would take the benchmark an hour. */
export async function copyRolledDays(file: string, day: number, days: number): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  try {
    const connection = await instance.connect();
    const [[rows] = [0]] = await (await connection.run(`SELECT count(*)::INTEGER FROM interfaces WHERE at_ms >= ${day}`)).getRows();
    if (rows === 0) throw new Error('the day to copy is not rolled up');
    for (let back = 1; back <= days; back++) {
      const shift = back * DAY;
      await connection.run(
        `INSERT INTO interfaces SELECT * REPLACE (at_ms - ${shift} AS at_ms) FROM interfaces WHERE at_ms >= ${day} ORDER BY check_key, at_ms`,
      );
      await connection.run(`INSERT INTO progress VALUES (${day - shift}, 'interfaces', NULL), (${day - shift}, 'icmp', NULL)`);
    }
    connection.closeSync();
  } finally {
    instance.closeSync();
  }
}
