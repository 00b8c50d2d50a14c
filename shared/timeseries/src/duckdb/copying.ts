import type { ExportOrder } from '@beacontower/contracts';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { Files } from './files.ts';
import { rawTables, within } from './reading.ts';
import { asExported, quote } from './schema.ts';

/**
 * Copies raw rows into a file, as they were when it began. Naming the tables and touching them in a transaction fixes what is
 * seen, so that the long copy itself keeps nobody waiting. Rows come by hour, within an hour by check. Resolves with their number.
 */
export async function copyRows(
  connection: DuckDBConnection,
  order: ExportOrder,
  look: (snapshot: (files: Files) => Promise<string[]>) => Promise<string[]>,
): Promise<number> {
  await connection.run('BEGIN');
  try {
    const tables = await look(async (files) => {
      const found = [...files.days.values()]
        .sort((a, b) => a.day - b.day)
        .filter(({ day }) => day < order.to && day + 86_400_000 > order.from)
        .flatMap((file) => rawTables(file, order.samples, { from: Math.max(order.from, file.day), to: order.to }));
      for (const table of found) await connection.run(`SELECT 1 FROM ${table} LIMIT 1`);
      return found;
    });
    if (tables.length === 0) return 0;
    return (await connection.run(copyStatement(tables, order))).rowsChanged;
  } finally {
    await connection.run('ROLLBACK').catch(() => undefined);
  }
}

/** COPY of tables of raw rows to `order.file`. */
export function copyStatement(tables: readonly string[], order: ExportOrder): string {
  const columns = asExported(order.samples);
  const checks = order.checks === null ? '' : ` AND check_key IN (${order.checks.join(', ') || 'NULL'})`;
  const selects = tables.map((table) => `SELECT ${columns} FROM ${table} WHERE ${within(order)}${checks}`);
  const format = order.format === 'parquet' ? 'FORMAT parquet, COMPRESSION zstd' : 'FORMAT csv, HEADER';
  return `COPY (${named(selects.join(' UNION ALL '), order.objects)}) TO ${quote(order.file)} (${format})`;
}

/** The same rows with the object of each check beside its key; null where nobody knows it. */
function named(rows: string, objects: ExportOrder['objects']): string {
  if (objects === undefined) return rows;
  const names = Object.entries(objects).map(([check, object]) => `(${Number(check)}, ${quote(object)})`);
  const values = names.length === 0 ? "(0, '')" : names.join(', ');
  return `SELECT time, object, rows.* EXCLUDE (time) FROM (${rows}) AS rows
    LEFT JOIN (VALUES ${values}) AS names (key, object) ON names.key = rows."check"`;
}
