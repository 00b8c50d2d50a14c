import type { SampleBatch } from '@beacontower/contracts';
import type { Redis } from 'ioredis';
import { encodeSamples } from './codec.ts';

/** What became of a batch of samples. */
export interface SampleReceipt {
  readonly bytes: number;
  /** Older entries that had to go to stay within the budget; nobody may have read them. */
  readonly dropped: number;
}

// Redis counts entries, not bytes: the budget is turned into entries by the mean size of what was written of late.
const meanBytes = new Map<string, number>();
const WEIGHT = 0.1;
/** What Redis itself keeps an entry with (id, listpack header), bytes. */
const ENTRY_OVERHEAD = 32;

/**
 * Appends samples to a partition's stream and keeps that within `budgetBytes`: the oldest go first, with a count. Samples
 * never hold up observations, so the caller may let this fail.
 */
export async function appendSamples(redis: Redis, stream: string, batch: SampleBatch, budgetBytes: number): Promise<SampleReceipt> {
  const encoded = encodeSamples(batch);
  const size = encoded.byteLength + ENTRY_OVERHEAD;
  const mean = meanBytes.get(stream) ?? size;
  meanBytes.set(stream, mean + (size - mean) * WEIGHT);
  const entries = entriesWithin(budgetBytes, mean);
  const replies = await redis.pipeline().xlen(stream).xadd(stream, 'MAXLEN', '~', entries, '*', 'e', encoded).xlen(stream).exec();
  const [before, , after] = (replies ?? []).map(([error, value]) => {
    if (error) throw error;
    return Number(value);
  });
  return { bytes: encoded.byteLength, dropped: Math.max(0, (before ?? 0) + 1 - (after ?? 0)) };
}

/** How many entries of a mean size a byte budget holds; at least one, since a stream that keeps nothing is of no use. */
export function entriesWithin(budgetBytes: number, meanEntryBytes: number): number {
  return Math.max(1, Math.floor(budgetBytes / Math.max(1, meanEntryBytes)));
}
