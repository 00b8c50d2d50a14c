import type { ExportOrder, SeriesAnswer, SeriesQuestion } from '@beacontower/contracts';
import type { DuckDBConnection } from '@duckdb/node-api';
import type { StoreState } from '../port.ts';
import { DAY, dayOf, MINUTE, rawSince, resolutionOf } from '../resolution.ts';
import { type PackedRows, type Samples, unpackRows } from '../rows.ts';
import type { DuckDbConfig } from './config.ts';
import { copyRows } from './copying.ts';
import { type FileEvents, Files } from './files.ts';
import { Lock } from './lock.ts';
import { nextSlice, type Period, readSeries, readSlice } from './reading.ts';
import { keptRollups, nextRollStep, roll, rollAgain } from './rolling.ts';
import { monthName, quote } from './schema.ts';
import { hoursOver, sealHour } from './sealing.ts';
import { DamagedFile, type DayFile, dayEnd, messageOf, monthEnd, type StoreFile, withFile } from './stored-file.ts';
import { Writing, type Written } from './writing.ts';

/** How long after its end an hour is put in order: rows come a little late as a rule. */
const SEAL_GRACE = 3 * MINUTE;
/** How long after its end a day is rolled up. */
const ROLL_GRACE = 10 * MINUTE;
/** A row this far ahead of the clock comes from a clock that is wrong. */
const AHEAD = DAY;
/** After so long a call of `maintain` begins nothing more, ms. */
const MAINTAIN_BUDGET = 2_000;
/** DuckDB answers nothing more after these; opened anew it recovers from its log. */
const FATAL = /FATAL|has been invalidated|INTERNAL Error/;

interface Open {
  readonly files: Files;
  readonly writing: Writing;
  readonly writer: DuckDBConnection;
  readonly reader: DuckDBConnection;
  readonly copier: DuckDBConnection;
}

/** The store itself. It lives in a thread of its own, since the appender of DuckDB blocks the thread that calls it. */
export class Engine {
  readonly #config: DuckDbConfig;
  readonly #events: FileEvents;
  /** One that writes at a time. */
  readonly #turn = new Lock();
  /** Held by readers while they name tables, and alone where tables and files go. */
  readonly #gate = new Lock();
  readonly #copying = new Lock();
  #opened: Open | undefined;

  constructor(config: DuckDbConfig, events: FileEvents) {
    this.#config = config;
    this.#events = events;
  }

  async open(): Promise<void> {
    await this.#turn.exclusive(() => this.#gate.exclusive(async () => void (await this.#ready())));
  }

  async close(): Promise<void> {
    await this.#turn.exclusive(() => this.#gate.exclusive(async () => this.#shut()));
  }

  write(lots: readonly PackedRows[], offsets: ReadonlyMap<number, string>, now: number): Promise<Written> {
    const kept = { since: rawSince(this.#config.retention, now), until: now + AHEAD };
    return this.#change(({ writing }) => writing.write(lots.map(unpackRows), offsets, kept, dayOf(now)));
  }

  offsets(): Promise<ReadonlyMap<number, string>> {
    return this.#change(async ({ files }) => new Map(files.offsets));
  }

  series(question: SeriesQuestion, now: number): Promise<SeriesAnswer> {
    const resolution = resolutionOf(question, this.#config.retention, now);
    return this.#look(({ reader, files }) => readSeries(reader, files, question, resolution));
  }

  /** The first slice of raw rows of a period, and where it ends; null when there is none. */
  slice(period: Period): Promise<{ from: number; to: number; lots: PackedRows[] } | null> {
    return this.#look(async ({ reader, files }) => {
      const slice = nextSlice(files, period);
      return slice === null ? null : { ...slice, lots: await readSlice(reader, files, slice) };
    });
  }

  async copy(order: ExportOrder): Promise<number> {
    return this.#copying.exclusive(async () => {
      const { copier } = await this.#change(async (opened) => opened);
      return copyRows(copier, order, (snapshot) => this.#look(({ files }) => snapshot(files)));
    });
  }

