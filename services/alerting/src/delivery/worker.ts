import { randomUUID } from 'node:crypto';
import { ChannelBody, type DeliveryJob } from '@beacontower/contracts';
import {
  appendLog,
  type ClaimedDelivery,
  type ClaimResult,
  claimDelivery,
  type Database,
  type DueDelivery,
  readDeliveryTarget,
  readFollowers,
  recordAttempt,
} from '@beacontower/database';
import { judgeAttempt, type SendResult } from '@beacontower/mail';
import { IncidentMessage } from '@beacontower/messages';
import type { Clock, Component, Health, Logger } from '@beacontower/runtime';

import type { Channels } from '../channels/index.ts';
import type { AlertingConfig } from '../config.ts';
import type { AlertingMetrics } from '../metrics.ts';
import type { DeliveryBus } from '../ports.ts';
import { createDeliveryTaker } from './bus.ts';

export interface DeliveryWorkerDependencies {
  readonly database: Database;
  readonly bus: DeliveryBus;
  readonly channels: Channels;
  readonly redisUrl: string;
  readonly bullPrefix: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: AlertingMetrics;
  readonly random: () => number;
}

/** How long `stop` waits for messages under way; what is cut off then is in doubt and found at the next start. */
const STOP_LIMIT_MS = 10_000;
/** Pause before a job whose channel is busy is offered again. */
const BUSY_PAUSE_MS = 250;

/** Sends what the bus says is due. The row is the truth: claimed before, its result recorded after every attempt. */
export class DeliveryWorker implements Component {
  readonly name = 'delivery-worker';
  /** Names this process in claims: the slot, and which run of it. */
  readonly claimant: string;
  readonly #config: AlertingConfig;
  readonly #deps: DeliveryWorkerDependencies;
  readonly #underWay = new Map<string, number>();
  #worker: ReturnType<typeof createDeliveryTaker> | undefined;
  #busyOffers = 0;

  constructor(config: AlertingConfig, deps: DeliveryWorkerDependencies) {
    this.#config = config;
    this.#deps = deps;
    this.claimant = `${config.instance}#${randomUUID()}`;
  }

  async start(): Promise<void> {
    const { redisUrl, bullPrefix, logger } = this.#deps;
    this.#worker = createDeliveryTaker({
      redisUrl,
      bullPrefix,
      concurrency: this.#config.concurrency,
      onError: (error) => logger.warn({ err: error }, 'the deliveries queue has trouble'),
      take: (job) => this.take(job),
    });
  }

  async stop(): Promise<void> {
    await this.#worker?.close(STOP_LIMIT_MS);
    this.#worker = undefined;
  }

  health(): Health {
    return { status: 'ok', detail: `${[...this.#underWay.values()].reduce((sum, count) => sum + count, 0)} messages under way` };
  }

  /** One job. Never rejects: what fails here is overdue in PostgreSQL and queued again by the sweeper. */
  async take(job: DeliveryJob): Promise<void> {
    try {
      await this.#take(job);
    } catch (error) {
      this.#deps.metrics.failures.inc({ part: this.name });
      this.#deps.logger.warn({ err: error, delivery: job.delivery }, 'a delivery could not be taken or recorded');
    }
  }

  async #take(job: DeliveryJob): Promise<void> {
    const { database, bus } = this.#deps;
    const target = await readDeliveryTarget(database, job.delivery);
    if (target === undefined) return;
    const busy = this.#underWay.get(target.channel) ?? 0;
    if (busy >= this.#config.perChannel) {
      this.#busyOffers += 1;
      await bus.add([{ ...job, delayMs: BUSY_PAUSE_MS }], this.#deps.clock.now() * 1_000 + (this.#busyOffers % 1_000));
      return;
    }
    this.#underWay.set(target.channel, busy + 1);
    try {
      const channel = ChannelBody.safeParse(target.body).data;
      const claim = await this.#claim(job, channel);
      if (claim.claim === 'claimed') await this.#attempt(claim.delivery, channel, target.timeZone);
    } finally {
      const left = (this.#underWay.get(target.channel) ?? 1) - 1;
      if (left > 0) this.#underWay.set(target.channel, left);
      else this.#underWay.delete(target.channel);
    }
  }

  #claim(job: DeliveryJob, channel: ChannelBody | undefined): Promise<ClaimResult> {
    const now = this.#deps.clock.now();
    const lapsesAt = now + (channel?.timeoutMs ?? 0) + this.#config.claimMarginMs;
    return this.#deps.database.transaction(async (tx) => {
      const claim = await claimDelivery(tx, { id: job.delivery, attempt: job.attempt, by: this.claimant, now, lapsesAt });
      if (claim.claim === 'cancelled') {
        await appendLog(
          tx,
          [
            {
              kind: 'delivery',
              subject: claim.delivery,
              body: { delivery: claim.delivery, incident: claim.incident, state: 'cancelled', attempt: job.attempt },
              eventAt: now,
            },
          ],
          now,
        );
      }
      return claim;
    });
  }

  async #attempt(delivery: ClaimedDelivery, channel: ChannelBody | undefined, timeZone: string): Promise<void> {
    const result = await this.#send(delivery, channel, timeZone);
    const state = await recordResult(delivery, channel, result, this.#deps);
    if (state === null) return;
    const { metrics, clock } = this.#deps;
    metrics.attempts.inc({ kind: channel?.kind ?? 'none', outcome: result.outcome });
    if (state === 'delivered') metrics.latency.observe({ step: delivery.step }, Math.max(0, clock.now() - delivery.decidedAt) / 1_000);
  }

  async #send(delivery: ClaimedDelivery, channel: ChannelBody | undefined, timeZone: string): Promise<SendResult> {
    const { channels, clock } = this.#deps;
    const refuse = (error: string): SendResult => ({
      outcome: 'rejected',
      status: null,
      response: null,
      error,
      retryAfterMs: null,
      digest: null,
    });
    if (!channel) return refuse(`the channel "${delivery.channel}" is no longer in the inventory`);
    const message = IncidentMessage.safeParse(delivery.payload);
    if (!message.success) return refuse('the stored message cannot be read');
    const { step, address, attempt, follows } = delivery;
    const language = delivery.language === 'zh' ? 'zh' : 'en';
    try {
      return await channels.send({
        channel,
        delivery: delivery.id,
        follows,
        attempt,
        step,
        address,
        language,
        timeZone,
        messages: [message.data],
        total: 1,
        diverted: null,
        template: null,
        now: clock.now(),
      });
    } catch (error) {
      // It could not even be tried (a secret is missing): a person may put that right while it is tried again.
      return { ...refuse(error instanceof Error ? error.message : String(error)), outcome: 'retry' };
    }
  }
}

