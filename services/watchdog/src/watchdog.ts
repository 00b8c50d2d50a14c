import { type HeartbeatState, type SelfFacts, type SelfFinding, type SelfReport, timestamp, timestampOrNull } from '@beacontower/contracts';
import { type Clock, type Component, type Health, type Logger, Loop, type Registry } from '@beacontower/runtime';
import { WATCHDOG_DEFAULTS, type WatchdogConfig } from './config.ts';
import { type GatherDependencies, Gatherer } from './gather/gather.ts';
import { within } from './gather/within.ts';
import { beat } from './heartbeat.ts';
import { judgeSelf, statusOf } from './judge.ts';
import { createSelfMetrics, type SelfMetrics } from './metrics.ts';

export interface WatchdogDependencies extends GatherDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
}

/** What a watchdog said is kept so long in Redis; who reads it judges by its age. */
const KEPT_MS = 600_000;

export type WatchdogOptions = Partial<WatchdogConfig> & Pick<WatchdogConfig, 'instance' | 'roles' | 'dataDirectory' | 'heartbeat'>;

/** The watch over the node itself: looks at everything, says what is wrong, and lets the world outside know that it watches. */
export function createWatchdog(options: WatchdogOptions, deps: WatchdogDependencies): Component {
  return new Watchdog({ ...WATCHDOG_DEFAULTS, ...options }, deps);
}

class Watchdog implements Component {
  readonly name = 'watchdog';
  readonly #config: WatchdogConfig;
  readonly #deps: WatchdogDependencies;
  readonly #metrics: SelfMetrics;
  readonly #gatherer: Gatherer;
  readonly #looking: Loop;
  readonly #beating: Loop;
  #report: SelfReport | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #startedAt = Number.NEGATIVE_INFINITY;
  /** Roles heard since the start. One that falls silent afterwards is not waited for. */
  readonly #heard = new Set<string>();
  #lastBeat: { words: string; successAt: number | null } = { words: '', successAt: null };

  constructor(config: WatchdogConfig, deps: WatchdogDependencies) {
    this.#config = config;
    this.#deps = deps;
    this.#metrics = createSelfMetrics(deps.registry);
    this.#gatherer = new Gatherer(config, deps);
    this.#looking = new Loop({
      name: 'watchdog',
      logger: deps.logger,
      pauseMs: config.everyMs,
      pass: async () => {
        await this.#look();
        return 'pause';
      },
    });
    this.#beating = new Loop({
      name: 'heartbeat',
      logger: deps.logger,
      pauseMs: config.heartbeat?.intervalMs ?? 60_000,
      pass: async () => {
        await this.#beat();
        return 'pause';
      },
    });
  }

  async start(): Promise<void> {
    this.#startedAt = this.#deps.clock.monotonic();
    this.#looking.start();
    if (this.#config.heartbeat !== null) this.#beating.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#looking.stop(), this.#beating.stop()]);
    const { redis, keys } = this.#deps;
    if (redis.status === 'ready') await within(1_000, redis.hdel(keys.self, this.#config.instance)).catch(() => undefined);
  }

  /** The watchdog itself is well when it can look; that something is wrong elsewhere is what it says, not what it is. */
  health(): Health {
    const { words } = this.#lastBeat;
    const outside = words.startsWith('refused') || words.startsWith('not sent');
    return outside ? { status: 'degraded', detail: `heartbeat ${words}` } : { status: 'ok' };
  }

  async #look(): Promise<void> {
    const { clock, redis, keys } = this.#deps;
    const { instance, limits } = this.#config;
    const begun = clock.monotonic();
    const { facts, node } = await this.#gatherer.gather();
    const at = clock.now();
    const findings = judgeSelf(facts, limits, at, this.#report?.findings ?? [], this.#awaited(facts));
    const report: SelfReport = {
      at: timestamp(at),
      node,
      status: statusOf(facts, findings),
      findings,
      facts,
      heartbeat: this.#heartbeatState(),
    };
    this.#tell(this.#report?.findings ?? [], findings);
    const wasFirstToWork = this.#report?.status !== report.status;
    this.#report = report;
    this.#lookedAt = clock.monotonic();
    this.#metrics.show(report);
    this.#metrics.looks.observe((clock.monotonic() - begun) / 1_000);
    if (wasFirstToWork) this.#beating.wake();
    if (redis.status !== 'ready') return;
    const write = redis.pipeline().hset(keys.self, instance, JSON.stringify(report)).pexpire(keys.self, KEPT_MS).exec();
    await within(this.#config.askMs, write);
  }

  #awaited(facts: SelfFacts): ReadonlySet<string> {
    for (const { role } of facts.roles) this.#heard.add(role);
    const isYoung = this.#deps.clock.monotonic() - this.#startedAt < this.#config.roleGraceMs;
    return new Set(isYoung ? facts.silentRoles.filter((role) => !this.#heard.has(role)) : []);
  }

  async #beat(): Promise<void> {
    const { heartbeat, everyMs, askMs } = this.#config;
    const { clock, logger } = this.#deps;
    // What was found long ago proves nothing: a watchdog that cannot look any more does not beat either.
    const isFresh = clock.monotonic() - this.#lookedAt <= 3 * everyMs + 2 * askMs;
    if (heartbeat === null || this.#report === undefined || !isFresh) return;
    const result = await beat(heartbeat, this.#report);
    this.#metrics.beats.inc({ result: result.kind });
    if (result.words !== this.#lastBeat.words) {
      const level = result.kind === 'sent' || this.#report.status === 'starting' ? 'info' : 'warn';
      logger[level]({ result: result.kind }, `heartbeat ${result.words}`);
    }
    this.#lastBeat = { words: result.words, successAt: result.kind === 'sent' ? clock.now() : this.#lastBeat.successAt };
  }

  #heartbeatState(): HeartbeatState | null {
    const { heartbeat } = this.#config;
    if (heartbeat === null) return null;
    const { words, successAt } = this.#lastBeat;
    return { intervalMs: heartbeat.intervalMs, lastSuccess: timestampOrNull(successAt), lastResult: words === '' ? null : words };
  }

  /** Each finding is logged when it comes and when it has gone, not at every look. */
  #tell(before: readonly SelfFinding[], now: readonly SelfFinding[]): void {
    const { logger } = this.#deps;
    const same = (a: SelfFinding, b: SelfFinding) => a.code === b.code && a.subject === b.subject;
    for (const finding of now.filter((each) => !before.some((old) => same(each, old)))) {
      const { code, severity, subject, text } = finding;
      logger[severity === 'critical' ? 'error' : 'warn']({ code, subject }, text.en);
    }
    for (const gone of before.filter((each) => !now.some((kept) => same(each, kept))))
      logger.info({ code: gone.code, subject: gone.subject, since: gone.since }, 'no longer so');
  }
}
