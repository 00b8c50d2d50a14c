import type { SampleBatch } from '@beacontower/contracts';
import type { Redis } from 'ioredis';
import { encodeSamples } from './codec.ts';

/**
 * Bytes of samples kept in each partition's stream, whoever writes them: collectors of every kind share the streams, and a
 * smaller budget of one of them would take the samples of all.
 */
const SAMPLE_BUDGET_BYTES = 64 * 1024 * 1024;

/** What became of a batch of samples. */
export interface SampleReceipt {
  readonly bytes: number;
  /** Older entries that had to go to stay within the budget; nobody may have read them. */
  readonly dropped: number;
}

// Redis counts entries, not bytes: the budget is turned into entries by their mean size. Collectors of several kinds share a stream
// and write batches of quite different sizes, so it is Redis that is asked, now and then; until it was, our own writes stand for all.
interface Size {
  mean: number;
  isMeasured: boolean;
  askedAt: number;
}
const sizes = new Map<string, Size>();
const WEIGHT = 0.1;
const ASK_EVERY_MS = 5_000;
/** Nodes of the stream that Redis looks at to tell its memory. */
const LOOKED_AT = 20;
/** What Redis itself keeps an entry with (id, listpack header), bytes. */
const ENTRY_OVERHEAD = 32;

/**
 * Appends samples to a partition's stream and keeps that within `budgetBytes`: the oldest go first, with a count. Samples
 * never hold up observations, so the caller may let this fail.
 */
export async function appendSamples(
  redis: Redis,
  stream: string,
  batch: SampleBatch,
  budgetBytes = SAMPLE_BUDGET_BYTES,
): Promise<SampleReceipt> {
  const encoded = encodeSamples(batch);
  const own = encoded.byteLength + ENTRY_OVERHEAD;
  const size = await sizeOf(redis, stream, own);
  if (!size.isMeasured) size.mean += (own - size.mean) * WEIGHT;
  const replies = await redis
    .pipeline()
    .xlen(stream)
    .xadd(stream, 'MAXLEN', '~', entriesWithin(budgetBytes, size.mean), '*', 'e', encoded)
    .xlen(stream)
    .exec();
  const [before, , after] = (replies ?? []).map(([error, value]) => {
    if (error) throw error;
    return Number(value);
  });
  return { bytes: encoded.byteLength, dropped: Math.max(0, (before ?? 0) + 1 - (after ?? 0)) };
}

/** The mean size of an entry; asked for before the first write of ours, which might trim by a wrong one, and now and then. */
async function sizeOf(redis: Redis, stream: string, own: number): Promise<Size> {
  const size = sizes.get(stream) ?? { mean: own, isMeasured: false, askedAt: Number.NEGATIVE_INFINITY };
  sizes.set(stream, size);
  if (performance.now() - size.askedAt < ASK_EVERY_MS) return size;
  size.askedAt = performance.now();
  const replies = (await redis.pipeline().call('MEMORY', 'USAGE', stream, 'SAMPLES', LOOKED_AT).xlen(stream).exec()) ?? [];
  const [bytes, entries] = replies.map(([error, value]) => (error ? 0 : Number(value)));
  // A server that does not tell (the command can be forbidden) leaves us with what we know of our own writes.
  if (bytes && entries) Object.assign(size, { mean: bytes / entries, isMeasured: true });
  return size;
}

/** How many entries of a mean size a byte budget holds; at least one, since a stream that keeps nothing is of no use. */
export function entriesWithin(budgetBytes: number, meanEntryBytes: number): number {
  return Math.max(1, Math.floor(budgetBytes / Math.max(1, meanEntryBytes)));
}
