import { type Language, timeIn } from '../wording/index.ts';
import type { Cell } from './content/content.ts';
import { heading, type Sheet, type SheetValue, sheetCells, sheetColumns } from './content/sheets.ts';

const BOM = '\ufeff';
const LINE_END = '\r\n';
/** A cell that a spreadsheet would take for a formula begins so (one that hides it behind a tab or a line end too; full width counts). */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u;

/**
 * The report as one CSV file (RFC 4180, UTF-8 with a byte order mark, which Excel needs to read Chinese): the sheets of the XLSX
 * one below the other, each with its name on a line, its head and its rows, and an empty line between. Percentages are numbers in
 * percent and durations numbers of minutes, as their heads say, neither rounded nor grouped.
 */
export function renderCsv(sheets: readonly Sheet[], language: Language): Uint8Array {
  const lines = sheets.flatMap((sheet) => [...sheetLines(sheet, language), '']);
  return new TextEncoder().encode(BOM + lines.slice(0, -1).join(LINE_END) + LINE_END);
}

function sheetLines(sheet: Sheet, language: Language): string[] {
  const facts = sheet.facts.map(({ label, value }) => line([textField(label), textField(value)]));
  const columns = sheet.table === null ? [] : sheetColumns(sheet.table, language);
  const head = columns.length > 0 ? [line(columns.map((column) => textField(heading(column, language))))] : [];
  const rows = (sheet.table?.rows ?? []).map((row) =>
    line(row.flatMap((cell) => sheetCells(cell, language).map((value) => field(value, cell)))),
  );
  return [line([textField(sheet.name)]), ...facts, ...head, ...rows];
}

function line(fields: readonly string[]): string {
  return fields.join(',');
}

function field(value: SheetValue, cell: Cell): string {
  if (value === null) return '';
  if (typeof value === 'string') return textField(value);
  switch (cell.kind) {
    case 'time':
      return timeIn(value, cell.timeZone);
    case 'duration':
      return plain(value / 60_000);
    case 'percent':
    case 'bounds':
    case 'points':
      return plain(value * 100);
    default:
      return plain(value);
  }
}

/** A number without the noise of binary fractions, and without an exponent. */
function plain(value: number): string {
  return value.toFixed(9).replace(/\.?0+$/u, '');
}

/** A text, quoted where it must be, and with an apostrophe before what would be run as a formula. */
function textField(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
