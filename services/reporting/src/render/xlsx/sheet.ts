import { type ExcelColumnMetadata, Table, type Workbook, Worksheet, type XMLDOM, type XMLNode } from 'excel-builder-vanilla';
import { type Language, timeIn } from '../../wording/index.ts';
import { alignment } from '../content/cells.ts';
import type { Cell, Column } from '../content/content.ts';
import { textRoom } from '../content/layout.ts';
import { type Sheet, type SheetValue, sheetCells, sheetColumns } from '../content/sheets.ts';
import { WORDS } from '../content/words.ts';
import type { SheetStyles } from './styles.ts';

const DAY_MS = 86_400_000;
/** Days from 1899-12-30, from which Excel counts, to 1970. */
const EXCEL_EPOCH = 25_569;
const NARROWEST = 11;
const WIDEST = 44;
/** A4, as Excel numbers papers. */
const A4 = 9;
/** Columns that a long text of the summary is spread over. */
const TEXT_COLUMNS = 8;

/** A worksheet, and how many rows of it are used. */
export interface ReportSheet {
  readonly sheet: Worksheet;
  readonly rows: number;
}

/** A worksheet that prints on A4 across, as wide as the page, and whose unknown values are no cells at all. */
class A4Worksheet extends Worksheet {
  /** Its first row stays while the rest is moved. */
  hasFrozenHead = false;

  override toXML(): XMLDOM {
    const document = super.toXML();
    const { children } = document.documentElement;
    const properties = document.createElement('sheetPr');
    const setup = document.createElement('pageSetUpPr');
    setup.setAttribute('fitToPage', 1);
    properties.appendChild(setup);
    children.unshift(properties);
    const view = children.find(({ nodeName }) => nodeName === 'sheetViews')?.children[0];
    // In place of the library's pane, which is there without a split, and names a corner that a split of rows has not.
    view?.children.splice(0, view.children.length, ...(this.hasFrozenHead ? [frozenHead(document)] : []));
    for (const row of children.find(({ nodeName }) => nodeName === 'sheetData')?.children ?? []) {
      const cells = row.children.filter(({ attributes }) => attributes.s !== NO_CELL);
      row.children.splice(0, row.children.length, ...cells);
    }
    return document;
  }

  override exportPageSettings(document: XMLDOM, worksheet: XMLNode): void {
    const setup = document.createElement('pageSetup');
    const attributes = { paperSize: A4, orientation: 'landscape', fitToWidth: 1, fitToHeight: 0 };
    for (const [name, value] of Object.entries(attributes)) setup.setAttribute(name, value);
    worksheet.appendChild(setup);
  }
}

function frozenHead(document: XMLDOM): XMLNode {
  const pane = document.createElement('pane');
  const attributes = { ySplit: 1, topLeftCell: 'A2', activePane: 'bottomLeft', state: 'frozen' };
  for (const [name, value] of Object.entries(attributes)) pane.setAttribute(name, value);
  return pane;
}

/** Stands where a cell would be; its style, which is none, tells it apart. */
const NO_CELL = 'none';
const nothing = (): ExcelColumnMetadata => ({ value: '', metadata: { style: NO_CELL as unknown as number, type: 'string' } });

type Row = ExcelColumnMetadata[];

