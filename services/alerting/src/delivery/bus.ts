import { DeliveryJob } from '@beacontower/contracts';
import { bullConnection, DELIVERIES_QUEUE, PatientWorker, withLimit } from '@beacontower/queue';
import { Queue } from 'bullmq';
import type { DeliveryBus } from '../ports.ts';

export interface BusOptions {
  readonly redisUrl: string;
  readonly bullPrefix: string;
  readonly onError: (error: Error) => void;
}

/** The queue `deliveries`. Adding waits at most `ADD_LIMIT_MS`: when Redis is away the rows in PostgreSQL are enough. */
export class BullDeliveryBus implements DeliveryBus {
  readonly #options: BusOptions;
  #queue: Queue | undefined;

  constructor(options: BusOptions) {
    this.#options = options;
  }

  async add(jobs: Parameters<DeliveryBus['add']>[0], retelling?: number): Promise<void> {
    if (jobs.length === 0) return;
    const suffix = retelling === undefined ? '' : `-s${retelling}`;
    const added = this.#open().addBulk(
      jobs.map(({ delivery, attempt, delayMs }) => ({
        name: 'delivery',
        data: { delivery, attempt } satisfies DeliveryJob,
        // BullMQ ignores an id it has seen: the attempt, and the retelling, are part of it.
        opts: {
          jobId: `${delivery}-${attempt}${suffix}`,
          delay: Math.max(0, Math.round(delayMs)),
          removeOnComplete: true,
          removeOnFail: true,
        },
      })),
    );
    await withLimit(added, ADD_LIMIT_MS);
  }

  async close(): Promise<void> {
    await this.#queue?.close();
    this.#queue = undefined;
  }

  #open(): Queue {
    if (this.#queue) return this.#queue;
    const { redisUrl, bullPrefix, onError } = this.#options;
    this.#queue = new Queue(DELIVERIES_QUEUE, { connection: bullConnection(redisUrl), prefix: bullPrefix });
    this.#queue.on('error', onError);
    return this.#queue;
  }
}

const ADD_LIMIT_MS = 2_000;
const LOCK_MS = 30_000;

/** Takes delivery jobs; `take` must not reject. `close` waits for those under way, at most `limitMs`. */
export function createBusWorker(
  options: BusOptions & { readonly concurrency: number; readonly take: (job: DeliveryJob) => Promise<void> },
): { close(limitMs: number): Promise<void> } {
  const worker = new PatientWorker(DELIVERIES_QUEUE, async (job) => options.take(DeliveryJob.parse(job.data)), {
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
