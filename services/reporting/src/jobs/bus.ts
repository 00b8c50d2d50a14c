import { ReportJob } from '@beacontower/contracts';
import { bullConnection, PatientWorker, REPORTS_QUEUE, withLimit } from '@beacontower/queue';
import { Queue } from 'bullmq';

export interface BusOptions {
  readonly redisUrl: string;
  readonly bullPrefix: string;
  readonly onError: (error: Error) => void;
}

/** The bus that says "now" to report workers. It may lose what it was told: the sweeper says it again. */
export interface ReportBus {
  /** `retelling` marks a job said again, so that the bus does not take it for the first. */
  add(jobs: readonly ReportJob[], retelling?: number): Promise<void>;
  close(): Promise<void>;
}

const ADD_LIMIT_MS = 2_000;
const LOCK_MS = 30_000;

/** The queue `reports`. When Redis is away the rows in PostgreSQL are enough. */
export function createReportBus({ redisUrl, bullPrefix, onError }: BusOptions): ReportBus {
  let queue: Queue | undefined;
  const open = () => {
    if (queue === undefined) {
      queue = new Queue(REPORTS_QUEUE, { connection: bullConnection(redisUrl), prefix: bullPrefix });
      queue.on('error', onError);
    }
    return queue;
  };
  return {
    async add(jobs, retelling) {
      if (jobs.length === 0) return;
      const suffix = retelling === undefined ? '' : `-s${retelling}`;
      const added = open().addBulk(
        jobs.map((job) => ({
          name: 'report',
          data: job,
          // BullMQ ignores an id it has seen: the attempt, and the retelling, are part of it.
          opts: { jobId: `${job.report}-${job.attempt}${suffix}`, removeOnComplete: true, removeOnFail: true },
        })),
      );
      await withLimit(added, ADD_LIMIT_MS);
    },
    async close() {
      await queue?.close();
    },
  };
}

/** Takes report jobs; `take` must not reject, and says how far it is. `close` waits for those under way, at most `limitMs`. */
export function createReportTaker(
  options: BusOptions & {
    readonly concurrency: number;
    readonly take: (job: ReportJob, tell: (percent: number) => Promise<void>) => Promise<void>;
  },
): { close(limitMs: number): Promise<void> } {
  const worker = new PatientWorker(
    REPORTS_QUEUE,
    async (job) =>
      options.take(ReportJob.parse(job.data), async (percent) => {
        await withLimit(job.updateProgress(percent), ADD_LIMIT_MS).catch(() => undefined);
      }),
    {
      connection: bullConnection(options.redisUrl),
      prefix: options.bullPrefix,
      concurrency: options.concurrency,
      lockDuration: LOCK_MS,
      // The rows' claims say what became of a dead worker's jobs; a job taken up again finds them and does nothing.
      stalledInterval: LOCK_MS,
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
    },
  );
  worker.on('error', options.onError);
  worker.on('failed', (_job, error) => options.onError(error));
  return { close: (limitMs) => withLimit(worker.close(), limitMs).catch(() => worker.close(true)) };
}
