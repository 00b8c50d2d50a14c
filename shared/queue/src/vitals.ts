import { type Clock, type Component, type Health, type Logger, Loop, type Registry } from '@beacontower/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Keys } from './keys.ts';

const EVERY_MS = 2_000;
/** What was said longer ago than this is not believed any more, ms. */
const BELIEVED_MS = 10_000;
const KEPT_MS = 60_000;
/** How often what processes left that are no more is looked for. The hashes are kept alive by those that are. */
const TIDY_EVERY_MS = 60_000;

/** What one role of one process last said of itself. */
export const Vitals = z.object({
  role: z.string(),
  instance: z.string(),
  pid: z.number().int(),
  at: z.number().int(),
  status: z.enum(['ok', 'starting', 'degraded', 'failed']),
  detail: z.string().optional(),
});
export type Vitals = z.infer<typeof Vitals>;

const ProcessMetrics = z.object({ at: z.number().int(), metrics: z.array(z.record(z.string(), z.unknown())) });

export interface VitalsOptions {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly registry: Registry;
  /** This process's slot, such as `main/judge`. */
  readonly instance: string;
  /** The roles' names with their health now. */
  readonly roles: () => readonly { readonly name: string; readonly health: Health }[];
}

/** Says every 2 s in Redis how each role of this process is, with the process's metrics, so that any API can show all of them. */
export function createVitals(options: VitalsOptions): Component {
  const { redis, keys, clock, registry, instance } = options;
  let tidiedAt = Number.NEGATIVE_INFINITY;
  const loop = new Loop({
    name: 'vitals',
    logger: options.logger,
    pauseMs: EVERY_MS,
    async pass() {
      const at = clock.now();
      const write = redis.pipeline();
      for (const { name, health } of options.roles()) {
        write.hset(keys.health(name), instance, JSON.stringify({ role: name, instance, pid: process.pid, at, ...health }));
        write.pexpire(keys.health(name), KEPT_MS);
      }
      write.hset(keys.metrics, instance, JSON.stringify({ at, metrics: await registry.getMetricsAsJSON() }));
      write.pexpire(keys.metrics, KEPT_MS);
      await write.exec();
      if (clock.monotonic() - tidiedAt >= TIDY_EVERY_MS) {
        tidiedAt = clock.monotonic();
        await forgetGone(redis, keys, options.roles(), at - KEPT_MS);
      }
      return 'pause';
    },
  });
  return {
    name: 'vitals',
    start: async () => loop.start(),
    async stop() {
      await loop.stop();
      if (redis.status !== 'ready') return;
      const forget = redis.pipeline();
      for (const { name } of options.roles()) forget.hdel(keys.health(name), instance);
      await forget.hdel(keys.metrics, instance).exec();
    },
    health: () => ({ status: redis.status === 'ready' ? 'ok' : 'failed' }),
  };
}

/** Takes away what instances of these roles said that have been silent since `before`. */
async function forgetGone(redis: Redis, keys: Keys, roles: readonly { readonly name: string }[], before: number): Promise<void> {
  for (const { name } of roles) {
    const said = Object.entries(await redis.hgetall(keys.health(name)));
    const gone = said.flatMap(([instance, text]) => (Vitals.parse(JSON.parse(text)).at < before ? [instance] : []));
    if (gone.length > 0)
      await redis
        .pipeline()
        .hdel(keys.health(name), ...gone)
        .hdel(keys.metrics, ...gone)
        .exec();
  }
}

/** What each of these roles last said, by instance; a role that has said nothing lately has no entry. */
export async function readVitals(redis: Redis, keys: Keys, roles: readonly string[], now: number): Promise<Vitals[]> {
  const answers = await Promise.all(roles.map((role) => redis.hvals(keys.health(role))));
  return answers
    .flat()
    .map((text) => Vitals.parse(JSON.parse(text)))
    .filter((vitals) => vitals.at > now - BELIEVED_MS);
}

/** Metrics of every process that has spoken lately, as `prom-client` JSON, one list a process; each carries its `process` label. */
export async function readMetrics(redis: Redis, keys: Keys, now: number): Promise<Record<string, unknown>[][]> {
  const answers = await redis.hvals(keys.metrics);
  return answers
    .map((text) => ProcessMetrics.parse(JSON.parse(text)))
    .filter((said) => said.at > now - BELIEVED_MS)
    .map((said) => said.metrics);
}
