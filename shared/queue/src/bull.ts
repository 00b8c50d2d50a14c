import type { RedisOptions } from 'bullmq';
import { redisOptions } from './redis.ts';

/** Our connection options as BullMQ types them; it makes connections of its own from them. */
export function bullConnection(url: string): RedisOptions {
  const given = Object.entries(redisOptions(url)).filter(([, value]) => value !== undefined && value !== null);
  return { ...Object.fromEntries(given), maxRetriesPerRequest: null };
}

/** Waits for the bus at most `limitMs`; what comes later is of no interest, its failure included. */
export async function withLimit(work: Promise<unknown>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`the bus did not answer within ${limitMs} ms`)), limitMs);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
