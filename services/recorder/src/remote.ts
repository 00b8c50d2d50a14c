import { type ExportOrder, RowsAnswer } from '@beacontower/contracts';
import { ask, type Keys } from '@beacontower/queue';
import type { RowSlice, StoreState, TimeSeriesStore } from '@beacontower/timeseries';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { unpackSlice } from './slices.ts';

/** A slice of raw rows, or an export of many days, may take its time. */
const SLICE_MS = 120_000;
const EXPORT_MS = 3_600_000;
const STATE_MS = 10_000;
const State = z.object({
  engine: z.enum(['duckdb', 'influxdb']),
  bytes: z.number().nullable(),
  rawRows: z.number().nullable(),
  oldestRaw: z.number().nullable(),
});
const Exported = z.object({ rows: z.number(), bytes: z.number() });

/** The sample store as others see it, by asking the recorder that owns it. Rejects with a `RequestError`; `nobody`: none runs. */
export class RemoteSamples implements Pick<TimeSeriesStore, 'rows' | 'export' | 'state'> {
  readonly #redis: Redis;
  readonly #keys: Keys;

  constructor(redis: Redis, keys: Keys) {
    this.#redis = redis;
    this.#keys = keys;
  }

  async export(order: ExportOrder): Promise<{ rows: number; bytes: number }> {
    return Exported.parse(await ask(this.#redis, this.#keys, 'export', order, { timeoutMs: EXPORT_MS }));
  }

  async state(): Promise<StoreState> {
    return State.parse(await ask(this.#redis, this.#keys, 'state', null, { timeoutMs: STATE_MS }));
  }

  async *rows(period: { readonly from: number; readonly to: number }): AsyncGenerator<RowSlice> {
    for (let { from } = period; from < period.to; ) {
      const answer = RowsAnswer.parse(await ask(this.#redis, this.#keys, 'rows', { from, to: period.to }, { timeoutMs: SLICE_MS }));
      if (answer === null) return;
      yield unpackSlice(answer);
      from = answer.to;
    }
  }
}
