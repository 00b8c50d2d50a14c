import { CONFIRMED, type RoundJob, type ShardPlan, VERDICT } from '@beacontower/contracts';
import {
  appendEntries,
  type createRedis,
  createRoundWorker,
  type Keys,
  packInt32,
  packUint8,
  packUint32,
  type RoundWorker,
  readPlan,
} from '@beacontower/queue';

type Redis = ReturnType<typeof createRedis>;

/** How long a round takes when somebody is silent, ms, as fping's would: three probes 300 ms apart and the last one's time-out, twice. */
const SILENT_MS = 2_600;
const SWIFT_MS = 700;

/** A collector that sends nothing: takes rounds and extra looks as a real one does, and says what it was told is so. */
export class SimulatedCollector {
  readonly #redis: Redis;
  readonly #keys: Keys;
  readonly #plans = new Map<string, ShardPlan>();
  readonly #worker: RoundWorker;
  #down: (check: number) => boolean = () => false;

  constructor(options: {
    readonly redis: Redis;
    readonly redisUrl: string;
    readonly keys: Keys;
    readonly onError: (error: Error) => void;
  }) {
    const { redis, redisUrl, keys, onError } = options;
    this.#redis = redis;
    this.#keys = keys;
    const take = (round: RoundJob) => this.#take(round);
    this.#worker = createRoundWorker({ redisUrl, keys, kind: 'icmp', zone: 'main', concurrency: 16, onError, take });
  }

  /** From now on these are silent, and all others answer. */
  set(down: (check: number) => boolean): void {
    this.#down = down;
  }

  close(): Promise<void> {
    return this.#worker.close(1_000);
  }

  async #take({ shard, planVersion, tick, startBefore, checks: asked }: RoundJob): Promise<void> {
    const startedAt = Date.now();
    if (startedAt > startBefore) return;
    const plan = await this.#plan(shard, planVersion);
    if (!plan) return;
    const checks = asked ?? plan.checks;
    // What is so when the probes leave, not when they come back.
    const silent = checks.map(this.#down);
    await new Promise((resolve) => setTimeout(resolve, silent.includes(true) ? SILENT_MS : SWIFT_MS));
    const entry = {
      ...{ type: 'observations' as const, shard, planVersion, tick, startedAt, endedAt: Date.now(), collector: 'storm' },
      ...{ vantage: 'seeing' as const, clockUncertaintyMs: 0, checks: packUint32(checks) },
      verdicts: packUint8(silent.map((each) => (each ? VERDICT.down : VERDICT.up) | CONFIRMED)),
      first: packInt32(silent.map((each) => (each ? 1_000 : 50))),
      last: packInt32(silent.map(() => 600)),
    };
    await appendEntries(this.#redis, this.#keys.observations(plan.partition), [entry]);
  }

  async #plan(shard: string, version: number): Promise<ShardPlan | null> {
    const known = this.#plans.get(shard);
    if (known?.version === version) return known;
    const plan = await readPlan(this.#redis, this.#keys, shard);
    if (plan) this.#plans.set(shard, plan);
    return plan;
  }
}
