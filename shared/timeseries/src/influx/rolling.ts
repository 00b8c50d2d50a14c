import { HOUR, ROLLUPS } from '../resolution.ts';
import { Rollups } from '../rollup.ts';
import { type Columns, keysOf, SAMPLES } from '../rows.ts';
import type { InfluxClient } from './client.ts';
import { type Labels, rolledLine } from './lines.ts';
import { column, firstRow, type Period, readRows, slicesOf } from './reading.ts';

/** How long after its end an hour is rolled up. */
const GRACE = 5 * 60_000;

/**
 * Rolls up hours that are over, in order, and again those into which rows came later. How far that is, is kept in the database:
 * a point of `rolled` at the start of an hour, `done` 1 or, when rows came after, 0. Points are written over, never doubled.
 */
export class Rolling {
  readonly #client: InfluxClient;
  readonly #labels: Labels;
  /** End of the last hour that is rolled up; null when none is. */
  #until: number | null = null;
  readonly #touched = new Set<number>();
  /** End of the hour that is being rolled up: rows that come into it meanwhile may be missed. */
  #under = 0;

  constructor(client: InfluxClient, labels: Labels) {
    this.#client = client;
    this.#labels = labels;
  }

  async open(): Promise<void> {
    const last = column(await this.#client.query('SELECT last("done") FROM "rolled"'), 'time', Number.NaN)[0];
    this.#until = last === undefined ? null : last + HOUR;
    const touched = await this.#client.query('SELECT "done" FROM "rolled" WHERE "done" = 0');
    this.#touched.clear();
    for (const hour of column(touched, 'time', Number.NaN)) this.#touched.add(hour);
  }

  /** Parts of a period that roll-ups answer for, and those that raw rows do. */
  split({ from, to }: Period): { rolled: Period; raw: Period } {
    const until = Math.min(to, Math.max(from, this.#until ?? 0));
    return { rolled: { from, to: until }, raw: { from: until, to } };
  }

  /** Lines that note the hours of these rows which are rolled up already; they are written with the rows. */
  note(lots: readonly Columns[]): string[] {
    const hours = new Set<number>();
    const until = Math.max(this.#until ?? 0, this.#under);
    for (const rows of lots) {
      for (const at of keysOf(rows).at.subarray(0, rows.count)) if (at < until) hours.add(Math.floor(at / HOUR) * HOUR);
    }
    for (const hour of hours) this.#touched.add(hour);
    return [...hours].map((hour) => `rolled done=0i ${hour}`);
  }

  /** Rolls up one hour; false when none is due. */
  async step(now: number): Promise<boolean> {
    const [again] = this.#touched;
    const hour = again ?? (await this.#nextHour(now));
    if (hour === null) return false;
    this.#touched.delete(hour);
    this.#under = hour + HOUR;
    try {
      await this.#roll(hour);
    } catch (error) {
      if (again !== undefined) this.#touched.add(hour);
      throw error;
    }
    if (!this.#touched.has(hour)) await this.#client.write([`rolled done=1i ${hour}`]);
    this.#until = Math.max(this.#until ?? 0, hour + HOUR);
    return true;
  }

  async #nextHour(now: number): Promise<number | null> {
    const end = Math.floor((now - GRACE) / HOUR) * HOUR;
    const first = await firstRow(this.#client, SAMPLES, { from: this.#until ?? 0, to: end });
    return first === null ? null : Math.floor(first / HOUR) * HOUR;
  }

  async #roll(hour: number): Promise<void> {
    const lines: string[] = [];
    for (const samples of SAMPLES) {
      const made = ROLLUPS.map((rollup) => ({ rollup, rollups: new Rollups(samples, rollup.bucketMs) }));
      for await (const slice of slicesOf(this.#client, [samples], { from: hour, to: hour + HOUR })) {
        const rows = await readRows(this.#client, samples, slice);
        for (const { rollups } of made) rollups.add(rows);
      }
      for (const { rollup, rollups } of made) {
        for (const { check, at, values } of rollups.rows()) lines.push(rolledLine(samples, rollup.source, check, at, values, this.#labels));
      }
    }
    await this.#client.write(lines);
  }
}
