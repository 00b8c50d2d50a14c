/** The streams of samples as their one reader needs them (`samples.ts` is the writers' half). */
import type { SampleBatch } from '@beacontower/contracts';
import type { Redis } from 'ioredis';
import { decodeSamples } from './codec.ts';
import { messageOf, type RawRow, streamsOf } from './streams.ts';

/** One entry of a stream of samples. `batch` is null when it could not be decoded: count it and go on. */
export interface SampleRecord {
  readonly stream: string;
  readonly id: string;
  readonly batch: SampleBatch | null;
}

/**
 * Reads after the given offsets (stream name → last id seen, "0" for the beginning), blocking up to `blockMs` on a connection of
 * its own. Each stream's entries come in order.
 */
export async function readSamples(
  redis: Redis,
  offsets: ReadonlyMap<string, string>,
  options: { readonly count: number; readonly blockMs: number },
): Promise<SampleRecord[]> {
  if (offsets.size === 0) return [];
  const { count, blockMs } = options;
  const reply = await redis.xreadBuffer('COUNT', count, 'BLOCK', blockMs, 'STREAMS', ...offsets.keys(), ...offsets.values());
  return streamsOf(reply).flatMap(([name, rows]) => rows.map((row) => recordOf(String(name), row)));
}

/** Reads what lies between two ids, both included, oldest first, at most `count` entries. */
export async function readSamplesBetween(redis: Redis, stream: string, from: string, to: string, count: number): Promise<SampleRecord[]> {
  const rows = (await redis.xrangeBuffer(stream, from, to, 'COUNT', count)) as unknown as RawRow[];
  return rows.map((row) => recordOf(stream, row));
}

function recordOf(stream: string, [id, fields]: RawRow): SampleRecord {
  return { stream, id: String(id), batch: tryDecode(messageOf(fields)) };
}

function tryDecode(bytes: Buffer | undefined): SampleBatch | null {
  if (!bytes) return null;
  try {
    return decodeSamples(bytes);
  } catch {
    return null;
  }
}

/** What Redis knows of a stream. */
export interface StreamState {
  readonly length: number;
  /** Entries ever added; null when the server does not count them (before Redis 7). */
  readonly added: number | null;
  readonly lastId: string;
  /** Null when the stream is empty. */
  readonly firstId: string | null;
}

// XINFO answers with the first and the last entry whole, which may be megabytes: only what is asked for leaves the server.
const STATE = `
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
local info, field = redis.call('XINFO', 'STREAM', KEYS[1]), {}
for i = 1, #info, 2 do field[info[i]] = info[i + 1] end
local first = field['first-entry']
return {field['length'], field['entries-added'] or -1, field['last-generated-id'], first and first[1] or ''}`;

/** The state of each stream, in the order asked for; null for one that nobody has written to yet. */
export async function readStreamStates(redis: Redis, streams: readonly string[]): Promise<(StreamState | null)[]> {
  const pipeline = redis.pipeline();
  for (const stream of streams) pipeline.eval(STATE, 1, stream);
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, reply]) => {
    if (error) throw error;
    if (!Array.isArray(reply)) return null;
    const [length, added, lastId, firstId] = reply;
    return {
      length: Number(length),
      added: Number(added) < 0 ? null : Number(added),
      lastId: String(lastId),
      firstId: firstId === '' ? null : String(firstId),
    };
  });
}
