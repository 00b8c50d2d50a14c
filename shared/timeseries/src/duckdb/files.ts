import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { ROLLUPS, type Rollup } from '../resolution.ts';
import { SAMPLES } from '../rows.ts';
import type { DuckDbConfig } from './config.ts';
import { DAY_SCHEMA, dayName, FORMAT, FORMAT_VERSION, monthName, quote, rollupSchema } from './schema.ts';
import { compareIds, type DayFile, messageOf, type RollupFile, type StoreFile } from './stored-file.ts';

/** How the files tell of what they meet; `fault` is for a person. */
export interface FileEvents {
  readonly setAside: (file: string, to: string, fault: string) => void;
}

const PREFIX: Readonly<Record<Rollup['source'], string>> = { '5m': 'five-minutes', '1h': 'hours' };
const DAY_FILE = /^samples-(\d{4}-\d{2}-\d{2})\.duckdb$/;
const ROLLUP_FILE = /^(five-minutes|hours)-(\d{4}-\d{2})\.duckdb$/;
/** Faults of the machine, not of the file: such a file is left as it is. */
const NOT_THE_FILE = /lock on file|permission denied|too many open files|no space left|disk quota|out of memory|read-only file system/i;

/** Every file of the store, attached to one instance of DuckDB in memory. */
export class Files {
  readonly #config: DuckDbConfig;
  readonly #events: FileEvents;
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly days = new Map<number, DayFile>();
  readonly rollups = new Map<string, RollupFile>();
  /** Partition → stream id: the furthest of all files. */
  readonly offsets = new Map<number, string>();

  private constructor(config: DuckDbConfig, events: FileEvents, instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#config = config;
    this.#events = events;
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(config: DuckDbConfig, events: FileEvents): Promise<Files> {
    const spill = join(config.directory, 'spill');
    mkdirSync(config.directory, { recursive: true, mode: 0o750 });
    rmSync(spill, { recursive: true, force: true });
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(config.threads),
      memory_limit: `${config.memoryLimitMb}MB`,
      temp_directory: spill,
      // The log of an hour of 10,000 interfaces: rows are then written to the file once, in order.
      wal_autocheckpoint: '128MB',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    try {
      const files = new Files(config, events, instance, await instance.connect());
      await files.#attachAll();
      return files;
    } catch (error) {
      instance.closeSync();
      throw error;
    }
  }

  connect(): Promise<DuckDBConnection> {
    return this.#instance.connect();
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }

  /** The file of a day; made when there is none yet. */
  async dayFile(day: number): Promise<DayFile> {
    const found = this.days.get(day);
    if (found !== undefined) return found;
    const file = await this.#attachDay(day);
    if (file === null) throw new Error(`the file of ${dayName(day)} could not be made`);
    return file;
  }

  async rollupFile(rollup: Rollup, at: number): Promise<RollupFile> {
    const month = monthName(at);
    const found = this.rollups.get(`${rollup.source} ${month}`);
    if (found !== undefined) return found;
    const file = await this.#attachRollup(rollup, month);
    if (file === null) throw new Error(`the file of roll-ups of ${month} could not be made`);
    return file;
  }

  /** Takes a file whose contents turned out to be damaged out of the store, and keeps it under another name. */
  async setAside(file: StoreFile, fault: string): Promise<void> {
    await this.#let(file);
    this.#setAside(file.path, fault);
  }

  async remove(file: StoreFile): Promise<void> {
    await this.#let(file);
    // The log first: a log without its file is nothing, a file without its log is an older file.
    rmSync(`${file.path}.wal`, { force: true });
    rmSync(file.path, { force: true });
  }

  async #let(file: StoreFile): Promise<void> {
    if ('day' in file) this.days.delete(file.day);
    else this.rollups.delete(`${file.rollup.source} ${file.month}`);
    await this.#connection.run(`DETACH ${file.alias}`);
  }

  /** Bytes of everything that is attached. */
  bytes(): number {
    return [...this.days.values(), ...this.rollups.values()].reduce((sum, { path }) => sum + sizeOf(path) + sizeOf(`${path}.wal`), 0);
  }

