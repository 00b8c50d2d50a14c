import type { StreamEntry } from '@beacontower/contracts';
import type { Redis } from 'ioredis';
import { decodeEntry, encodeEntry } from './codec.ts';

/** One entry read from a stream. `entry` is null when it could not be decoded: count it and go on. */
export interface StreamRecord {
  readonly stream: string;
  readonly id: string;
  readonly entry: StreamEntry | null;
}

/** Appends entries to a stream, in order, in one round trip. Returns their ids. Rejects when Redis did not take them. */
export async function appendEntries(redis: Redis, stream: string, entries: readonly StreamEntry[]): Promise<string[]> {
  const pipeline = redis.pipeline();
  for (const entry of entries) pipeline.xadd(stream, '*', 'e', encodeEntry(entry));
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, id]) => {
    if (error) throw error;
    return String(id);
  });
}

/**
 * Reads after the given offsets (stream name → last id seen, "0" for the beginning), blocking up to `blockMs` on a
 * connection of its own. Each stream's entries come in order.
 */
export async function readEntries(
  redis: Redis,
  offsets: ReadonlyMap<string, string>,
  options: { count: number; blockMs: number },
): Promise<StreamRecord[]> {
  if (offsets.size === 0) return [];
  const reply = await redis.xreadBuffer(
    'COUNT',
    options.count,
    'BLOCK',
    options.blockMs,
    'STREAMS',
    ...offsets.keys(),
    ...offsets.values(),
  );
  return streamsOf(reply).flatMap(([name, rows]) =>
    rows.map(([id, fields]) => ({ stream: String(name), id: String(id), entry: tryDecode(fields) })),
  );
}

export type RawRow = [id: Buffer, fields: Buffer[]];

/** Streams with their rows: RESP2 answers XREAD with pairs; RESP3 (ioredis 6) with a map that may arrive flattened or as a Map. */
export function streamsOf(reply: unknown): [Buffer, RawRow[]][] {
  if (reply === null || reply === undefined) return [];
  if (reply instanceof Map) return [...reply.entries()] as [Buffer, RawRow[]][];
  const list = reply as unknown[];
  if (list.length > 0 && !Array.isArray(list[0])) {
    const pairs: [Buffer, RawRow[]][] = [];
    for (let i = 0; i + 1 < list.length; i += 2) pairs.push([list[i] as Buffer, list[i + 1] as RawRow[]]);
    return pairs;
  }
  return list as [Buffer, RawRow[]][];
}

/** The message in an entry's fields: the value of the field `e`. */
export function messageOf(fields: readonly Buffer[]): Buffer | undefined {
  return fields[fields.findIndex((field, index) => index % 2 === 0 && field.toString() === 'e') + 1];
}

function tryDecode(fields: Buffer[]): StreamEntry | null {
  const value = messageOf(fields);
  if (!value) return null;
  try {
    return decodeEntry(value);
  } catch {
    return null;
  }
}

/** Removes what lies below `id` (exclusive). Never call it with an id above what PostgreSQL has committed. */
export async function trimStream(redis: Redis, stream: string, id: string): Promise<number> {
  return redis.xtrim(stream, 'MINID', '~', id);
}

/** Orders two stream ids (`<ms>-<n>`): negative when `a` is older. */
export function compareStreamIds(a: string, b: string): number {
  const [aMs = 0, aN = 0] = a.split('-').map(Number);
  const [bMs = 0, bN = 0] = b.split('-').map(Number);
  return aMs - bMs || aN - bN;
}
