import type { DuckDBConnection } from '@duckdb/node-api';
import { DAY, ROLLUPS, type Rollup } from '../resolution.ts';
import { SAMPLES, type Samples } from '../rows.ts';
import type { Files } from './files.ts';
import { quote, ROLLABLE, ROLLED_BY, rollupSelect } from './schema.ts';
import type { DayFile, RollupFile } from './stored-file.ts';
import { inTransaction } from './transaction.ts';

/**
 * Rows a slice makes at most: two row groups of DuckDB. So much goes straight into the file, not by way of the log; and as no
 * small row group is left at its end, no checkpoint packs the row groups anew (measured: 80 bytes a row instead of 157).
 */
const ROWS_AT_ONCE = 2 * 122_880;

/** One slice of a day still to be rolled up. */
export interface RollStep {
  readonly rollup: Rollup;
  readonly samples: Samples;
  readonly day: DayFile;
}

/** True when a day's roll-up is whole, so that it answers in place of the day's raw rows. */
export function isRolled(file: RollupFile | undefined, samples: Samples, day: number): boolean {
  return file?.progress.get(`${samples} ${day}`) === null;
}

/** The next slice of a day that is over and in order; null when all of it is done. */
export function nextRollStep(files: Files, day: DayFile, kept: readonly Rollup[], month: string): RollStep | null {
  for (const rollup of kept) {
    const file = files.rollups.get(`${rollup.source} ${month}`);
    const samples = SAMPLES.find((each) => !isRolled(file, each, day.day));
    if (samples !== undefined) return { rollup, samples, day };
  }
  return null;
}

/**
 * Rolls up one slice: the rows of some checks, in the order of checks, and how far that is, in one transaction of the month's
 * file. A crash leaves whole slices, and the next goes on after them.
 */
export async function roll(connection: DuckDBConnection, files: Files, { rollup, samples, day }: RollStep): Promise<void> {
  const file = await files.rollupFile(rollup, day.day);
  const key = `${samples} ${day.day}`;
  const from = file.progress.get(key) ?? 0;
  const checks = Math.floor((ROWS_AT_ONCE * rollup.bucketMs) / DAY);
  const last = await lastOfSlice(connection, `${day.alias}.${samples}`, from, checks);
  const next = last === null ? null : last + 1;
  const where = `samples = ${quote(samples)} AND day = ${day.day}`;
  await inTransaction(connection, async () => {
    if (last !== null) await connection.run(rollupInsert(files, file, samples, day, `check_key BETWEEN ${from} AND ${last}`));
    if (file.progress.has(key)) await connection.run(`UPDATE ${file.alias}.progress SET next = ${next} WHERE ${where}`);
    else await connection.run(`INSERT INTO ${file.alias}.progress VALUES (${day.day}, ${quote(samples)}, ${next})`);
  });
  file.progress.set(key, next);
}

/** Rolls up again the checks of which rows came after their day was rolled up. Doing it twice changes nothing. */
export async function rollAgain(connection: DuckDBConnection, files: Files, day: DayFile, kept: readonly Rollup[]): Promise<void> {
  for (const rollup of kept) {
    const file = await files.rollupFile(rollup, day.day);
    await inTransaction(connection, async () => {
      for (const samples of SAMPLES) {
        const checks = `check_key IN (SELECT check_key FROM ${day.alias}.touched WHERE samples = ${quote(samples)})`;
        await connection.run(`DELETE FROM ${file.alias}.${samples} WHERE at_ms >= ${day.day} AND at_ms < ${day.day + DAY} AND ${checks}`);
        await connection.run(rollupInsert(files, file, samples, day, checks));
      }
    });
  }
  await connection.run(`DELETE FROM ${day.alias}.touched`);
  day.touched = false;
}

/** The resolutions in which rows of a day are still kept. */
export function keptRollups(day: number, now: number, keepMs: (rollup: Rollup) => number): Rollup[] {
  return ROLLUPS.filter((rollup) => day + DAY > now - keepMs(rollup));
}

/** Hours are made out of the five minutes of the day, where these are whole; otherwise out of raw rows. */
function rollupInsert(files: Files, file: RollupFile, samples: Samples, day: DayFile, checks: string): string {
  const { bucketMs } = file.rollup;
  const finer = ROLLUPS.findLast((rollup) => rollup.bucketMs < bucketMs);
  const source = finer && files.rollups.get(`${finer.source} ${file.month}`);
  const rolled = source !== undefined && isRolled(source, samples, day.day);
  const where = rolled ? `at_ms >= ${day.day} AND at_ms < ${day.day + DAY}` : ROLLABLE[samples];
  return `INSERT INTO ${file.alias}.${samples} SELECT ${rollupSelect(samples, bucketMs, rolled ? 'rolled' : 'raw')}
    FROM ${rolled ? source.alias : day.alias}.${samples} WHERE ${checks} AND ${where} GROUP BY ${ROLLED_BY[samples]} ORDER BY check_key, bucket`;
}

async function lastOfSlice(connection: DuckDBConnection, table: string, from: number, checks: number): Promise<number | null> {
  const result = await connection.run(
    `SELECT max(check_key)::DOUBLE FROM
     (SELECT DISTINCT check_key FROM ${table} WHERE check_key >= ${from} ORDER BY check_key LIMIT ${checks})`,
  );
  const [[last] = [null]] = await result.getRows();
  return last === null || last === undefined ? null : Number(last);
}
