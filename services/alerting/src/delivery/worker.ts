import { randomUUID } from 'node:crypto';
import type { DeliveryJob } from '@beacontower/contracts';
import {
  type ClaimedDelivery,
  type ClaimResult,
  claimDelivery,
  readDeliveryChannel,
  readFollowers,
  readOwnClaim,
} from '@beacontower/database';
import type { Component, Health } from '@beacontower/runtime';
import type { AlertingConfig } from '../config.ts';
import { createDeliveryTaker } from './bus.ts';
import type { DeliveryDirectories, DeliveryDirectory } from './directory.ts';
import { Lanes } from './lanes.ts';
import { failed, sendClaimed } from './outgoing.ts';
import { persist } from './persist.ts';
import { type RecordDependencies, recordResult } from './record.ts';

export interface DeliveryWorkerDependencies extends RecordDependencies {
  readonly directories: DeliveryDirectories;
  readonly redisUrl: string;
  readonly bullPrefix: string;
}

/** How long `stop` waits for messages under way; what is cut off then is in doubt and found at the next start. */
const STOP_LIMIT_MS = 10_000;

/** Sends what the bus says is due. The row is the truth: claimed before, its result recorded after every attempt. */
export class DeliveryWorker implements Component {
  readonly name = 'delivery-worker';
  /** Names this process in claims: the slot, and which run of it. */
  readonly claimant: string;
  readonly #config: AlertingConfig;
  readonly #deps: DeliveryWorkerDependencies;
  #lanes: Lanes;
  #worker: ReturnType<typeof createDeliveryTaker> | undefined;
  /** Attempts at work here, so that what one job has claimed is never taken for the claim of another that was told of it too. */
  readonly #atWork = new Set<string>();
  #said = 0;

  constructor(config: AlertingConfig, deps: DeliveryWorkerDependencies) {
    this.#config = config;
    this.#deps = deps;
    this.#lanes = new Lanes(config.perChannel);
    this.claimant = `${config.instance}#${randomUUID()}`;
  }

  async start(): Promise<void> {
    const { redisUrl, bullPrefix, logger } = this.#deps;
    this.#lanes = new Lanes(this.#config.perChannel);
    this.#worker = createDeliveryTaker({
      redisUrl,
      bullPrefix,
      concurrency: this.#config.concurrency,
      onError: (error) => logger.warn({ err: error }, 'the deliveries queue has trouble'),
      take: (job) => this.take(job),
    });
  }

  async stop(): Promise<void> {
    await Promise.all([this.#worker?.close(STOP_LIMIT_MS), this.#lanes.close(STOP_LIMIT_MS)]);
    this.#worker = undefined;
  }

  health(): Health {
    return { status: 'ok', detail: `${this.#lanes.busy} messages under way` };
  }

  /** One job: its message is sent in the lane of its channel. Never rejects: what fails here is overdue in PostgreSQL and told again. */
  async take(job: DeliveryJob): Promise<void> {
    await this.#guard(job, async () => {
      const where = await readDeliveryChannel(this.#deps.database, job.delivery);
      if (where === undefined) return;
      const directory = await this.#deps.directories.of(where.inventory);
      this.#lanes.enter(where.channel, job.delivery, () => this.#guard(job, () => this.#work(job, directory)));
    });
  }

  async #guard(job: DeliveryJob, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#deps.metrics.failures.inc({ part: this.name });
      this.#deps.logger.warn({ err: error, delivery: job.delivery }, 'a delivery could not be taken or recorded');
    }
  }

  async #work(job: DeliveryJob, directory: DeliveryDirectory): Promise<void> {
    const attempt = `${job.delivery} ${job.attempt}`;
    // The bus told of it twice: should the first fail, the row is overdue and told again.
    if (this.#atWork.has(attempt)) return;
    this.#atWork.add(attempt);
    const claim = await this.#claimAndSend(job, directory).finally(() => this.#atWork.delete(attempt));
    await this.#tellNext(job, claim);
  }

  async #claimAndSend(job: DeliveryJob, directory: DeliveryDirectory): Promise<ClaimResult> {
    const { metrics, clock } = this.#deps;
    const begunAt = clock.now();
    const claim = await this.#claim(job, directory, begunAt);
    if (claim.claim === 'claimed') {
      const { delivery, divertedNow } = claim;
      const why = delivery.diverted.at(-1)?.why;
      if (divertedNow && why) metrics.diverted.inc({ why });
      await this.#attempt(delivery, directory, begunAt);
    }
    return claim;
  }

  async #tellNext(job: DeliveryJob, claim: ClaimResult): Promise<void> {
    const { metrics, clock } = this.#deps;
    if (claim.claim === 'held') {
      metrics.held.inc({ by: claim.by });
      await this.#say([{ ...job, delayMs: Math.max(0, claim.until - clock.now()) }]);
    } else if (claim.claim === 'split-up') {
      await this.#say(claim.deliveries.map(({ id, attempt }) => ({ delivery: id, attempt, delayMs: 0 })));
    } else if (claim.claim === 'given-up') {
      const followers = await readFollowers(this.#deps.database, job.delivery);
      await this.#say(followers.map(({ id, attempt }) => ({ delivery: id, attempt, delayMs: 0 })));
    }
  }

  async #claim(job: DeliveryJob, directory: DeliveryDirectory, now: number): Promise<ClaimResult> {
    const { database, clock } = this.#deps;
    const options = { id: job.delivery, attempt: job.attempt, by: this.claimant, now, channels: directory.terms };
    try {
      return await database.transaction((tx) => claimDelivery(tx, options));
    } catch (error) {
      // The connection may have broken after the claim was committed: then it is ours, and nothing was sent.
      const own = await persist(() => database.transaction((tx) => readOwnClaim(tx, options)), {
        until: now + this.#config.claimMarginMs,
        clock,
      });
      if (own === undefined) throw error;
      return { claim: 'claimed', delivery: own, divertedNow: false };
    }
  }

  async #attempt(delivery: ClaimedDelivery, directory: DeliveryDirectory, begunAt: number): Promise<void> {
    const { metrics, clock, channels } = this.#deps;
    const kind = directory.channels.get(delivery.channel)?.kind ?? 'none';
    if (delivery.attempt === 1 && delivery.releasedAt !== null) {
      metrics.firstAttempt.observe({ kind }, Math.max(0, clock.now() - delivery.releasedAt) / 1_000);
    }
    // So late the claim may lapse before the channel's time-out: another would say that it is in doubt while it is being sent.
    const tooLate = clock.now() - begunAt >= this.#config.claimMarginMs;
    const result = tooLate
      ? failed('retry', 'the record was too slow for it to be sent in time')
      : await sendClaimed(delivery, directory, channels, clock.now());
    // What was sent must not be forgotten because the record is away for a moment.
    const until = begunAt + (directory.terms.get(delivery.channel)?.lapseMs ?? 0);
    const state = await persist(() => recordResult(delivery, directory, result, this.#deps, tooLate ? 'nothing' : undefined), {
      until,
      clock,
    });
    if (state === null) return;
    metrics.attempts.inc({ kind, outcome: result.outcome });
    if (state === 'delivered') metrics.latency.observe({ step: delivery.step }, Math.max(0, clock.now() - delivery.decidedAt) / 1_000);
  }

  // Said again under a name of its own: the bus takes no job that it has seen.
  async #say(jobs: readonly { readonly delivery: string; readonly attempt: number; readonly delayMs: number }[]): Promise<void> {
    this.#said += 1;
    await this.#deps.bus.add(jobs, this.#deps.clock.now() * 1_000 + (this.#said % 1_000));
  }
}
