import { DAY, type Rollup } from '../resolution.ts';
import type { Samples } from '../rows.ts';
import type { Marks } from './marks.ts';

/** What DuckDB says of blocks whose contents are not what was written. */
const DAMAGED = /corrupt|checksum|failed to deserialize|serialization error/i;

/** A file of raw rows of one day (UTC). */
export interface DayFile {
  readonly alias: string;
  readonly path: string;
  readonly day: number;
  /** Hours of the day whose rows, or some of them, are not yet in order. */
  readonly fresh: Record<Samples, Set<number>>;
  /** Check → time of its latest row: a later one surely is not stored yet. Read when first asked for. */
  readonly marks: Partial<Record<Samples, Marks>>;
  /** Rows came after the day was rolled up. */
  touched: boolean;
}

/** A file of roll-ups of one month (UTC). */
export interface RollupFile {
  readonly alias: string;
  readonly path: string;
  readonly month: string;
  readonly rollup: Rollup;
  /** By `<samples> <day>`: the check from which on it is still to do; null when it is done. */
  readonly progress: Map<string, number | null>;
}

export type StoreFile = DayFile | RollupFile;

/** A file that could be attached and yet cannot be read. */
export class DamagedFile extends Error {
  override readonly name = 'DamagedFile';
  readonly file: StoreFile;
  constructor(file: StoreFile, cause: unknown) {
    super(messageOf(cause), { cause });
    this.file = file;
  }
}

/** Does something with one file, and names the file when it turns out to be damaged. */
export async function withFile<T>(file: StoreFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw DAMAGED.test(messageOf(error)) ? new DamagedFile(file, error) : error;
  }
}

/** Ids of stream entries are `<ms>-<sequence>`. */
export function compareIds(a: string, b: string): number {
  const [aMs = 0, aSequence = 0] = a.split('-').map(Number);
  const [bMs = 0, bSequence = 0] = b.split('-').map(Number);
  return aMs - bMs || aSequence - bSequence;
}

/** The end of the month of a file, epoch ms. */
export function monthEnd(month: string): number {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return Date.UTC(year, number, 1);
}

/** Epoch ms of the end of a day. */
export const dayEnd = (day: number): number => day + DAY;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
