import type { DuckDBConnection } from '@duckdb/node-api';
import { DAY, HOUR } from '../resolution.ts';
import { type Columns, keysOf, SAMPLES, type Samples, takeRows } from '../rows.ts';
import { ChunkWriter } from './bulk.ts';
import type { Files } from './files.ts';
import { Marks } from './marks.ts';
import { freshTable, hourOf, rawColumns } from './schema.ts';
import { compareIds, type DayFile } from './stored-file.ts';
import { inTransaction } from './transaction.ts';

/** Rows of one kind that belong into one hour of one day. */
interface Part {
  readonly samples: Samples;
  readonly hour: number;
  readonly rows: Columns;
}

/** What became of a batch. */
export interface Written {
  readonly stored: number;
  /** Rows outside the time that is kept (or from a clock far ahead). */
  readonly refused: number;
}

/** The period of which rows are taken. */
interface Kept {
  readonly since: number;
  readonly until: number;
}

/**
 * Writes batches. A row is stored once: one later than every row of its check is surely new, any other is looked for first.
 * A transaction of DuckDB writes one file, so a batch of several days is several transactions; the last of them carries the
 * offsets, and what a crash between them leaves behind is found and left out when the batch comes again.
 */
export class Writing {
  readonly #files: Files;
  readonly #connection: DuckDBConnection;
  readonly #writers: Record<Samples, ChunkWriter> = { interfaces: new ChunkWriter('interfaces'), icmp: new ChunkWriter('icmp') };
  #staged = false;

  constructor(files: Files, connection: DuckDBConnection) {
    this.#files = files;
    this.#connection = connection;
  }

  async write(lots: readonly Columns[], offsets: ReadonlyMap<number, string>, kept: Kept, today: number): Promise<Written> {
    const { days, refused } = split(lots, kept);
    const order = [...days.keys()].sort((a, b) => a - b);
    if (order.length === 0 && offsets.size > 0) order.push(today);
    let stored = 0;
    for (const [index, day] of order.entries()) {
      const file = await this.#files.dayFile(day);
      stored += await this.#commit(file, days.get(day) ?? [], index === order.length - 1 ? offsets : new Map());
    }
    this.#forgetMarks(order);
    return { stored, refused };
  }

  async #commit(file: DayFile, parts: readonly Part[], offsets: ReadonlyMap<number, string>): Promise<number> {
    // A day's file must know how far all partitions are, also after the files before it are gone.
    const ids = new Map(this.#files.offsets);
    for (const [partition, id] of offsets) if (compareIds(id, ids.get(partition) ?? '0-0') > 0) ids.set(partition, id);
    const work = async () => {
      let count = 0;
      const sifted: (Part & Sifted)[] = [];
      for (const part of parts) sifted.push({ ...part, ...sift(part.rows, await this.#marks(file, part.samples)) });
      for (const { samples, hour, sure, doubtful } of sifted) {
        const table = freshTable(samples, hour);
        if (!file.fresh[samples].has(hour))
          await this.#connection.run(`CREATE TABLE IF NOT EXISTS ${file.alias}.${table} (${rawColumns(samples)})`);
        if (sure.count > 0) await this.#append(file.alias, table, sure);
        count += sure.count;
        if (doubtful.count > 0) count += await this.#appendMissing(file, hour, doubtful);
      }
      if (offsets.size > 0) {
        await this.#connection.run(`UPDATE ${file.alias}.offsets SET ids = $1`, [JSON.stringify(Object.fromEntries(ids))]);
      }
      return count;
    };
    const stored = await inTransaction(this.#connection, work).catch((error: unknown) => {
      // They tell of rows that are not stored now: they are read again.
      forgetMarks(file);
      throw error;
    });
    for (const { samples, hour } of parts) file.fresh[samples].add(hour);
    if (offsets.size > 0) for (const [partition, id] of ids) this.#files.offsets.set(partition, id);
    return stored;
  }

  async #append(catalog: string, table: string, rows: Columns): Promise<void> {
    const appender = await this.#connection.createAppender(table, 'main', catalog);
    try {
      this.#writers[rows.samples].append(appender, rows);
      appender.flushSync();
    } finally {
      appender.closeSync();
    }
  }

  /** Rows that may be there already: those that are not, each once. */
  async #appendMissing(file: DayFile, hour: number, rows: Columns): Promise<number> {
    const { samples } = rows;
    if (!this.#staged) {
      for (const kind of SAMPLES) await this.#connection.run(`CREATE TEMP TABLE IF NOT EXISTS staged_${kind} (${rawColumns(kind)})`);
      this.#staged = true;
    }
    const start = file.day + hour * HOUR;
    const fresh = `${file.alias}.${freshTable(samples, hour)}`;
    const stage = `temp.staged_${samples}`;
    await this.#connection.run(`DELETE FROM ${stage}`);
    await this.#append('temp', `staged_${samples}`, rows);
    const there = [
      `SELECT check_key, at_ms FROM ${fresh}`,
      `SELECT check_key, at_ms FROM ${file.alias}.${samples} WHERE at_ms >= ${start} AND at_ms < ${start + HOUR}`,
    ].join(' UNION ALL ');
    // No window here that would leave one of several alike: DuckDB 1.5 makes a join of that which fails in itself.
    const result = await this.#connection.run(
      `INSERT INTO ${fresh} SELECT new.* FROM ${stage} AS new ANTI JOIN (${there}) AS old USING (check_key, at_ms)`,
    );
    return result.rowsChanged;
  }

  async #marks(file: DayFile, samples: Samples): Promise<Marks> {
    const known = file.marks[samples];
    if (known !== undefined) return known;
    const tables = [samples, ...[...file.fresh[samples]].map((hour) => freshTable(samples, hour))];
    const union = tables.map((table) => `SELECT check_key, at_ms FROM ${file.alias}.${table}`).join(' UNION ALL ');
    const result = await this.#connection.run(`SELECT check_key::DOUBLE, max(at_ms)::DOUBLE FROM (${union}) GROUP BY ALL`);
    const marks = new Marks();
    for (const [check, at] of await result.getRows()) marks.set(Number(check), Number(at));
    file.marks[samples] = marks;
    return marks;
  }

  /** Marks of days nobody writes to at present are memory for nothing. */
  #forgetMarks(written: readonly number[]): void {
    const newest = Math.max(...this.#files.days.keys());
    for (const file of this.#files.days.values()) {
      if (file.day >= newest - DAY || written.includes(file.day)) continue;
      forgetMarks(file);
    }
  }
}

