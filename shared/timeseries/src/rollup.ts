import { INTERFACE_COUNTERS } from '@beacontower/contracts';
import { ROLLED_FIELDS } from './formulas.ts';
import { type Columns, keysOf, NO_REPLY, type Samples } from './rows.ts';

const COUNTERS_AT = 5;
const PER_COUNTER = 4;

/** Gathers raw rows into roll-ups, for a store that cannot do that itself. What `rollupSelect` is in SQL. */
export class Rollups {
  readonly #samples: Samples;
  readonly #bucketMs: number;
  /** Bucket → check → speed → the values of `ROLLED_FIELDS`. */
  readonly #buckets = new Map<number, Map<number, Map<number, Float64Array>>>();

  constructor(samples: Samples, bucketMs: number) {
    this.#samples = samples;
    this.#bucketMs = bucketMs;
  }

  add(rows: Columns): void {
    const { check, at } = keysOf(rows);
    for (let row = 0; row < rows.count; row++) {
      // A row without span (or without a request) says nothing of a rate.
      if (!((rows.columns[2]?.[row] ?? 0) > 0)) continue;
      const bucket = Math.floor((at[row] ?? 0) / this.#bucketMs) * this.#bucketMs;
      if (this.#samples === 'icmp') addIcmp(this.#values(bucket, check[row] ?? 0, 0), rows, row);
      else addInterface(this.#values(bucket, check[row] ?? 0, rows.columns[3]?.[row] ?? 0), rows, row);
    }
  }

  /** Rows of one check and bucket (several speeds) are a millisecond apart: a store may keep one row a moment. */
  *rows(): Generator<{ check: number; at: number; values: Float64Array }> {
    for (const [bucket, checks] of this.#buckets) {
      for (const [check, speeds] of checks) {
        let at = bucket;
        for (const values of speeds.values()) yield { check, at: at++, values };
      }
    }
  }

  #values(bucket: number, check: number, speed: number): Float64Array {
    const checks = this.#buckets.get(bucket) ?? new Map<number, Map<number, Float64Array>>();
    this.#buckets.set(bucket, checks);
    const speeds = checks.get(check) ?? new Map<number, Float64Array>();
    checks.set(check, speeds);
    let values = speeds.get(speed);
    if (values === undefined) {
      values = new Float64Array(ROLLED_FIELDS[this.#samples].length).fill(Number.NaN);
      speeds.set(speed, values);
    }
    return values;
  }
}

function addInterface(values: Float64Array, { columns }: Columns, row: number): void {
  const span = columns[2]?.[row] ?? 0;
  plus(values, 0, span);
  values[1] = columns[3]?.[row] ?? 0;
  for (let i = 0; i < INTERFACE_COUNTERS.length; i++) {
    const increment = columns[COUNTERS_AT + i]?.[row] ?? Number.NaN;
    const field = 2 + i * PER_COUNTER;
    const unknown = Number.isNaN(increment);
    plus(values, field + 3, unknown ? span : 0);
    if (unknown) continue;
    plus(values, field, increment);
    lowest(values, field + 1, (increment * 1_000) / span);
    highest(values, field + 2, (increment * 1_000) / span);
  }
}

function addIcmp(values: Float64Array, { columns }: Columns, row: number): void {
  const [sent = 0, received = 0, low = NO_REPLY, mean = NO_REPLY, high = NO_REPLY, jitter = NO_REPLY] = columns
    .slice(2)
    .map((column) => column[row] ?? NO_REPLY);
  plus(values, 0, 1);
  plus(values, 1, sent);
  plus(values, 2, received);
  plus(values, 3, mean === NO_REPLY ? 0 : received);
  if (mean !== NO_REPLY) {
    plus(values, 4, mean * received);
    lowest(values, 5, low);
    highest(values, 6, high);
  }
  const loss = (sent - received) / sent;
  lowest(values, 7, loss);
  highest(values, 8, loss);
  plus(values, 9, jitter === NO_REPLY ? 0 : 1);
  if (jitter === NO_REPLY) return;
  plus(values, 10, jitter);
  lowest(values, 11, jitter);
  highest(values, 12, jitter);
}

function plus(values: Float64Array, index: number, value: number): void {
  const known = values[index] ?? Number.NaN;
  values[index] = Number.isNaN(known) ? value : known + value;
}

function lowest(values: Float64Array, index: number, value: number): void {
  const known = values[index] ?? Number.NaN;
  if (Number.isNaN(known) || value < known) values[index] = value;
}

function highest(values: Float64Array, index: number, value: number): void {
  const known = values[index] ?? Number.NaN;
  if (Number.isNaN(known) || value > known) values[index] = value;
}
