import { type BulkJobOptions, type Job, Queue } from 'bullmq';
import { bullConnection, withLimit } from './bull.ts';
import { PatientWorker } from './patient-worker.ts';

const ADD_LIMIT_MS = 2_000;
const LOCK_MS = 30_000;

export interface JobQueueOptions {
  /** The queue's name. */
  readonly queue: string;
  readonly redisUrl: string;
  readonly bullPrefix: string;
  readonly onError: (error: Error) => void;
}

/** A job of a row that is in PostgreSQL. */
export interface RowJob {
  readonly id: string;
  /** The attempt and, when the job is said again, when that was are part of its identity: the bus ignores what it has seen. */
  readonly attempt: number;
  readonly data: object;
  readonly delayMs?: number;
}

/** The bus as a bell: it says "now" of rows, and may lose what it was told, for whoever keeps the rows says it again. */
export class JobQueue {
  readonly #options: JobQueueOptions;
  #queue: Queue | undefined;

  constructor(options: JobQueueOptions) {
    this.#options = options;
  }

  /** Rejects when Redis does not take the jobs within two seconds. `retelling` marks jobs said again. */
  async add(jobs: readonly RowJob[], retelling?: number): Promise<void> {
    if (jobs.length === 0) return;
    const suffix = retelling === undefined ? '' : `-s${retelling}`;
    const added = this.#open().addBulk(
      jobs.map(({ id, attempt, data, delayMs = 0 }) => {
        const delay = Math.max(0, Math.round(delayMs));
        const opts: BulkJobOptions = { jobId: `${id}-${attempt}${suffix}`, delay, removeOnComplete: true, removeOnFail: true };
        return { name: this.#options.queue, data, opts };
      }),
    );
    await withLimit(added, ADD_LIMIT_MS);
  }

  async close(): Promise<void> {
    await this.#queue?.close();
    this.#queue = undefined;
  }

  #open(): Queue {
    if (this.#queue) return this.#queue;
    const { queue, redisUrl, bullPrefix, onError } = this.#options;
    this.#queue = new Queue(queue, { connection: bullConnection(redisUrl), prefix: bullPrefix });
    this.#queue.on('error', onError);
    return this.#queue;
  }
}

/** Takes jobs of rows. */
export interface JobTaker {
  /** Waits for the jobs under way, at most `limitMs`. */
  close(limitMs: number): Promise<void>;
}

/** Takes the jobs of a `JobQueue`. `take` must not reject; `tell` says how far it is, in percent, as far as the bus will have it. */
export function takeJobs(
  options: JobQueueOptions & {
    readonly concurrency: number;
    readonly take: (data: unknown, tell: (percent: number) => Promise<void>) => Promise<void>;
  },
): JobTaker {
  const take = (job: Job) =>
    options.take(job.data, (percent) => withLimit(job.updateProgress(percent), ADD_LIMIT_MS).catch(() => undefined));
  const worker = new PatientWorker(options.queue, take, {
    connection: bullConnection(options.redisUrl),
    prefix: options.bullPrefix,
    concurrency: options.concurrency,
    lockDuration: LOCK_MS,
    // The rows' claims say what became of a dead worker's jobs; a job taken up again finds them and does nothing.
    stalledInterval: LOCK_MS,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  worker.on('error', options.onError);
  worker.on('failed', (_job, error) => options.onError(error));
  return { close: (limitMs) => withLimit(worker.close(), limitMs).catch(() => worker.close(true)) };
}
