import { rmSync } from 'node:fs';
import type { ExportOrder } from '@beacontower/contracts';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Columns } from '../rows.ts';
import { ChunkWriter } from './bulk.ts';
import { copyStatement } from './copying.ts';
import { rawColumns } from './schema.ts';

/** Writes rows of any store into a Parquet or CSV file by way of a database beside it, so that memory stays bounded. */
export async function copyFromRows(lots: AsyncIterable<Columns>, order: ExportOrder): Promise<number> {
  const path = `${order.file}.duckdb`;
  const instance = await DuckDBInstance.create(path, { threads: '1', memory_limit: '256MB' });
  try {
    const connection = await instance.connect();
    await connection.run(`CREATE TABLE collected (${rawColumns(order.samples)})`);
    const writer = new ChunkWriter(order.samples);
    for await (const rows of lots) {
      const appender = await connection.createAppender('collected');
      writer.append(appender, rows);
      appender.closeSync();
    }
    const { rowsChanged } = await connection.run(copyStatement(['collected'], order));
    connection.closeSync();
    return rowsChanged;
  } finally {
    instance.closeSync();
    for (const file of [path, `${path}.wal`]) rmSync(file, { force: true });
  }
}
