/** Lines of a CSV file with where they stand: UTF-8 with or without a byte order mark, a header row, quoted cells, any line ends. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Fault, readHeader, text } from '@beacontower/contracts';
import { UserError } from '@beacontower/runtime';
import { CsvError, parse } from 'csv-parse';

/** One line as cells by column; `at` gives where each of them stands, from 1. */
export interface CsvLine<C extends string> {
  readonly line: number;
  readonly cells: Readonly<Partial<Record<C, string>>>;
  positionOf(column: C): number;
}

/** Faults of a file: as many as are kept, and how many there were. */
export class FaultList {
  readonly kept: Fault[] = [];
  count = 0;
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(fault: Fault): void {
    this.count++;
    if (this.kept.length < this.#limit) this.kept.push(fault);
  }
}

/** SHA-256 of a file's bytes. Throws a `UserError` for what is no file: it is read twice, and a pipe can be read once only. */
export async function hashFile(path: string): Promise<Uint8Array> {
  const found = await stat(path);
  if (!found.isFile() && !found.isDirectory()) throw new UserError(`${path} is no file (a pipe?); expected a CSV file`);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest();
}

/** What no cell may be longer than: beyond it a quote is missing somewhere, and the rest of the file would become one cell. */
const LONGEST_RECORD = 100_000;

/** How a file is read: its name in faults, its columns, and those that must be there. */
export interface CsvSettings<C extends string> {
  readonly file: string;
  readonly columns: Readonly<Record<C, readonly string[]>>;
  readonly needed: readonly NoInfer<C>[];
}

/** The lines after the header. What cannot be read as CSV is a fault and ends the reading; nothing is thrown for the content of a file. */
export async function* readCsv<C extends string>(path: string, settings: CsvSettings<C>, faults: FaultList): AsyncGenerator<CsvLine<C>> {
  const fault: Report = (line, column, cell, code, problem, expected) =>
    faults.add({ file: settings.file, line, column, path: cell, severity: 'error', code, problem, found: null, expected });
  const parser = parse({ bom: true, info: true, relax_column_count: true, skip_empty_lines: true, max_record_size: LONGEST_RECORD });
  const source = createReadStream(path);
  // An error of the file must end the loop below.
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  let columns: readonly (C | null)[] | null = null;
  try {
    for await (const item of parser as AsyncIterable<{ info: { lines: number }; record: string[] }>) {
      const { info, record } = item;
      const line = info.lines;
      if (record.some((cell) => cell.includes('\ufffd'))) {
        fault(line, 1, '', ...NOT_UTF_8);
        return;
      }
      if (columns === null) {
        columns = headerOf(record, settings, fault);
        if (columns === null) return;
      } else if (record.some((cell) => cell.trim() !== '')) {
        if (record.length === columns.length) yield lineOf(line, record, columns);
        else fault(line, Math.min(record.length, columns.length) + 1, '', ...otherCells(record.length, columns.length));
      }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? error.lines : 1;
    fault(line, 1, '', ...NOT_CSV);
    return;
  } finally {
    source.destroy();
  }
  if (columns === null) fault(1, 1, '', ...EMPTY);
}

/** What is wrong with a file as such: its code, the problem, and what was expected. */
type Complaint = readonly [code: string, problem: Fault['problem'], expected: Fault['expected']];

const NOT_UTF_8: Complaint = [
  'not-utf-8',
  text('not UTF-8 (is it GBK?)', '不是 UTF-8（是否为 GBK？）'),
  text('a file saved as "CSV UTF-8"', '另存为“CSV UTF-8”的文件'),
];
const NOT_CSV: Complaint = [
  'not-csv',
  text('this cannot be read as CSV: a quote is missing or too many', '无法按 CSV 读取：引号缺失或多余'),
  text('cells in double quotes, a quote inside doubled ("")', '以双引号包围单元格，内部引号写两次（""）'),
];
const EMPTY: Complaint = [
  'empty-file',
  text('the file is empty', '文件为空'),
  text('a header row, and a line for each', '表头一行，其后每项一行'),
];

function otherCells(found: number, wanted: number): Complaint {
  return [
    'cells',
    text(`${found} cells`, `有 ${found} 列`),
    text(`${wanted}, as in the header (a comma inside a cell needs quotes)`, `${wanted} 列，与表头一致（单元格内的逗号须加引号）`),
  ];
}

type Report = (line: number, column: number, cell: string, code: string, problem: Fault['problem'], expected: Fault['expected']) => void;

function headerOf<C extends string>(
  cells: readonly string[],
  { columns: names, needed }: CsvSettings<C>,
  fault: Report,
): readonly (C | null)[] | null {
  const header = readHeader(cells, names, needed);
  const all = (Object.values(names) as (readonly string[])[]).map((each) => each[0]).join(', ');
  for (const { position, name } of header.unknown)
    fault(
      1,
      position + 1,
      shown(name),
      'unknown-column',
      text('there is no such column', '没有这样的列'),
      text(`one of ${all}`, `以下之一：${all}`),
    );
  for (const { position, column } of header.twice)
    fault(
      1,
      position + 1,
      column,
      'column-twice',
      text('this column is there twice', '该列出现两次'),
      text('each column once', '每列一次'),
    );
  for (const column of header.missing)
    fault(
      1,
      cells.length,
      names[column][0] ?? column,
      'missing-column',
      text('this column is missing', '缺少该列'),
      text(names[column].join(' / '), names[column].join(' / ')),
    );
  return header.unknown.length + header.twice.length + header.missing.length === 0 ? header.columns : null;
}

/** A heading from outside as it may be printed to a terminal. */
function shown(name: string): string {
  return name.slice(0, 80).replace(/\p{Cc}/gu, ' ');
}

function lineOf<C extends string>(line: number, record: readonly string[], columns: readonly (C | null)[]): CsvLine<C> {
  const cells = Object.fromEntries(columns.flatMap((column, index) => (column === null ? [] : [[column, record[index] ?? '']]))) as Partial<
    Record<C, string>
  >;
  return { line, cells, positionOf: (column) => Math.max(0, columns.indexOf(column)) + 1 };
}
