import type { Language } from '../../wording/index.ts';
import { TEXT_WIDTH } from '../page.ts';
import { printCell } from './cells.ts';
import type { Cell, Table } from './content.ts';
import { textRoom } from './layout.ts';

/** Left and right of a cell, points. */
export const PADDING = 4;
/** Tables of so many columns are set smaller. */
const MANY_COLUMNS = 8;
/** A word longer than this, in widths of a Chinese character, is broken rather than given the room. */
const LONGEST_WORD = 9;
/** A column of texts asks for no more than this, in the same widths. */
const LONGEST_LINE = 16;
/** Heads of so many Chinese characters stay on one line. */
const SHORT_HEADING = 4;
const CAPTION = 30;

/** How a table is set: its style, the size of its letters and the width of each column, points. */
export interface Measures {
  readonly style: 'cell' | 'narrow';
  readonly size: number;
  readonly widths: readonly number[];
}

/** Columns get what their numbers and longest words need, then those whose texts would break; what is left goes by weight. */
export function measureTable(table: Table, language: Language): Measures {
  const isNarrow = table.columns.length >= MANY_COLUMNS;
  const size = isNarrow ? 7.5 : 8.5;
  const room = TEXT_WIDTH - table.columns.length * PADDING * 2;
  const least = table.columns.map(({ heading }, index) => {
    const cells = table.rows.map((row) => row[index]).filter((cell) => cell !== undefined);
    return (
      Math.max(
        Math.max(longestWord(heading) * 1.04, Math.min(SHORT_HEADING, textRoom(heading))),
        ...cells.map((cell) => unbroken(cell, language)),
      ) *
        size *
        1.04 +
      1
    );
  });
  const needed = least.reduce((sum, width) => sum + width, 0);
  const style = isNarrow ? 'narrow' : 'cell';
  if (needed >= room) return { style, size, widths: least.map((width) => (width / needed) * room) };
  const wanted = table.columns.map((_, index) => Math.max(0, wholeText(table, index, language) * size * 1.04 - (least[index] ?? 0)));
  const given = spread(room - needed, wanted);
  const rest = room - needed - given.reduce((sum, width) => sum + width, 0);
  const weights = table.columns.map(({ weight, kind }) => (kind === 'text' ? weight * 3 : weight));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return { style, size, widths: least.map((width, index) => width + (given[index] ?? 0) + (rest * (weights[index] ?? 0)) / all) };
}

/** Room for those that want it: all they want, or of what there is a part in proportion. */
function spread(room: number, wanted: readonly number[]): number[] {
  const all = wanted.reduce((sum, width) => sum + width, 0);
  return all <= room ? [...wanted] : wanted.map((width) => (width / all) * room);
}

/** What a column's texts would need to stand on one line each, up to so many Chinese characters. */
function wholeText({ columns, rows }: Table, index: number, language: Language): number {
  if (columns[index]?.kind !== 'text') return 0;
  return Math.min(
    LONGEST_LINE,
    Math.max(0, ...rows.map((row) => textRoom(row[index] === undefined ? '' : printCell(row[index], language)))),
  );
}

/** Room a table takes on a page, points, near enough to know whether it fits one. */
export function tableHeight(table: Table, language: Language): number {
  const { size, widths } = measureTable(table, language);
  const lines = (texts: readonly string[]) =>
    Math.max(1, ...texts.map((text, index) => Math.ceil((textRoom(text) * size * 1.05) / (widths[index] ?? TEXT_WIDTH))));
  const rows = [table.columns.map(({ heading }) => heading), ...table.rows.map((row) => row.map((cell) => printCell(cell, language)))];
  return rows.reduce((height, row) => height + lines(row) * size * 1.48 + 6, CAPTION + (table.note === null ? 0 : CAPTION));
}

/** What of a cell stays on one line: a number all of it, a time its date, a text its longest word. */
function unbroken(cell: Cell, language: Language): number {
  const text = printCell(cell, language);
  return cell.kind === 'text' || cell.kind === 'time' ? longestWord(text) : textRoom(text);
}

/** Chinese breaks between any two characters, so its words are taken to be of two. */
function longestWord(text: string): number {
  const words = text.split(/[\s\u2000-\uffff]+/u).map((word) => textRoom(word));
  return Math.min(LONGEST_WORD, Math.max(2, ...words));
}
