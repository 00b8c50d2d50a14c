import { INTERFACE_COUNTERS } from '@beacontower/contracts';
import { type ColumnBuffer, giveBack } from './column-buffer.ts';
import { ADMIN, OPER, type PollColumns } from './columns.ts';
import { type Previous, sameRows } from './memory.ts';
import type { AnswerTime } from './walk.ts';
import { TAG } from './wire/port.ts';

/** What one poll read of a device's interface table, or of a part of it. Gives its buffers back by `release`. */
export class Reading {
  readonly columns: PollColumns;
  readonly answers: readonly AnswerTime[];
  /** ifIndex of every row, ascending. */
  readonly indexes: Uint32Array;
  /** Errors and discards are not to be taken: they went back, and why could not be found out. */
  withholdsWatched = false;
  readonly #buffers: readonly ColumnBuffer[];

  constructor(columns: PollColumns, buffers: readonly ColumnBuffer[], answers: readonly AnswerTime[]) {
    this.columns = columns;
    this.#buffers = buffers;
    this.answers = answers;
    this.indexes = allRows(buffers);
  }

  get rows(): number {
    return this.indexes.length;
  }

  column(column: number): ColumnBuffer {
    return this.#buffers[column] as ColumnBuffer;
  }

  /** Where a row stands in the buffer of a column; -1: the device did not answer it. */
  cell(column: number, row: number): number {
    return this.column(column).find(this.indexes[row] as number, row);
  }

  /** ifAdminStatus or ifOperStatus of a row; 0 when it was not answered, or with something that is no status. */
  status(column: typeof ADMIN | typeof OPER, row: number): number {
    const buffer = this.column(column);
    const at = buffer.find(this.indexes[row] as number, row);
    if (at < 0 || buffer.tags[at] !== TAG.integer) return 0;
    const value = buffer.low[at] as number;
    return value >= 1 && value <= 7 && buffer.high[at] === 0 ? value : 0;
  }

  /** The answer that brought the row's status (or, where it has none, the walk's last). */
  answerOf(row: number): AnswerTime {
    for (const column of [OPER, ADMIN]) {
      const at = this.cell(column, row);
      if (at >= 0) return this.answers[this.column(column).answer[at] as number] as AnswerTime;
    }
    return this.answers.at(-1) as AnswerTime;
  }

  /** Rows of each counter in its 64-bit column. */
  wideRows(): number[] {
    const rows = INTERFACE_COUNTERS.map(() => 0);
    this.columns.counter.forEach((counter, column) => {
      if (counter >= 0 && this.columns.wide[column] === 1) rows[counter] = countOf(this.column(column), TAG.counter64);
    });
    return rows;
  }

  /** The first value whose type is not what its column holds, in words; null: all are. */
  wrongType(): string | null {
    for (let column = 0; column < this.columns.oids.length; column++) {
      const expected = this.expectedTag(column);
      const { tags, count, index } = this.column(column);
      for (let at = 0; at < count; at++) {
        const tag = tags[at] as number;
        if (tag === expected || isAbsent(tag)) continue;
        return `${this.columns.oids[column]?.text}.${index[at]} was answered with a value of type 0x${tag.toString(16)} instead of 0x${expected.toString(16)}`;
      }
    }
    return null;
  }

  expectedTag(column: number): number {
    if (column === ADMIN || column === OPER) return TAG.integer;
    if (column === this.columns.discontinuity) return TAG.timeTicks;
    return this.columns.wide[column] === 1 ? TAG.counter64 : TAG.counter32;
  }

  /** What the next poll is compared with. Arrays of the poll before are used again where the rows are the same. */
  remember(before: Previous | null): Previous {
    const same = before !== null && sameRows(before.indexes, this.indexes);
    const watched = this.#watched();
    const kept: Previous =
      same && before.watched.length === watched.length
        ? before
        : {
            indexes: this.indexes,
            oper: new Uint8Array(this.rows),
            watched: watched.map(() => new Uint32Array(this.rows)),
          };
    for (let row = 0; row < this.rows; row++) kept.oper[row] = this.status(OPER, row);
    watched.forEach((column, position) => {
      const values = kept.watched[position] as Uint32Array;
      for (let row = 0; row < this.rows; row++) values[row] = this.#value(column, row);
    });
    return kept;
  }

  /** Whether something happened since the poll before that makes speeds and times of discontinuity worth reading again. */
  stirred(before: Previous): { readonly oper: boolean; readonly wentBack: boolean } {
    if (!sameRows(before.indexes, this.indexes)) return { oper: false, wentBack: false };
    let oper = false;
    for (let row = 0; row < this.rows && !oper; row++) oper = before.oper[row] !== this.status(OPER, row);
    const wentBack = this.#watched().some((column, position) => {
      const values = before.watched[position];
      for (let row = 0; values && row < this.rows; row++) if (this.#value(column, row) < (values[row] as number)) return true;
      return false;
    });
    return { oper, wentBack };
  }

  release(): void {
    giveBack(this.#buffers);
  }

  #watched(): number[] {
    const columns: number[] = [];
    for (let column = 0; column < this.columns.oids.length; column++) if (this.columns.watched[column] === 1) columns.push(column);
    return columns;
  }

  #value(column: number, row: number): number {
    const at = this.cell(column, row);
    return at >= 0 ? (this.column(column).low[at] as number) : 0;
  }
}

/** Every row that any column has. The columns of a sound device agree, which is seen without a set. */
function allRows(buffers: readonly ColumnBuffer[]): Uint32Array {
  const longest = buffers.reduce<ColumnBuffer | null>((most, buffer) => (most && most.count >= buffer.count ? most : buffer), null);
  if (!longest) return new Uint32Array(0);
  const rows = longest.index.slice(0, longest.count);
  if (buffers.every((buffer) => isWithin(buffer, rows))) return rows;
  const union = new Set<number>();
  for (const { index, count } of buffers) for (let at = 0; at < count; at++) union.add(index[at] as number);
  return Uint32Array.from(union).sort();
}

/** Both ascend. */
function isWithin({ index, count }: ColumnBuffer, rows: Uint32Array): boolean {
  let position = 0;
  for (let at = 0; at < count; at++) {
    while (position < rows.length && (rows[position] as number) < (index[at] as number)) position++;
    if (rows[position] !== index[at]) return false;
    position++;
  }
  return true;
}

function countOf({ tags, count }: ColumnBuffer, tag: number): number {
  let found = 0;
  for (let at = 0; at < count; at++) if (tags[at] === tag) found++;
  return found;
}

function isAbsent(tag: number): boolean {
  return tag === TAG.nothing || (tag >= TAG.noSuchObject && tag <= TAG.endOfMibView);
}
