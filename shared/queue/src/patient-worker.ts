import { setTimeout as sleep } from 'node:timers/promises';
import { type Job, Worker } from 'bullmq';

/** Pause after a job could not be asked for, ms. */
const REST_MS = 500;

/**
 * A BullMQ worker that rests when Redis answers but refuses (a full disk, no memory left): BullMQ itself asks again at once, some
 * thousand times a second, and tells each refusal.
 */
export class PatientWorker<Data> extends Worker<Data> {
  protected override async moveToActive(token: string, name?: string): Promise<Job<Data>> {
    try {
      return await super.moveToActive(token, name);
    } catch (error) {
      await sleep(REST_MS);
      throw error;
    }
  }
}
