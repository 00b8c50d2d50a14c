import type { DuckDBConnection } from '@duckdb/node-api';

/** Runs `work` in a transaction: all of it is stored, or nothing. */
export async function inTransaction<T>(connection: DuckDBConnection, work: () => Promise<T>, commit?: () => Promise<void>): Promise<T> {
  await connection.run('BEGIN');
  try {
    const result = await work();
    if (commit) await commit();
    else await connection.run('COMMIT');
    return result;
  } catch (error) {
    // After some faults DuckDB has rolled back by itself; then this says so, and the first fault is the one that counts.
    await connection.run('ROLLBACK').catch(() => undefined);
    throw error;
  }
}
