import type { Database, Queryable } from '../pool.ts';

/**
 * Runs readers on one state of the record, so that what is read in several steps fits together. A transaction is used as it is: who
 * reads within one decides on its isolation.
 */
export async function inSnapshot<T>(db: Queryable, read: (tx: Queryable) => Promise<T>): Promise<T> {
  if (!isDatabase(db)) return read(db);
  return db.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    // Sums over a few hundred thousand rows: compiling them takes longer than they do, and they should not go to disk.
    await tx.query("SELECT set_config('jit', 'off', true), set_config('work_mem', '128MB', true)");
    return read(tx);
  });
}

function isDatabase(db: Queryable): db is Database {
  return 'transaction' in db;
}
