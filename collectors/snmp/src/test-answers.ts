import { ColumnBuffer } from './column-buffer.ts';
import { initialModes, type PollColumns, pollColumns } from './columns.ts';
import { Reading } from './reading.ts';
import { TAG } from './wire/port.ts';

/** A cell as a test gives it: a tag, low and high halves. */
export type TestCell = readonly [tag: number, low: number, high?: number];
/** Column → ifIndex → cell. */
export type TestTable = Readonly<Record<number, Readonly<Record<number, TestCell>>>>;

export const COLUMNS: PollColumns = pollColumns(initialModes('2c'), false);

/** A reading of one answer, sent at 100 and received at 110 (monotonic ms), with sysUpTime 5000. */
export function readingOf(table: TestTable, columns = COLUMNS, uptime: number | null = 5_000): Reading {
  const buffers = columns.oids.map((_, column) => {
    const buffer = new ColumnBuffer();
    for (const [index, [tag, low, high = 0]] of Object.entries(table[column] ?? {})) {
      const at = buffer.count++;
      buffer.index[at] = Number(index);
      buffer.tags[at] = tag;
      buffer.low[at] = low;
      buffer.high[at] = high;
    }
    return buffer;
  });
  return new Reading(columns, buffers, [{ sentAt: 100, receivedAt: 110, uptime }]);
}

/** ifAdminStatus and ifOperStatus up(1) for these rows. */
export function upRows(...indexes: number[]): TestTable {
  const up = Object.fromEntries(indexes.map((index) => [index, [TAG.integer, 1] as const]));
  return { 0: up, 1: up };
}
