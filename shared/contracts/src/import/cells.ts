import { z } from 'zod';
import { type Complaint, type Text, text } from '../configuration/fault.ts';
import { readTime } from './times.ts';

/** What is wrong with one cell of a row: the column, and the complaint. */
export interface CellFault<C extends string> extends Complaint {
  readonly column: C;
}

/** What every cell is read with. */
export interface CellSettings {
  /** For local times; null: every time has to say its own. */
  readonly timeZone: string | null;
  readonly now: number;
}

/** Refuses a cell: the complaint travels with the issue of zod (`params`). */
export function refuseCell(context: z.RefinementCtx, code: string, problem: Text, expected: Text): never {
  context.addIssue({ code: 'custom', message: problem.en, params: { complaint: { code, problem, expected } satisfies Complaint } });
  return z.NEVER;
}

/** The complaints of a row that a schema refused, by column. */
export function cellFaults<C extends string>(error: z.ZodError, row: Readonly<Record<string, string>>): CellFault<C>[] {
  return error.issues.map((issue) => {
    const column = String(issue.path[0] ?? '') as C;
    const given = issue.code === 'custom' ? (issue.params?.complaint as Complaint | undefined) : undefined;
    const found = row[column] === undefined ? null : row[column];
    if (given !== undefined) return { column, found, ...given };
    return { column, found, code: 'bad-value', problem: text(issue.message, issue.message), expected: text('another value', '其他值') };
  });
}

const EMPTY = { problem: text('is empty', '为空') };

/** A cell that must hold something of at most `most` characters. */
export const words = (most: number, expected: Text) =>
  z.string().transform((value, context): string => {
    const written = value.trim();
    if (written === '') return refuseCell(context, 'empty', EMPTY.problem, expected);
    if (written.length > most || hasControl(written)) return refuseCell(context, 'bad-text', tooLong(most), expected);
    return written;
  });

/** The same, or nothing: null. */
export const optionalWords = (most: number, expected: Text) =>
  z
    .string()
    .default('')
    .transform((value, context): string | null => {
      const written = value.trim();
      if (written.length > most || hasControl(written)) return refuseCell(context, 'bad-text', tooLong(most), expected);
      return written === '' ? null : written;
    });

const tooLong = (most: number) =>
  text(`longer than ${most} characters, or with characters that cannot be shown`, `超过 ${most} 个字符，或含有不可显示的字符`);
// A NUL cannot be stored, the rest would spoil a terminal.
const hasControl = (value: string): boolean => /(?![\t\n\r\x80-\x9f])\p{Cc}/u.test(value);

/** A moment; `null` where the cell is empty. */
export const moment = (settings: CellSettings) =>
  z
    .string()
    .default('')
    .transform((value, context): number | null => {
      if (value.trim() === '') return null;
      const read = readTime(value, settings.timeZone);
      return 'at' in read ? read.at : refuseCell(context, 'bad-time', read.problem, read.expected);
    });

/** One of several values, each with the words it may be written as. */
export const oneOf = <V>(values: readonly (readonly [V, readonly string[]])[], empty: V | undefined, expected: Text) =>
  z
    .string()
    .default('')
    .transform((value, context): V => {
      const written = value.trim().toLowerCase();
      if (written === '' && empty !== undefined) return empty;
      const found = values.find(([, names]) => names.includes(written));
      return found === undefined
        ? refuseCell(context, 'not-one-of', text('is none of the values it may have', '不是允许的取值'), expected)
        : found[0];
    });