/** Writes a sheet: its texts, then its table as one that Excel can filter and sort, the head frozen and printed on every page. */
export function writeSheet(workbook: Workbook, content: Sheet, styles: SheetStyles, language: Language): ReportSheet {
  const sheet = new A4Worksheet({ name: content.name });
  const columns = content.table === null ? [] : sheetColumns(content.table, language);
  const facts = content.facts.map(({ label, value }): Row => [cellOf(label, styles.label), cellOf(value, styles.text)]);
  const before: Row[] = facts.length > 0 ? [...facts, []] : [];
  const body = (content.table?.rows ?? []).map((row) => row.flatMap((cell) => excelCells(cell, styles, language)));
  // A table of Excel has at least one row.
  const rows = body.length > 0 || columns.length === 0 ? body : [[cellOf(WORDS.none[language], styles.text)]];
  const head = columns.map((column) => cellOf(column.heading, alignment(column.kind) === 'left' ? styles.head : styles.numberHead));
  sheet.setData([...before, ...(head.length > 0 ? [head] : []), ...rows]);
  const widths = columns.map((column, index) => columnWidth(column, content, index, language));
  sheet.setColumns((widths.length > 0 ? widths : [NARROWEST, WIDEST]).map((width) => ({ width })));
  sheet.setFooter(['', '&P / &N', '']);
  facts.forEach((_, index) => {
    if (columns.length > 2) sheet.mergeCells(`B${index + 1}`, `${letter(Math.min(TEXT_COLUMNS, columns.length))}${index + 1}`);
    sheet.setRowInstructions(index, { height: factHeight(content.facts[index]?.value ?? '', widths) });
  });
  if (columns.length > 0) addTable(workbook, sheet, { id: content.id, columns, first: before.length + 1, rows: rows.length });
  workbook.addWorksheet(sheet);
  if (before.length === 0 && columns.length > 0) {
    sheet.hasFrozenHead = true;
    workbook.setPrintTitleTop(content.name, 1);
  }
  return { sheet, rows: before.length + 1 + rows.length };
}

function addTable(
  workbook: Workbook,
  sheet: Worksheet,
  { id, columns, first, rows }: { readonly id: string; readonly columns: readonly Column[]; readonly first: number; readonly rows: number },
): void {
  const table = new Table({ name: `report_${id}`, displayName: `report_${id}` });
  table.styleInfo = { themeStyle: 'TableStyleLight1', showRowStripes: true };
  table.setReferenceRange([1, first], [columns.length, first + rows]);
  table.addAutoFilter([1, first], [columns.length, first + rows]);
  table.setTableColumns(columns.map(({ heading }) => heading));
  sheet.addTable(table);
  workbook.addTable(table);
}

function cellOf(value: string | number, style: number): ExcelColumnMetadata {
  return { value, metadata: { style, ...(typeof value === 'string' ? { type: 'string' } : {}) } };
}

function excelCells(cell: Cell, styles: SheetStyles, language: Language): Row {
  return sheetCells(cell, language).map((value) => {
    const excel = excelValue(value, cell);
    if (excel !== null) return cellOf(excel, styles.cells[cell.kind]);
    const isFigure = cell.kind === 'percent' || cell.kind === 'bounds';
    return isFigure ? cellOf(WORDS.noData[language], styles.cells.text) : nothing();
  });
}

/** Days for times and durations, percentage points for differences; all else as it is. */
function excelValue(value: SheetValue, cell: Cell): string | number | null {
  if (value === null || typeof value === 'string') return value;
  switch (cell.kind) {
    case 'time':
      return Date.parse(`${timeIn(value, cell.timeZone).replace(' ', 'T')}Z`) / DAY_MS + EXCEL_EPOCH;
    case 'duration':
      return value / DAY_MS;
    case 'points':
      return value * 100;
    default:
      return value;
  }
}

const KIND_WIDTHS: Readonly<Record<Cell['kind'], number>> = {
  text: 12,
  verdict: 12,
  percent: 12,
  bounds: 12,
  points: 13,
  duration: 14,
  count: 12,
  time: 20,
};

/** Wide enough for the head and, up to a limit, for the longest text. A Chinese character takes the room of two digits. */
function columnWidth(column: Column, { table }: Sheet, index: number, language: Language): number {
  const texts = column.kind === 'text' ? (table?.rows ?? []).map((row) => sheetCells(row[index] ?? EMPTY, language)[0]) : [];
  const longest = Math.max(0, ...texts.map((text) => (typeof text === 'string' ? textRoom(text) * 2 : 0)));
  return Math.min(WIDEST, Math.max(NARROWEST, KIND_WIDTHS[column.kind], Math.min(24, textRoom(column.heading) * 2 + 5), longest + 2));
}

const EMPTY: Cell = { kind: 'text', text: '' };
const LINE_HEIGHT = 15;

function factHeight(text: string, widths: readonly number[]): number {
  const room = widths.slice(1, TEXT_COLUMNS).reduce((sum, width) => sum + width, 0) || WIDEST;
  return LINE_HEIGHT * Math.max(1, Math.ceil((textRoom(text) * 2.1) / room));
}

function letter(column: number): string {
  return String.fromCharCode(64 + column);
}
