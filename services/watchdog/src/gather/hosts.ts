import { statfs } from 'node:fs/promises';
import type { SelfFacts } from '@beacontower/contracts';
import type { Vitals } from '@beacontower/queue';
import type { Clock } from '@beacontower/runtime';
import type { Redis } from 'ioredis';

const SAMPLES = 3;

/** Redis's time less this host's, ms, by the quickest of a few ways there and back; what the way could explain says nothing. */
export async function measureOffset(redis: Redis, clock: Clock): Promise<number> {
  let best: { halfWay: number; offset: number } | undefined;
  for (let i = 0; i < SAMPLES; i++) {
    const sentAt = clock.monotonic();
    const wall = clock.now();
    const [seconds, microseconds] = await redis.time();
    const halfWay = (clock.monotonic() - sentAt) / 2;
    const offset = Number(seconds) * 1_000 + Number(microseconds) / 1_000 - (wall + halfWay);
    if (!best || halfWay < best.halfWay) best = { halfWay, offset };
  }
  return best && Math.abs(best.offset) > best.halfWay + 1 ? Math.round(best.offset) : 0;
}

/** A process whose stamp lies in the future has a clock that goes ahead; one that lags behind looks silent instead. */
const AHEAD_MS = 100;

/** What the vitals tell of the clocks of those that wrote them. `now` is Redis's time. */
export function clockFacts(offsetMs: number, vitals: readonly Vitals[], now: number): NonNullable<SelfFacts['clock']> {
  const ahead = new Map<string, number>();
  for (const { instance, at } of vitals) {
    const by = Math.round(at - now);
    if (by > AHEAD_MS) ahead.set(instance, Math.max(by, ahead.get(instance) ?? 0));
  }
  return { offsetMs, ahead: [...ahead].sort().map(([instance, aheadMs]) => ({ instance, aheadMs })) };
}

/** What Redis says of its memory and its file. */
export async function readRedis(redis: Redis): Promise<NonNullable<SelfFacts['redis']>> {
  const lines = (await redis.info()).split(/\r?\n/).map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1)];
  });
  const said = new Map(lines);
  const limit = Number(said.get('maxmemory') ?? 0);
  const isOn = said.get('aof_enabled') === '1';
  return {
    usedBytes: Number(said.get('used_memory') ?? 0),
    limitBytes: limit > 0 ? limit : null,
    evicts: (said.get('maxmemory_policy') ?? 'noeviction') !== 'noeviction',
    persistent: isOn,
    persistenceFails: isOn && (said.get('aof_last_write_status') ?? 'ok') !== 'ok',
  };
}

/** Room on the disk of a directory; null when it is not there (another host holds the data). */
export async function readDisk(directory: string): Promise<SelfFacts['disk']> {
  try {
    const { bavail, blocks, bsize } = await statfs(directory);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return null;
  }
}
