import { Worker } from 'node:worker_threads';
import type { ExportOrder, SeriesAnswer, SeriesQuestion } from '@beacontower/contracts';
import type { Clock, Logger } from '@beacontower/runtime';
import { writeExport } from '../exporting.ts';
import type { RowSlice, StoreState, TimeSeriesStore, WriteBatch, WriteResult } from '../port.ts';
import { type Columns, columnsOfIcmp, columnsOfInterfaces, icmpRows, interfaceRows, packRows, unpackRows } from '../rows.ts';
import { DEFAULTS, type DuckDbConfig } from './config.ts';
import type { Answers, Message, Request } from './messages.ts';

/** What a DuckDB store is made of. */
export interface DuckDbDependencies {
  readonly logger: Logger;
  readonly clock: Clock;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A store in files of DuckDB under one directory, of which this process is the only user. */
export function createDuckDbStore(
  config: Pick<DuckDbConfig, 'directory'> & Partial<DuckDbConfig>,
  dependencies: DuckDbDependencies,
): TimeSeriesStore {
  return new DuckDbStore({ ...DEFAULTS, ...config }, dependencies);
}

class DuckDbStore implements TimeSeriesStore {
  readonly engine = 'duckdb';
  readonly #config: DuckDbConfig;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #requests = 0;

  constructor(config: DuckDbConfig, { logger, clock }: DuckDbDependencies) {
    this.#config = config;
    this.#logger = logger;
    this.#clock = clock;
  }

  async open(): Promise<void> {
    if (this.#worker !== undefined) return;
    this.#worker = this.#start();
    try {
      await this.#ask({ op: 'open' });
    } catch (error) {
      await this.#end();
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.#worker === undefined) return;
    try {
      await this.#ask({ op: 'close' });
    } finally {
      await this.#end();
    }
  }

  async write({ interfaces, icmp, offsets }: WriteBatch): Promise<WriteResult> {
    const rows: Columns[] = [columnsOfInterfaces(interfaces), columnsOfIcmp(icmp)].filter(({ count }) => count > 0);
    if (rows.length === 0 && offsets.size === 0) return { refused: 0 };
    // Copied before it is handed over: the caller keeps its rows, and writes them again when this fails.
    const lots = rows.map(packRows);
    const { refused } = await this.#ask(
      { op: 'write', lots, offsets, now: this.#clock.now() },
      lots.map(({ block }) => block),
    );
    if (refused > 0) this.#logger.warn({ rows: refused }, 'samples too old to be kept, or of a time to come, were left out');
    return { refused };
  }

  offsets(): Promise<ReadonlyMap<number, string>> {
    return this.#ask({ op: 'offsets' });
  }

  series(question: SeriesQuestion): Promise<SeriesAnswer> {
    return this.#ask({ op: 'series', question, now: this.#clock.now() });
  }

  async *rows(period: { readonly from: number; readonly to: number }): AsyncGenerator<RowSlice> {
    let { from } = period;
    for (;;) {
      const slice = await this.#ask({ op: 'slice', period: { from, to: period.to } });
      if (slice === null) return;
      const [interfaces, icmp] = slice.lots.map(unpackRows);
      if (interfaces && icmp && interfaces.count + icmp.count > 0) {
        yield { from: slice.from, to: slice.to, interfaces: interfaceRows(interfaces), icmp: icmpRows(icmp) };
      }
      from = slice.to;
    }
  }

  async maintain(now: number): Promise<void> {
    await this.#ask({ op: 'maintain', now });
  }

  export(order: ExportOrder): Promise<{ rows: number; bytes: number }> {
    return writeExport(order.file, (file) => this.#ask({ op: 'copy', order: { ...order, file } }));
  }

  state(): Promise<StoreState> {
    return this.#ask({ op: 'state' });
  }

  #ask<R extends Request>(request: R, transfer: ArrayBuffer[] = []): Promise<Answers[R['op']]> {
    const worker = this.#worker;
    if (worker === undefined) return Promise.reject(new Error('the sample store is not open'));
    const id = ++this.#requests;
    return new Promise<unknown>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.postMessage({ id, request }, transfer);
    }) as Promise<Answers[R['op']]>;
  }

  #start(): Worker {
    const worker = startThread(this.#config);
    worker.on('message', (message: Message) => this.#take(message));
    worker.on('error', (error) => this.#fail(worker, error));
    worker.on('exit', (code) => this.#fail(worker, new Error(`the thread of the sample store ended (${code})`)));
    return worker;
  }

  #take(message: Message): void {
    if ('setAside' in message) {
      this.#logger.error(message.setAside, 'a file of samples could not be read and was set aside; what it held is not in the answers');
      return;
    }
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (pending === undefined) return;
    if ('value' in message) pending.resolve(message.value);
    else pending.reject(new Error(`sample store: ${message.fault}`));
  }

  /** A thread that ended answers nobody; the store can be opened again. */
  #fail(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }

  async #end(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
    for (const { reject } of this.#pending.values()) reject(new Error('the sample store was closed'));
    this.#pending.clear();
  }
}

function startThread(config: DuckDbConfig): Worker {
  const fromSource = import.meta.url.endsWith('.ts');
  const url = new URL(fromSource ? './thread.ts' : './thread.js', import.meta.url);
  if (!fromSource) return new Worker(url, { workerData: config, name: 'samples' });
  // Node 20 gives a thread no loader of its parent: it registers tsx itself.
  const start = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(url.href)}); })`;
  return new Worker(start, { eval: true, workerData: config, name: 'samples', execArgv: ['--conditions=@beacontower/source'] });
}
