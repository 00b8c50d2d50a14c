import type { Keys } from '@beacontower/queue';
import type { Redis } from 'ioredis';
import type { VerdictBoard } from './ports.ts';

/** The verdict board in Redis: one hash a partition, holding what is not "up". */
export function createVerdictBoard(redis: Redis, keys: Keys): VerdictBoard {
  const replace: VerdictBoard['replace'] = async (partition, verdicts) => {
    const key = keys.verdicts(partition);
    const multi = redis.multi().del(key);
    if (verdicts.size > 0) multi.hset(key, ...flat(verdicts));
    await multi.exec();
  };
  const verify: VerdictBoard['verify'] = async (partition, verdicts) => {
    const stored = Object.entries(await redis.hgetall(keys.verdicts(partition)));
    const agrees = stored.length === verdicts.size && stored.every(([check, verdict]) => verdicts.get(Number(check)) === verdict);
    if (!agrees) await replace(partition, verdicts);
  };
  return {
    replace,
    verify,
    async update(partition, before, verdicts) {
      const key = keys.verdicts(partition);
      const set = new Map([...verdicts].filter(([check, verdict]) => before.get(check) !== verdict));
      const gone = [...before.keys()].filter((check) => !verdicts.has(check));
      // What went and came back within one commit is no difference, and no sign that the board is still there.
      if (set.size === 0 && gone.length === 0) return verify(partition, verdicts);
      const multi = redis.multi();
      if (set.size > 0) multi.hset(key, ...flat(set));
      if (gone.length > 0) multi.hdel(key, ...gone.map(String));
      await multi.exec();
    },
  };
}

function flat(verdicts: ReadonlyMap<number, string>): string[] {
  return [...verdicts].flatMap(([check, verdict]) => [String(check), verdict]);
}
