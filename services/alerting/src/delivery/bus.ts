import { DeliveryJob } from '@beacontower/contracts';
import { DELIVERIES_QUEUE, JobQueue, type JobQueueOptions, type JobTaker, takeJobs } from '@beacontower/queue';
import type { DeliveryBus } from '../ports.ts';

type BusOptions = Omit<JobQueueOptions, 'queue'>;

/** The queue `deliveries`. When Redis is away the rows in PostgreSQL are enough. */
export function createDeliveryBus(options: BusOptions): DeliveryBus & { close(): Promise<void> } {
  const queue = new JobQueue({ ...options, queue: DELIVERIES_QUEUE });
  return {
    add(jobs, retelling) {
      const rows = jobs.map(({ delivery, attempt, delayMs }) => {
        const data: DeliveryJob = { delivery, attempt };
        return { id: delivery, attempt, data, delayMs };
      });
      return queue.add(rows, retelling);
    },
    close: () => queue.close(),
  };
}

/** Takes delivery jobs; `take` must not reject. `close` waits for those under way, at most `limitMs`. */
export function createDeliveryTaker(
  options: BusOptions & { readonly concurrency: number; readonly take: (job: DeliveryJob) => Promise<void> },
): JobTaker {
  return takeJobs({ ...options, queue: DELIVERIES_QUEUE, take: async (data) => options.take(DeliveryJob.parse(data)) });
}
