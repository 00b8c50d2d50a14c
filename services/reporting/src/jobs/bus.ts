import { ReportJob } from '@beacontower/contracts';
import { JobQueue, type JobQueueOptions, type JobTaker, REPORTS_QUEUE, takeJobs } from '@beacontower/queue';

type BusOptions = Omit<JobQueueOptions, 'queue'>;

/** The bus that says "now" to report workers. It may lose what it was told: the sweeper says it again. */
export interface ReportBus {
  /** `retelling` marks a job said again, so that the bus does not take it for the first. */
  add(jobs: readonly ReportJob[], retelling?: number): Promise<void>;
  close(): Promise<void>;
}

/** The queue `reports`. When Redis is away the rows in PostgreSQL are enough. */
export function createReportBus(options: BusOptions): ReportBus {
  const queue = new JobQueue({ ...options, queue: REPORTS_QUEUE });
  return {
    add(jobs, retelling) {
      const rows = jobs.map((job) => ({ id: job.report, attempt: job.attempt, data: job }));
      return queue.add(rows, retelling);
    },
    close: () => queue.close(),
  };
}

/** Takes report jobs; `take` must not reject, and says how far it is. `close` waits for those under way, at most `limitMs`. */
export function createReportTaker(
  options: BusOptions & {
    readonly concurrency: number;
    readonly take: (job: ReportJob, tell: (percent: number) => Promise<void>) => Promise<void>;
  },
): JobTaker {
  const take = async (data: unknown, tell: (percent: number) => Promise<void>) => options.take(ReportJob.parse(data), tell);
  return takeJobs({ ...options, queue: REPORTS_QUEUE, take });
}
