import {
  AlignmentType,
  BorderStyle,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableLayoutType,
  TableRow,
  TextRun,
  VerticalAlign,
  WidthType,
} from 'docx';
import type { Language } from '../../wording/index.ts';
import { COLOURS, VERDICTS } from '../colours.ts';
import { alignment, printCell } from '../content/cells.ts';
import type { Cell, KeyFigure, Table as TableContent } from '../content/content.ts';
import type { factLines } from '../content/layout.ts';
import { measureTable, PADDING, tableHeight } from '../content/measure.ts';
import { FITTING_HEIGHT, TEXT_WIDTH } from '../page.ts';
import { hex } from './styles.ts';

/** Twentieths of a point, in which Word measures. */
export const TWIPS = 20;

const ALIGNMENTS = { left: AlignmentType.LEFT, right: AlignmentType.RIGHT, center: AlignmentType.CENTER } as const;
const NO_LINE = { style: BorderStyle.NONE, size: 0, color: 'auto' } as const;
const LINE = { style: BorderStyle.SINGLE, size: 4, color: hex(COLOURS.rule) } as const;
const NO_SIDES = { left: NO_LINE, right: NO_LINE, insideVertical: NO_LINE };
const SMALL_MARGINS = { marginUnitType: WidthType.DXA, left: PADDING * TWIPS, right: PADDING * TWIPS, top: 20, bottom: 20 };

function shade(colour: string) {
  return { type: ShadingType.CLEAR, color: 'auto', fill: hex(colour) };
}

/** A real table: its head comes again on every page, rows are not cut, every second row is shaded; kept whole where it fits a page. */
export function docxTable(content: TableContent, language: Language): Table {
  const { widths, style } = measureTable(content, language);
  const columnWidths = widths.map((width) => Math.round((width + 2 * PADDING) * TWIPS));
  const styleId = style === 'narrow' ? 'CellNarrow' : 'Cell';
  const isWhole = tableHeight(content, language) < FITTING_HEIGHT;
  const head = content.columns.map(
    (column, index) =>
      new TableCell({
        width: { size: columnWidths[index] ?? 0, type: WidthType.DXA },
        shading: shade(COLOURS.head),
        verticalAlign: VerticalAlign.CENTER,
        children: [
          new Paragraph({
            style: styleId,
            keepNext: true,
            alignment: ALIGNMENTS[alignment(column.kind)],
            children: [new TextRun({ text: column.heading, bold: true, color: hex(COLOURS.headText) })],
          }),
        ],
      }),
  );
  const rows = content.rows.map((row, index) => {
    const isKept = isWhole && index < content.rows.length - 1;
    return new TableRow({
      cantSplit: true,
      children: row.map((cell, column) =>
        bodyCell(cell, { language, styleId, isKept, isShaded: index % 2 === 1, width: columnWidths[column] ?? 0 }),
      ),
    });
  });
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: Math.round(TEXT_WIDTH * TWIPS), type: WidthType.DXA },
    columnWidths,
    margins: SMALL_MARGINS,
    borders: { top: LINE, bottom: LINE, insideHorizontal: LINE, ...NO_SIDES },
    rows: [new TableRow({ tableHeader: true, cantSplit: true, children: head }), ...rows],
  });
}

interface CellLook {
  readonly language: Language;
  readonly styleId: string;
  /** On the same page as the next row. */
  readonly isKept: boolean;
  readonly isShaded: boolean;
  readonly width: number;
}

function bodyCell(cell: Cell, { language, styleId, isKept, isShaded, width }: CellLook): TableCell {
  const text = printCell(cell, language);
  const verdict = cell.kind === 'verdict' && cell.verdict !== null ? VERDICTS[cell.verdict] : null;
  const run = verdict ? { text, color: hex(verdict.text), bold: cell.kind === 'verdict' && cell.verdict === 'missed' } : { text };
  return new TableCell({
    width: { size: width, type: WidthType.DXA },
    ...(isShaded ? { shading: shade(COLOURS.zebra) } : {}),
    children: [
      new Paragraph({ style: styleId, keepNext: isKept, alignment: ALIGNMENTS[alignment(cell.kind)], children: [new TextRun(run)] }),
    ],
  });
}

const LABEL_WIDTH = 100;

/** Labels and values beside each other, short ones two on a line. */
export function docxFacts(lines: ReturnType<typeof factLines>): Table {
  const label = LABEL_WIDTH * TWIPS;
  const value = Math.round((TEXT_WIDTH / 2) * TWIPS) - label;
  const cell = (text: string, style: 'Label' | 'Value', width: number, columnSpan = 1) =>
    new TableCell({ columnSpan, width: { size: width, type: WidthType.DXA }, children: [new Paragraph({ style, text })] });
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: (label + value) * 2, type: WidthType.DXA },
    columnWidths: [label, value, label, value],
    margins: { ...SMALL_MARGINS, left: 0 },
    borders: { top: NO_LINE, bottom: LINE, insideHorizontal: LINE, ...NO_SIDES },
    rows: lines.map(
      ([first, second]) =>
        new TableRow({
          cantSplit: true,
          children:
            second === undefined
              ? [cell(first.label, 'Label', label), cell(first.value, 'Value', label + value * 2, 3)]
              : [
                  cell(first.label, 'Label', label),
                  cell(first.value, 'Value', value),
                  cell(second?.label ?? '', 'Label', label),
                  cell(second?.value ?? '', 'Value', value),
                ],
        }),
    ),
  });
}

/** The figure of an objective: large, its bounds and target beside it, and the verdict in words on its shade, framed. */
export function docxFigure(figure: KeyFigure): Table {
  const { text, fill } = VERDICTS[figure.verdict];
  const half = Math.round((TEXT_WIDTH / 2) * TWIPS);
  const rule = { style: BorderStyle.SINGLE, size: 8, color: hex(COLOURS.head) } as const;
  const edge = { style: BorderStyle.SINGLE, size: 10, color: hex(text), space: 1 } as const;
  const verdict = new TextRun({
    text: ` ${figure.verdictText} `,
    bold: true,
    size: 28,
    color: hex(text),
    shading: shade(fill),
    border: edge,
  });
  const cell = (children: Paragraph[]) =>
    new TableCell({ width: { size: half, type: WidthType.DXA }, verticalAlign: VerticalAlign.CENTER, children });
  return new Table({
    layout: TableLayoutType.FIXED,
    width: { size: half * 2, type: WidthType.DXA },
    columnWidths: [half, half],
    margins: { marginUnitType: WidthType.DXA, left: 80, right: 80, top: 80, bottom: 80 },
    borders: { top: rule, bottom: rule, insideHorizontal: NO_LINE, ...NO_SIDES },
    rows: [
      new TableRow({
        cantSplit: true,
        children: [
          cell([new Paragraph({ style: 'Label', text: figure.label }), new Paragraph({ style: 'Figure', text: figure.value })]),
          cell([
            new Paragraph({ style: 'Value', text: figure.bounds }),
            new Paragraph({ style: 'Value', text: figure.target }),
            new Paragraph({ style: 'Value', children: [verdict] }),
          ]),
        ],
      }),
    ],
  });
}
