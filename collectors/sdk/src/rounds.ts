import type { RoundJob, SampleBatch, ShardPlan } from '@beacontower/contracts';
import { appendSamples, parseShard } from '@beacontower/queue';
import type { Redis } from 'ioredis';
import type { HostClock } from './host-clock.ts';
import type { CollectorMetrics } from './metrics.ts';
import type { PlanCache } from './plan-cache.ts';

/** How a round ended that was begun: looked at, with no trusted vantage, or with something missing of what it was for. */
export type RoundResult = 'taken' | 'blind' | 'failed';

/** What a round needs before anything is asked, and who asks. */
export interface RoundTakerOptions<K extends ShardPlan['kind'], P> {
  readonly clock: Pick<HostClock, 'settle' | 'now' | 'monotonic'>;
  readonly plans: Pick<PlanCache<K, P>, 'get'>;
  readonly metrics: CollectorMetrics;
  readonly round: (job: RoundJob, plan: P) => Promise<RoundResult>;
}

/** Takes rounds that are still in time and have a plan, and counts how each ended. */
export class RoundTaker<K extends ShardPlan['kind'], P> {
  readonly #options: RoundTakerOptions<K, P>;
  #failedInARow = 0;

  constructor(options: RoundTakerOptions<K, P>) {
    this.#options = options;
  }

  /** Rounds begun since the last that did not fail. */
  get failedInARow(): number {
    return this.#failedInARow;
  }

  /** Rejects with what the round threw, for its queue to tell of. */
  async take(job: RoundJob): Promise<void> {
    const { clock, plans, metrics, round } = this.#options;
    await clock.settle();
    if (clock.now() >= job.startBefore) {
      this.#ended(job, 'late');
      return;
    }
    const plan = await plans.get(job.shard, job.planVersion);
    if (!plan) {
      this.#ended(job, 'no-plan');
      return;
    }
    const started = clock.monotonic();
    try {
      const result = await round(job, plan);
      this.#ended(job, result);
      this.#failedInARow = result === 'failed' ? this.#failedInARow + 1 : 0;
    } catch (error) {
      this.#ended(job, 'failed');
      this.#failedInARow++;
      throw error;
    } finally {
      metrics.roundTime.observe((clock.monotonic() - started) / 1_000);
    }
  }

  /** Extra looks are no rounds: nobody scheduled them, so they are counted apart. */
  #ended(job: RoundJob, result: RoundResult | 'late' | 'no-plan'): void {
    const { looks, rounds } = this.#options.metrics;
    if (job.tick === null) looks.inc({ result });
    else rounds.inc({ result, zone: parseShard(job.shard)?.zone ?? '' });
  }
}

/**
 * Appends `rows` samples and counts them; never rejects, since observations do not wait for samples. The batch is encoded before
 * this returns: it may be a view of memory that is used again.
 */
export async function appendCounted(redis: Redis, key: string, batch: SampleBatch, rows: number, metrics: CollectorMetrics): Promise<void> {
  try {
    const { bytes, dropped } = await appendSamples(redis, key, batch);
    metrics.samples.inc(rows);
    metrics.sampleBytes.inc(bytes);
    metrics.samplesDropped.inc(dropped);
  } catch {
    metrics.sampleFailures.inc();
  }
}
