import type { ExportOrder, SeriesAnswer, SeriesQuestion } from '@beacontower/contracts';
import type { Clock, Logger } from '@beacontower/runtime';
import { copyFromRows } from '../duckdb/collecting.ts';
import { writeExport } from '../exporting.ts';
import { Points } from '../points.ts';
import type { RowSlice, StoreState, TimeSeriesStore, WriteBatch, WriteResult } from '../port.ts';
import { bucketOf, DAY, dayOf, ROLLUPS, rawSince, resolutionOf, wholeBuckets } from '../resolution.ts';
import {
  type Columns,
  columnsOfIcmp,
  columnsOfInterfaces,
  icmpRows,
  interfaceRows,
  keysOf,
  SAMPLES,
  type Samples,
  takeRows,
} from '../rows.ts';
import { InfluxClient } from './client.ts';
import { DEFAULTS, type InfluxConfig } from './config.ts';
import { type Labels, measurement, rawLines } from './lines.ts';
import { addSeries, firstRow, readRows, slicesOf } from './reading.ts';
import { Rolling } from './rolling.ts';

/** After so long a call of `maintain` begins nothing more, ms. */
const MAINTAIN_BUDGET = 2_000;

/** What an InfluxDB store is made of; `labels` names a check's object for those who look into InfluxDB themselves. */
export interface InfluxDependencies {
  readonly logger: Logger;
  readonly clock: Clock;
  readonly labels?: Labels;
}

/** A store in InfluxDB 1.x, or 2.x with a DBRP mapping. A point written again is the same point. */
export function createInfluxStore(
  config: Pick<InfluxConfig, 'url'> & Partial<InfluxConfig>,
  dependencies: InfluxDependencies,
): TimeSeriesStore {
  return new InfluxStore({ ...DEFAULTS, ...config }, dependencies);
}

class InfluxStore implements TimeSeriesStore {
  readonly engine = 'influxdb';
  readonly #config: InfluxConfig;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #labels: Labels;
  readonly #client: InfluxClient;
  readonly #rolling: Rolling;
  #deletedBefore = '';

  constructor(config: InfluxConfig, { logger, clock, labels = () => undefined }: InfluxDependencies) {
    this.#config = config;
    this.#logger = logger;
    this.#clock = clock;
    this.#labels = labels;
    this.#client = new InfluxClient(config);
    this.#rolling = new Rolling(this.#client, labels);
  }

  async open(): Promise<void> {
    await this.#client.open();
    await this.#rolling.open();
  }

  async close(): Promise<void> {
    // Nothing is kept open, nothing is buffered.
  }

  async write({ interfaces, icmp }: WriteBatch): Promise<WriteResult> {
    const lots = [columnsOfInterfaces(interfaces), columnsOfIcmp(icmp)].map((rows) => this.#kept(rows)).filter(({ count }) => count > 0);
    const refused = interfaces.count + icmp.count - lots.reduce((sum, { count }) => sum + count, 0);
    if (refused > 0) this.#logger.warn({ rows: refused }, 'samples too old to be kept, or of a time to come, were left out');
    // The notes go first: a row that came late is rolled up again even if this process ends between the two.
    const { dropped } = await this.#client.write([...this.#rolling.note(lots), ...lots.flatMap((rows) => rawLines(rows, this.#labels))]);
    if (dropped > 0) this.#logger.warn({ rows: dropped }, 'InfluxDB left out samples older than it keeps');
    return { refused: refused + dropped };
  }

  async offsets(): Promise<null> {
    return null;
  }

  async series(question: SeriesQuestion): Promise<SeriesAnswer> {
    const { step, source } = resolutionOf(question, this.#config.retention, this.#clock.now());
    const points = new Points(step);
    const period = wholeBuckets(question, bucketOf(source));
    if (source === 'raw') await addSeries(this.#client, points, question, 'raw', period);
    else {
      const { rolled, raw } = this.#rolling.split(period);
      await addSeries(this.#client, points, question, source, rolled);
      await addSeries(this.#client, points, question, 'raw', raw);
    }
    return { step, source, points: points.list() };
  }

  async *rows(period: { readonly from: number; readonly to: number }): AsyncGenerator<RowSlice> {
    for await (const slice of slicesOf(this.#client, SAMPLES, period)) {
      const [interfaces, icmp] = [await readRows(this.#client, 'interfaces', slice), await readRows(this.#client, 'icmp', slice)];
      if (interfaces.count + icmp.count > 0) yield { ...slice, interfaces: interfaceRows(interfaces), icmp: icmpRows(icmp) };
    }
  }

  async maintain(now: number): Promise<void> {
    const until = performance.now() + MAINTAIN_BUDGET;
    while (await this.#rolling.step(now)) if (performance.now() > until) return;
    await this.#letGo(now);
  }

  export(order: ExportOrder): Promise<{ rows: number; bytes: number }> {
    return writeExport(order.file, (file) => copyFromRows(this.#rowsOf(order.samples, order), { ...order, file }));
  }

  async state(): Promise<StoreState> {
    const oldestRaw = await firstRow(this.#client, SAMPLES, { from: 0, to: this.#clock.now() + DAY });
    return { engine: 'influxdb', bytes: null, rawRows: null, oldestRaw };
  }

  async *#rowsOf(samples: Samples, period: { readonly from: number; readonly to: number }): AsyncGenerator<Columns> {
    for await (const slice of slicesOf(this.#client, [samples], period)) yield await readRows(this.#client, samples, slice);
  }

  /** Rows too old to be kept would only be deleted again; those of a time to come are from a clock that is wrong. */
  #kept(rows: Columns): Columns {
    const now = this.#clock.now();
    const since = rawSince(this.#config.retention, now);
    const { at } = keysOf(rows);
    const indices: number[] = [];
    for (let i = 0; i < rows.count; i++) if ((at[i] ?? 0) >= since && (at[i] ?? 0) < now + DAY) indices.push(i);
    return takeRows(rows, indices);
  }

  /** Deletes what is too old, by whole days: once a day, since InfluxDB rewrites files for it. */
  async #letGo(now: number): Promise<void> {
    const { retention } = this.#config;
    const limits = SAMPLES.flatMap((samples) => [
      { name: measurement(samples, 'raw'), before: rawSince(retention, now) },
      ...ROLLUPS.map(({ source, keep }) => ({ name: measurement(samples, source), before: dayOf(now - retention[keep]) })),
    ]);
    const key = limits.map(({ before }) => before).join(' ');
    if (key === this.#deletedBefore) return;
    for (const { name, before } of limits) await this.#client.query(`DELETE FROM "${name}" WHERE time < ${before}ms`);
    this.#deletedBefore = key;
  }
}
