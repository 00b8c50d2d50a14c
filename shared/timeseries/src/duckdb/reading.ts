import type { SeriesAnswer, SeriesQuestion } from '@beacontower/contracts';
import type { DuckDBConnection } from '@duckdb/node-api';
import { type Formula, formulaOf, samplesOf } from '../formulas.ts';
import { Points } from '../points.ts';
import { bucketOf, DAY, dayOf, MINUTE, type Resolution, wholeBuckets } from '../resolution.ts';
import { type Columns, LAYOUT, makeColumns, type PackedRows, packRows, SAMPLES, type Samples } from '../rows.ts';
import { readColumns } from './bulk.ts';
import type { Files } from './files.ts';
import { isRolled } from './rolling.ts';
import { asDoubles, asRows, freshTable, hourOf, monthName } from './schema.ts';
import { type DayFile, type RollupFile, withFile } from './stored-file.ts';

/** Half-open, epoch ms. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Length of a slice of raw rows; 10,000 interfaces a minute make 50,000 rows of it. */
const SLICE = 5 * MINUTE;

/** The points of one check's metric: from roll-ups where a day has them, from its raw rows where it has not yet. */
export async function readSeries(
  connection: DuckDBConnection,
  files: Files,
  question: SeriesQuestion,
  { step, source }: Resolution,
): Promise<SeriesAnswer> {
  const points = new Points(step);
  const samples = samplesOf(question.metric);
  const bucket = bucketOf(source);
  const whole = wholeBuckets(question, bucket);
  const raw = formulaOf(question.metric, false);
  for (const period of rawPeriods(files, samples, source, whole)) {
    const file = files.days.get(dayOf(period.from));
    if (file === undefined) continue;
    await withFile(file, () => addFrom(connection, points, raw, rawTables(file, samples, period), question.check, period));
  }
  const rolled = formulaOf(question.metric, true);
  for (const { file, period } of rolledPeriods(files, samples, source, whole)) {
    await withFile(file, () => addFrom(connection, points, rolled, [`${file.alias}.${samples}`], question.check, period));
  }
  return { step, source, points: points.list() };
}

/** Raw rows of one slice, packed so that they can go to another thread. */
export async function readSlice(connection: DuckDBConnection, files: Files, period: Period): Promise<PackedRows[]> {
  const file = files.days.get(dayOf(period.from));
  const packed: PackedRows[] = [];
  for (const samples of SAMPLES) {
    const rows = file === undefined ? makeColumns(samples, 0) : await withFile(file, () => readRows(connection, file, samples, period));
    packed.push(packRows(rows));
  }
  return packed;
}

async function readRows(connection: DuckDBConnection, file: DayFile, samples: Samples, period: Period): Promise<Columns> {
  const selects = rawTables(file, samples, period).map((table) => `SELECT ${asRows(samples)} FROM ${table} WHERE ${within(period)}`);
  const makers = LAYOUT[samples].map(({ make }) => make);
  return { samples, ...(await readColumns(await connection.run(selects.join(' UNION ALL ')), makers)) };
}

/** The first slice at or after `from` in a day that has a file; null when there is none before `to`. */
export function nextSlice(files: Files, { from, to }: Period): Period | null {
  const day = [...files.days.keys()].sort((a, b) => a - b).find((each) => each + DAY > from);
  if (day === undefined) return null;
  const start = Math.max(from, day);
  const end = Math.min((Math.floor(start / SLICE) + 1) * SLICE, to);
  return start < end ? { from: start, to: end } : null;
}

/** Every table of a day that may hold raw rows of a period. */
export function rawTables(file: DayFile, samples: Samples, { from, to }: Period): string[] {
  const first = from <= file.day ? 0 : hourOf(from);
  const last = to >= file.day + DAY ? 23 : hourOf(Math.max(from, to - 1));
  const fresh = [...file.fresh[samples]].filter((hour) => hour >= first && hour <= last);
  return [samples, ...fresh.map((hour) => freshTable(samples, hour))].map((table) => `${file.alias}.${table}`);
}

export const within = ({ from, to }: Period): string => `at_ms >= ${from} AND at_ms < ${to}`;

async function addFrom(
  connection: DuckDBConnection,
  points: Points,
  formula: Formula,
  tables: readonly string[],
  check: number,
  period: Period,
): Promise<void> {
  const select = asDoubles(formula.fields);
  const sql = tables.map((table) => `SELECT ${select} FROM ${table} WHERE check_key = ${check} AND ${within(period)}`).join(' UNION ALL ');
  const makers = new Array<Float64ArrayConstructor>(formula.fields.length + 1).fill(Float64Array);
  const { columns } = await readColumns(await connection.run(sql), makers);
  const [times, ...values] = columns;
  if (times !== undefined) points.add(formula, times, values);
}

/** The days of a period that are answered from raw rows, each cut to the period. */
function rawPeriods(files: Files, samples: Samples, source: Resolution['source'], { from, to }: Period): Period[] {
  return [...files.days.keys()]
    .filter((day) => day + DAY > from && day < to)
    .filter((day) => !isRolled(files.rollups.get(`${source} ${monthName(day)}`), samples, day))
    .map((day) => ({ from: Math.max(from, day), to: Math.min(to, day + DAY) }));
}

/** Stretches of days that are rolled up, by month. */
function rolledPeriods(
  files: Files,
  samples: Samples,
  source: Resolution['source'],
  { from, to }: Period,
): { file: RollupFile; period: Period }[] {
  const found: { file: RollupFile; period: { from: number; to: number } }[] = [];
  for (const file of files.rollups.values()) {
    if (file.rollup.source !== source) continue;
    const days = [...file.progress]
      .filter(([key, next]) => next === null && key.startsWith(`${samples} `))
      .map(([key]) => Number(key.split(' ')[1]));
    for (const day of days.sort((a, b) => a - b)) {
      const period = { from: Math.max(from, day), to: Math.min(to, day + DAY) };
      if (period.from >= period.to) continue;
      const before = found.at(-1);
      if (before?.file === file && before.period.to === period.from) before.period.to = period.to;
      else found.push({ file, period });
    }
  }
  return found;
}