function forgetMarks(file: DayFile): void {
  delete file.marks.interfaces;
  delete file.marks.icmp;
}

/** The rows by day and hour; what lies outside the time that is kept is counted and left out. */
function split(lots: readonly Columns[], { since, until }: Kept): { days: Map<number, Part[]>; refused: number } {
  const days = new Map<number, Part[]>();
  let refused = 0;
  for (const rows of lots) {
    const hours = new Map<number, number[]>();
    const { at } = keysOf(rows);
    let last = Number.NaN;
    let indices: number[] = [];
    for (let i = 0; i < rows.count; i++) {
      const time = at[i] ?? Number.NaN;
      if (!(time >= since && time < until)) {
        refused++;
        continue;
      }
      const hour = Math.floor(time / HOUR) * HOUR;
      if (hour !== last) {
        indices = hours.get(hour) ?? [];
        hours.set(hour, indices);
        last = hour;
      }
      indices.push(i);
    }
    for (const [start, rowsOfHour] of hours) {
      const day = Math.floor(start / DAY) * DAY;
      const part = { samples: rows.samples, hour: hourOf(start), rows: takeRows(rows, rowsOfHour) };
      days.set(day, [...(days.get(day) ?? []), part]);
    }
  }
  return { days, refused };
}

/** Rows that are surely new, and those that may be stored already. */
interface Sifted {
  readonly sure: Columns;
  readonly doubtful: Columns;
}

/**
 * Moves the marks on at once, so that a row that comes twice in one batch is doubtful the second time. Of several doubtful rows of
 * one check and moment the first is kept.
 */
function sift(rows: Columns, marks: Marks): Sifted {
  const { check, at } = keysOf(rows);
  const sure: number[] = [];
  const doubtful: number[] = [];
  const doubted = new Set<string>();
  for (let i = 0; i < rows.count; i++) {
    const key = check[i] ?? 0;
    const time = at[i] ?? 0;
    if (time > marks.get(key)) {
      marks.set(key, time);
      sure.push(i);
      continue;
    }
    const row = `${key} ${time}`;
    if (doubted.has(row)) continue;
    doubted.add(row);
    doubtful.push(i);
  }
  return { sure: takeRows(rows, sure), doubtful: takeRows(rows, doubtful) };
}
