import type { Page } from '@beacontower/contracts';
import { z } from 'zod';

/** Thrown for a cursor that is not one of this list. */
export class InvalidCursor extends Error {
  readonly code = 'invalid-cursor';
  constructor() {
    super('the cursor is not one that this list gave');
    this.name = 'InvalidCursor';
  }
}

/** An opaque place in a list: the sort key of the last row seen, so that rows that come or go do not shift pages. */
export function encodeCursor(list: string, key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([list, ...key])).toString('base64url');
}

/** Reads a cursor of the list back with the schema of its key; undefined stays undefined. Throws `InvalidCursor`. */
export function decodeCursor<T extends readonly (string | number)[]>(
  list: string,
  key: z.ZodType<T>,
  cursor: string | undefined,
): T | undefined {
  if (cursor === undefined) return undefined;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw new InvalidCursor();
  }
  if (!Array.isArray(parts) || parts[0] !== list) throw new InvalidCursor();
  const parsed = key.safeParse(parts.slice(1));
  if (!parsed.success) throw new InvalidCursor();
  return parsed.data;
}

/** One page of rows that were read with one row more than `limit`, to know whether another page follows. */
export function toPage<R, T>(
  rows: readonly R[],
  limit: number,
  list: string,
  key: (row: R) => readonly (string | number)[],
  item: (row: R) => T,
): Page<T> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { items: kept.map(item), nextCursor: rows.length > limit && last !== undefined ? encodeCursor(list, key(last)) : null };
}

const text = z
  .string()
  .max(512)
  .refine((value) => !value.includes('\0'));
export const TextKey = z.tuple([text]);
export const NumberKey = z.tuple([z.number().int()]);
export const TimeAndIdKey = z.tuple([z.number().int(), z.guid()]);
export const NumberAndTextKey = z.tuple([z.number().int(), text]);
