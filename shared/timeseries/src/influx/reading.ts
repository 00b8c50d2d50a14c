import type { SeriesQuestion } from '@beacontower/contracts';
import { formulaOf, samplesOf } from '../formulas.ts';
import type { Points } from '../points.ts';
import { HOUR, MINUTE, type Source } from '../resolution.ts';
import { type Columns, LAYOUT, makeColumns, NO_REPLY, type Samples } from '../rows.ts';
import type { InfluxClient, Table } from './client.ts';
import { measurement } from './lines.ts';

/** Half-open, epoch ms. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Raw rows of one answer at most, about: a row is some 150 bytes of JSON. */
const ROWS_AT_ONCE = 50_000;
/** A field every row of the kind has. */
const ALWAYS: Readonly<Record<Samples, string>> = { interfaces: 'span', icmp: 'sent' };

export const within = ({ from, to }: Period): string => `time >= ${from}ms AND time < ${to}ms`;

/** Adds the rows of one check's metric to the points. */
export async function addSeries(
  client: InfluxClient,
  points: Points,
  question: SeriesQuestion,
  source: Source,
  period: Period,
): Promise<void> {
  if (period.from >= period.to) return;
  const formula = formulaOf(question.metric, source !== 'raw');
  const fields = formula.fields.map((field) => `"${field}"`).join(', ');
  const from = `"${measurement(samplesOf(question.metric), source)}"`;
  const table = await client.query(`SELECT ${fields} FROM ${from} WHERE "check" = '${question.check}' AND ${within(period)}`);
  const columns = formula.fields.map((field) => column(table, field, field.endsWith('Gap') ? 0 : Number.NaN));
  points.add(formula, column(table, 'time', Number.NaN), columns);
}

/** Raw rows of one kind. */
export async function readRows(client: InfluxClient, samples: Samples, period: Period): Promise<Columns> {
  const names = LAYOUT[samples].slice(2).map(({ name }) => name);
  const fields = names.map((name) => `"${name}"`).join(', ');
  const table = await client.query(`SELECT "check"::tag, ${fields} FROM "${measurement(samples, 'raw')}" WHERE ${within(period)}`);
  const rows = makeColumns(samples, table.values.length);
  for (const [index, name] of ['check', 'time', ...names].entries()) {
    // Absent: no reply, in the columns that say so; not known, in those of counters; zero elsewhere.
    const absent =
      name.startsWith('rtt') || name === 'jitter' ? NO_REPLY : index >= 2 && rows.columns[index] instanceof Float64Array ? Number.NaN : 0;
    rows.columns[index]?.set(column(table, name, absent));
  }
  return rows;
}

/** The hours of a period in slices of about `ROWS_AT_ONCE` rows; hours without a row are passed over. */
export async function* slicesOf(client: InfluxClient, samples: readonly Samples[], period: Period): AsyncGenerator<Period> {
  let { from } = period;
  for (;;) {
    const first = await firstRow(client, samples, { from, to: period.to });
    if (first === null) return;
    const start = Math.max(from, Math.floor(first / HOUR) * HOUR);
    const end = Math.min((Math.floor(first / HOUR) + 1) * HOUR, period.to);
    const length = await sliceLength(client, samples, { from: start, to: end });
    for (let at = start; at < end; at += length) yield { from: at, to: Math.min(at + length, end) };
    from = end;
  }
}

/** Time of the earliest raw row of a period, or null. */
export async function firstRow(client: InfluxClient, samples: readonly Samples[], period: Period): Promise<number | null> {
  let first: number | null = null;
  for (const each of samples) {
    const table = await client.query(`SELECT first("${ALWAYS[each]}") FROM "${measurement(each, 'raw')}" WHERE ${within(period)}`);
    const [time] = column(table, 'time', Number.NaN);
    if (time !== undefined && (first === null || time < first)) first = time;
  }
  return first;
}

async function sliceLength(client: InfluxClient, samples: readonly Samples[], period: Period): Promise<number> {
  let most = 0;
  for (const each of samples) {
    const table = await client.query(`SELECT count("${ALWAYS[each]}") FROM "${measurement(each, 'raw')}" WHERE ${within(period)}`);
    most = Math.max(most, column(table, 'count', 0)[0] ?? 0);
  }
  const minutes = Math.floor((60 * ROWS_AT_ONCE) / Math.max(1, most));
  return Math.min(60, Math.max(1, minutes)) * MINUTE;
}

/** A column of numbers; tags are text. */
export function column({ columns, values }: Table, name: string, absent: number): Float64Array {
  const index = columns.indexOf(name);
  const found = new Float64Array(values.length).fill(absent);
  if (index < 0) return found;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]?.[index];
    if (value !== null && value !== undefined) found[row] = Number(value);
  }
  return found;
}