/**
 * Records what became of an attempt, and queues what follows: the next attempt, or the messages to the same target that waited.
 * Null when somebody else has already declared the attempt in doubt.
 */
export async function recordResult(
  delivery: ClaimedDelivery,
  channel: ChannelBody | undefined,
  result: SendResult,
  deps: Pick<DeliveryWorkerDependencies, 'database' | 'bus' | 'channels' | 'clock' | 'logger' | 'metrics' | 'random'>,
): Promise<'delivered' | 'retrying' | 'uncertain' | 'dead' | null> {
  const { database, bus, clock, metrics, logger } = deps;
  const now = clock.now();
  const verdict = judgeAttempt(result, {
    attempts: delivery.attempt - delivery.attemptBase,
    maxAttempts: channel?.maxAttempts ?? 1,
    inDoubt: channel ? deps.channels.inDoubt(channel) : 'leave',
    random: deps.random(),
  });
  const { id, attempt, incident } = delivery;
  const recorded = await database.transaction(async (tx) => {
    const { outcome, status, response, error } = result;
    const done = await recordAttempt(tx, {
      id,
      attempt,
      outcome,
      state: verdict.state,
      status,
      response,
      error,
      dueAt: now + verdict.pauseMs,
      now,
    });
    const body = { delivery: id, incident, state: verdict.state, attempt };
    if (done) await appendLog(tx, [{ kind: 'delivery', subject: id, body, eventAt: now }], now);
    return done;
  });
  if (!recorded) return null;
  if (result.outcome === 'in-doubt') metrics.inDoubt.inc({ kind: channel?.kind ?? 'none' });
  if (verdict.state !== 'delivered') logger.warn({ delivery: id, attempt, state: verdict.state, reason: result.error }, 'not delivered');
  const jobs =
    verdict.state === 'retrying'
      ? [{ delivery: id, attempt, delayMs: verdict.pauseMs }]
      : (await readFollowers(database, id)).map((follower) => followerJob(follower, now));
  await bus
    .add(jobs, verdict.state === 'retrying' ? undefined : now)
    .catch((error: unknown) => logger.warn({ err: error }, 'the bus took nothing; the sweeper will'));
  return verdict.state;
}

function followerJob(follower: DueDelivery, now: number) {
  return { delivery: follower.id, attempt: follower.attempt, delayMs: Math.max(0, follower.dueAt - now) };
}