  /** Does what is due, a piece at a time so that writes come between, until nothing is or the time of one call is used up. */
  async maintain(now: number): Promise<void> {
    const until = performance.now() + MAINTAIN_BUDGET;
    do {
      const more = await this.#change(async (opened) => {
        const step = this.#nextStep(opened, now);
        try {
          await step?.();
        } catch (error) {
          if (!(error instanceof DamagedFile)) throw error;
          await this.#setAside(opened.files, error);
        }
        return step !== undefined;
      });
      if (!more) return;
    } while (performance.now() < until);
  }

  state(): Promise<StoreState> {
    return this.#look(async ({ reader, files }) => {
      const days = [...files.days.values()].sort((a, b) => a.day - b.day);
      const aliases = days.map(({ alias }) => quote(alias)).join(', ') || "''";
      const sizes = await reader.run(
        `SELECT coalesce(sum(estimated_size), 0)::DOUBLE FROM duckdb_tables()
         WHERE database_name IN (${aliases}) AND (table_name LIKE 'interfaces%' OR table_name LIKE 'icmp%')`,
      );
      const [[rows] = [0]] = await sizes.getRows();
      return { engine: 'duckdb' as const, bytes: files.bytes(), rawRows: Number(rows), oldestRaw: days[0]?.day ?? null };
    });
  }

  /** What is due: first that which gives room, so that a full disk does not keep old files from going. */
  #nextStep(opened: Open, now: number): (() => Promise<void>) | undefined {
    const { files } = opened;
    const days = [...files.days.values()].sort((a, b) => a.day - b.day);
    const old = this.#oldFile(opened, days, now);
    if (old !== undefined) return () => this.#gate.exclusive(() => files.remove(old));
    for (const day of days) {
      const [over] = hoursOver(day, now, SEAL_GRACE);
      if (over !== undefined) return () => this.#seal(opened, day, over.samples, over.hour);
    }
    for (const day of days) {
      const step = this.#rollStep(opened, day, now);
      if (step !== undefined) return step;
    }
    return undefined;
  }

  /** A file whose time is over; a day only once it is rolled up. */
  #oldFile(opened: Open, days: readonly DayFile[], now: number): StoreFile | undefined {
    const { retention } = this.#config;
    const rollups = [...opened.files.rollups.values()];
    const rollup = rollups.find((file) => monthEnd(file.month) <= now - retention[file.rollup.keep]);
    if (rollup !== undefined) return rollup;
    const since = rawSince(retention, now);
    const whole = ({ fresh }: DayFile) => fresh.interfaces.size + fresh.icmp.size === 0;
    return days.find((day) => day.day < since && whole(day) && this.#rollStep(opened, day, now) === undefined);
  }

  #rollStep({ files, writer }: Open, day: DayFile, now: number): (() => Promise<void>) | undefined {
    if (now < dayEnd(day.day) + ROLL_GRACE || day.fresh.interfaces.size + day.fresh.icmp.size > 0) return undefined;
    const { retention } = this.#config;
    const kept = keptRollups(day.day, now, ({ keep }) => retention[keep]);
    const step = nextRollStep(files, day, kept, monthName(day.day));
    if (step !== null) return () => withFile(day, () => roll(writer, files, step));
    return day.touched ? () => withFile(day, () => rollAgain(writer, files, day, kept)) : undefined;
  }

  async #seal({ writer, files }: Open, day: DayFile, samples: Samples, hour: number): Promise<void> {
    const late = [...files.rollups.values()].some(({ progress }) => progress.has(`${samples} ${day.day}`));
    await withFile(day, () => sealHour(writer, day, samples, hour, (commit) => this.#gate.exclusive(commit), late));
    // Fails while somebody reads an older state; the next one catches up.
    await writer.run(`CHECKPOINT ${day.alias}`).catch(() => undefined);
  }

  #change<T>(work: (opened: Open) => Promise<T>): Promise<T> {
    return this.#turn.exclusive(async () => this.#watch(await this.#ready(), work));
  }

  /** Looks; files that turn out to be damaged are set aside, and what is left answers. */
  async #look<T>(work: (opened: Open) => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await this.#lookOnce(work);
      } catch (error) {
        if (!(error instanceof DamagedFile)) throw error;
        await this.#change(({ files }) => this.#setAside(files, error));
      }
    }
  }

  async #setAside(files: Files, { file, message }: DamagedFile): Promise<void> {
    // Two who looked may have met it.
    const known = 'day' in file ? files.days.get(file.day) === file : files.rollups.get(`${file.rollup.source} ${file.month}`) === file;
    if (known) await this.#gate.exclusive(() => files.setAside(file, message));
  }

  async #lookOnce<T>(work: (opened: Open) => Promise<T>): Promise<T> {
    if (this.#opened === undefined) await this.open();
    return this.#gate.shared(async () => {
      if (this.#opened === undefined) throw new Error('the sample store is closed');
      return this.#watch(this.#opened, work);
    });
  }

  /** After a fault that DuckDB does not recover from by itself the files are let go; the next call opens them anew. */
  async #watch<T>(opened: Open, work: (opened: Open) => Promise<T>): Promise<T> {
    try {
      return await work(opened);
    } catch (error) {
      if (FATAL.test(messageOf(error)) && this.#opened === opened) this.#shut();
      throw error;
    }
  }

  async #ready(): Promise<Open> {
    if (this.#opened !== undefined) return this.#opened;
    const files = await Files.open(this.#config, this.#events);
    const [writer, reader, copier] = await Promise.all([files.connect(), files.connect(), files.connect()]);
    this.#opened = { files, writer, reader, copier, writing: new Writing(files, writer) };
    return this.#opened;
  }

  #shut(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened === undefined) return;
    for (const connection of [opened.writer, opened.reader, opened.copier]) connection.closeSync();
    opened.files.close();
  }
}
