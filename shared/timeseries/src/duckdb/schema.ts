import { INTERFACE_COUNTERS } from '@beacontower/contracts';
import { ROLLED_FIELDS } from '../formulas.ts';
import { DAY, HOUR, type Rollup } from '../resolution.ts';
import { LAYOUT, SAMPLES, type Samples } from '../rows.ts';
import { typesOf } from './bulk.ts';

/** Written into every file; a file without it is not ours. */
export const FORMAT = 'beacontower-samples';
export const FORMAT_VERSION = 1;

// `check` and `at` are words of SQL.
const COLUMN_NAMES: Readonly<Record<string, string>> = { check: 'check_key', at: 'at_ms' };
const columnName = (name: string): string => COLUMN_NAMES[name] ?? name;

export function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** `2026-11-22` of a day, `2026-11` of the month in which it lies. */
export const dayName = (day: number): string => new Date(day).toISOString().slice(0, 10);
export const monthName = (at: number): string => new Date(at).toISOString().slice(0, 7);

/** The hour of the day in which a row lies: 0 to 23. */
export const hourOf = (at: number): number => Math.floor((at % DAY) / HOUR);

/** Rows of an hour as they came, until the hour is over and they go, in order, to the day's table. */
export const freshTable = (samples: Samples, hour: number): string => `${samples}_${String(hour).padStart(2, '0')}`;

export function rawColumns(samples: Samples): string {
  const types = typesOf(samples);
  return LAYOUT[samples].map(({ name }, index) => `${columnName(name)} ${types[index]}`).join(', ');
}

function about(kind: string): string[] {
  return [
    'CREATE TABLE about (format VARCHAR, version INTEGER, kind VARCHAR)',
    `INSERT INTO about VALUES (${quote(FORMAT)}, ${FORMAT_VERSION}, ${quote(kind)})`,
  ];
}

/** `touched`: checks of which rows came after the day was rolled up. */
export const DAY_SCHEMA: readonly string[] = [
  ...about('day'),
  'CREATE TABLE offsets (ids VARCHAR)',
  "INSERT INTO offsets VALUES ('{}')",
  'CREATE TABLE touched (samples VARCHAR, check_key UINTEGER)',
  ...SAMPLES.map((samples) => `CREATE TABLE ${samples} (${rawColumns(samples)})`),
];

function rolledType(field: string): string {
  if (/^(lossLow|lossHigh)$|^(in|out)\w+(Low|High)$/.test(field)) return 'FLOAT';
  return /Total$/.test(field) || (INTERFACE_COUNTERS as readonly string[]).includes(field) ? 'UBIGINT' : 'UINTEGER';
}

/** `progress`: the check from which a day is still to be rolled up; NULL when it is done. */
export function rollupSchema({ source }: Rollup): readonly string[] {
  return [
    ...about(source),
    'CREATE TABLE progress (day BIGINT, samples VARCHAR, next BIGINT)',
    ...SAMPLES.map((samples) => {
      const fields = ROLLED_FIELDS[samples].map((field) => `${field} ${rolledType(field)}`);
      return `CREATE TABLE ${samples} (check_key UINTEGER, at_ms BIGINT, ${fields.join(', ')})`;
    }),
  ];
}

/** The select list that makes a roll-up's rows out of raw rows, or out of the rows of a finer roll-up. */
export function rollupSelect(samples: Samples, bucketMs: number, from: 'raw' | 'rolled'): string {
  const fields = ROLLED_FIELDS[samples];
  const values = from === 'raw' ? (samples === 'icmp' ? ICMP_ROLLUP : INTERFACE_ROLLUP) : fields.map(rolledAgain);
  const typed = values.map((value, index) => typedAs(rolledType(fields[index] ?? ''), value));
  return `check_key, at_ms // ${bucketMs} * ${bucketMs} AS bucket, ${typed.join(', ')}`;
}

/** A device with a clock gone mad can tell of more time than fits: its row is cut, so that it does not keep all others from theirs. */
function typedAs(type: string, value: string): string {
  return type === 'UINTEGER' ? `least(${value}, 4294967295)::${type}` : `${value}::${type}`;
}

function rolledAgain(field: string): string {
  if (field.endsWith('Low')) return `min(${field})`;
  if (field === 'speed') return 'any_value(speed)';
  return field.endsWith('High') ? `max(${field})` : `sum(${field}::DOUBLE)`;
}

/** Rows that say nothing of a rate or of loss are in no roll-up. */
export const ROLLABLE: Readonly<Record<Samples, string>> = { interfaces: 'span > 0', icmp: 'sent > 0' };

/**
 * What makes one row of a roll-up. A line that changed its speed within a bucket has a row for each: of rates at several speeds
 * nobody can tell afterwards how much of the line was in use.
 */
export const ROLLED_BY: Readonly<Record<Samples, string>> = { interfaces: 'check_key, bucket, speed', icmp: 'check_key, bucket' };

// Doubles all the way: their sums are exact below 2^53, and several times as fast as the decimals and 128-bit integers that
// SQL would otherwise reckon with; CASE likewise is faster than FILTER.
const INTERFACE_ROLLUP = [
  'sum(span::DOUBLE)',
  'any_value(speed)',
  ...INTERFACE_COUNTERS.flatMap((counter) => [
    `sum(${counter}::DOUBLE)`,
    `min(${counter}::DOUBLE / span) * 1000`,
    `max(${counter}::DOUBLE / span) * 1000`,
    `sum(CASE WHEN ${counter} IS NULL THEN span::DOUBLE ELSE 0 END)`,
  ]),
];

const ICMP_ROLLUP = [
  'count(*)',
  'sum(sent::DOUBLE)',
  'sum(received::DOUBLE)',
  'sum(CASE WHEN rttAvg IS NULL THEN 0 ELSE received::DOUBLE END)',
  'sum(rttAvg::DOUBLE * received)',
  'min(rttMin)',
  'max(rttMax)',
  'min((sent::DOUBLE - received) / sent)',
  'max((sent::DOUBLE - received) / sent)',
  'count(jitter)',
  'sum(jitter::DOUBLE)',
  'min(jitter)',
  'max(jitter)',
];

/** Fields as doubles, NULL as NaN: what `readColumns` takes. */
export function asDoubles(fields: readonly string[]): string {
  return ['at_ms::DOUBLE', ...fields.map((field) => `coalesce(${field}::DOUBLE, 'nan'::DOUBLE)`)].join(', ');
}

/** All columns of raw rows as `LAYOUT` has them. */
export function asRows(samples: Samples): string {
  return LAYOUT[samples]
    .map(({ name, make }) => {
      if (name === 'at') return 'at_ms::DOUBLE';
      if (make === Float64Array) return `coalesce(${name}::DOUBLE, 'nan'::DOUBLE)`;
      return make === Uint32Array ? `coalesce(${columnName(name)}, 4294967295)` : columnName(name);
    })
    .join(', ');
}

/** The columns of an export, for other programs: times as timestamps, units in the names, status in its two parts. */
export function asExported(samples: Samples): string {
  const time = "make_timestamp_ms(at_ms) AS time, check_key AS 'check'";
  if (samples === 'interfaces') {
    const status = 'status % 16 AS admin_status, status // 16 AS oper_status';
    return `${time}, span AS span_ms, nullif(speed, 0) AS speed_mbit, ${status}, ${INTERFACE_COUNTERS.join(', ')}`;
  }
  return `${time}, sent, received, rttMin AS rtt_min_us, rttAvg AS rtt_avg_us, rttMax AS rtt_max_us, jitter AS jitter_us`;
}