  async #attachAll(): Promise<void> {
    for (const name of readdirSync(this.#config.directory).sort()) {
      const day = DAY_FILE.exec(name)?.[1];
      const [, prefix, month] = ROLLUP_FILE.exec(name) ?? [];
      if (day !== undefined) await this.#attachDay(Date.parse(day));
      const rollup = ROLLUPS.find(({ source }) => PREFIX[source] === prefix);
      if (rollup !== undefined && month !== undefined) await this.#attachRollup(rollup, month);
      if (name.endsWith('.duckdb.wal') && !existsSync(join(this.#config.directory, name.slice(0, -4)))) {
        rmSync(join(this.#config.directory, name), { force: true });
      }
    }
  }

  async #attachDay(day: number): Promise<DayFile | null> {
    const path = join(this.#config.directory, `samples-${dayName(day)}.duckdb`);
    const alias = `d${dayName(day).replaceAll('-', '')}`;
    return this.#attach(alias, path, 'day', DAY_SCHEMA, async (tables) => {
      const fresh = { interfaces: new Set<number>(), icmp: new Set<number>() };
      for (const samples of SAMPLES) {
        for (const table of tables) if (table.startsWith(`${samples}_`)) fresh[samples].add(Number(table.slice(samples.length + 1)));
      }
      const touched = (await this.#values(`SELECT count(*)::INTEGER FROM ${alias}.touched`))[0]?.[0] !== 0;
      await this.#readOffsets(alias);
      const file: DayFile = { alias, path, day, fresh, marks: {}, touched };
      this.days.set(day, file);
      return file;
    });
  }

  async #attachRollup(rollup: Rollup, month: string): Promise<RollupFile | null> {
    const path = join(this.#config.directory, `${PREFIX[rollup.source]}-${month}.duckdb`);
    const alias = `r${rollup.source}_${month.replace('-', '')}`;
    return this.#attach(alias, path, rollup.source, rollupSchema(rollup), async () => {
      const rows = await this.#values(`SELECT samples, day::DOUBLE, next::DOUBLE FROM ${alias}.progress`);
      const progress = new Map(rows.map(([samples, day, next]) => [`${samples} ${day}`, next === null ? null : Number(next)]));
      const file: RollupFile = { alias, path, month, rollup, progress };
      this.rollups.set(`${rollup.source} ${month}`, file);
      return file;
    });
  }

  /** Attaches a file, makes its tables when it has none, and checks that it is ours; one that cannot be read is set aside. */
  async #attach<T>(
    alias: string,
    path: string,
    kind: string,
    schema: readonly string[],
    read: (tables: string[]) => Promise<T>,
  ): Promise<T | null> {
    try {
      await this.#attachOrLeaveLog(alias, path);
      let tables = await this.#tables(alias);
      if (tables.length === 0) {
        await this.#makeSchema(alias, schema);
        tables = await this.#tables(alias);
      }
      const [[format, version, found] = []] = tables.includes('about') ? await this.#values(`FROM ${alias}.about`) : [];
      if (format !== FORMAT || version !== FORMAT_VERSION || found !== kind) throw new Error('it is a database, but not one of this store');
      return await read(tables);
    } catch (error) {
      const fault = messageOf(error);
      await this.#connection.run(`DETACH DATABASE IF EXISTS ${alias}`).catch(() => undefined);
      if (NOT_THE_FILE.test(fault)) throw new Error(`the sample store cannot open ${path}: ${fault}`, { cause: error });
      this.#setAside(path, fault);
      return null;
    }
  }

  /** A log that cannot be replayed is set aside alone: the file then holds what it held at its last checkpoint. */
  async #attachOrLeaveLog(alias: string, path: string): Promise<void> {
    const attach = `ATTACH ${quote(path)} AS ${alias} (TYPE duckdb)`;
    try {
      await this.#connection.run(attach);
    } catch (error) {
      const fault = messageOf(error);
      if (!/\bWAL\b|write.ahead/i.test(fault) || NOT_THE_FILE.test(fault) || !existsSync(`${path}.wal`)) throw error;
      await this.#connection.run(`DETACH DATABASE IF EXISTS ${alias}`).catch(() => undefined);
      this.#move(`${path}.wal`, fault);
      await this.#connection.run(attach);
    }
  }

  async #makeSchema(alias: string, schema: readonly string[]): Promise<void> {
    const connection = await this.connect();
    try {
      await connection.run('BEGIN');
      await connection.run(`USE ${alias}`);
      for (const statement of schema) await connection.run(statement);
      await connection.run('COMMIT');
    } finally {
      connection.closeSync();
    }
  }

  #setAside(path: string, fault: string): void {
    this.#move(path, fault);
    if (existsSync(`${path}.wal`)) this.#move(`${path}.wal`, fault);
  }

  #move(path: string, fault: string): void {
    const to = `${path}.unreadable-${Date.now()}`;
    renameSync(path, to);
    this.#events.setAside(path, to, fault);
  }

  async #readOffsets(alias: string): Promise<void> {
    for (const [text] of await this.#values(`SELECT ids FROM ${alias}.offsets`)) {
      for (const [partition, id] of Object.entries(JSON.parse(String(text)) as Record<string, string>)) {
        const known = this.offsets.get(Number(partition));
        if (known === undefined || compareIds(id, known) > 0) this.offsets.set(Number(partition), id);
      }
    }
  }

  async #tables(alias: string): Promise<string[]> {
    const rows = await this.#values(`SELECT table_name FROM duckdb_tables() WHERE database_name = ${quote(alias)}`);
    return rows.map(([name]) => String(name));
  }

  async #values(sql: string): Promise<unknown[][]> {
    return (await this.#connection.run(sql)).getRows();
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
