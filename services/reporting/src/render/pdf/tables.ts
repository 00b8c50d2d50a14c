import type { Language } from '../../wording/index.ts';
import { COLOURS, VERDICTS } from '../colours.ts';
import { alignment, printCell } from '../content/cells.ts';
import type { Cell, Fact, KeyFigure, Table } from '../content/content.ts';
import type { factLines } from '../content/layout.ts';
import { measureTable, PADDING } from '../content/measure.ts';
import type { CustomTableLayout, Node, TableCell } from './types.ts';

/** A run of so many characters without a place to break may be broken anywhere. */
const LONG_RUN = /[!-~]{16,}/u;

/** A table: its head comes again on every page, rows are not cut, every second row is shaded. */
export function pdfTable(table: Table, caption: string, language: Language): Node {
  const { style, widths } = measureTable(table, language);
  const head = table.columns.map(
    (column): TableCell => ({ text: column.heading, style: ['head'], alignment: alignment(column.kind), fillColor: COLOURS.head }),
  );
  const body = table.rows.map((row) => row.map((cell) => pdfCell(cell, language)));
  return [
    { text: caption, style: 'caption', headlineLevel: 3 },
    {
      style,
      layout: ZEBRA,
      margin: [0, 0, 0, table.note === null ? 8 : 0],
      table: {
        headerRows: 1,
        keepWithHeaderRows: 1,
        dontBreakRows: true,
        widths: [...widths],
        body: [head, ...body],
      },
    },
    ...(table.note === null ? [] : [{ text: table.note, style: 'note' }]),
  ];
}

const ZEBRA: CustomTableLayout = {
  hLineWidth: (line, node) => (line === 0 || line === node.table.body.length ? 0.8 : 0.3),
  vLineWidth: () => 0,
  hLineColor: () => COLOURS.rule,
  paddingLeft: () => PADDING,
  paddingRight: () => PADDING,
  paddingTop: () => 2.5,
  paddingBottom: () => 2.5,
  fillColor: (row) => (row > 0 && row % 2 === 0 ? COLOURS.zebra : null),
};

function pdfCell(cell: Cell, language: Language): TableCell {
  const text = printCell(cell, language);
  const side = { alignment: alignment(cell.kind) };
  if (cell.kind === 'verdict' && cell.verdict !== null) {
    return { text, ...side, color: VERDICTS[cell.verdict].text, bold: cell.verdict === 'missed' };
  }
  return LONG_RUN.test(text) ? { text, ...side, wordBreak: 'break-all' } : { text, ...side };
}

/** Labels and values beside each other, short ones two on a line. */
export function pdfFacts(lines: ReturnType<typeof factLines>): Node {
  const label = (fact: Fact | null): TableCell => ({ text: fact?.label ?? '', style: 'label' });
  const value = (fact: Fact | null): TableCell => {
    const text = fact?.value ?? '';
    return LONG_RUN.test(text) ? { text, style: 'value', wordBreak: 'break-all' } : { text, style: 'value' };
  };
  const body = lines.map((line): TableCell[] =>
    line.length === 1
      ? [label(line[0]), { ...Object(value(line[0])), colSpan: 3 }, {}, {}]
      : [label(line[0]), value(line[0]), label(line[1]), value(line[1])],
  );
  return { margin: [0, 2, 0, 8], layout: RULED, table: { dontBreakRows: true, widths: [94, '*', 94, '*'], body } };
}

const RULED: CustomTableLayout = {
  hLineWidth: (line) => (line === 0 ? 0 : 0.4),
  vLineWidth: () => 0,
  hLineColor: () => COLOURS.rule,
  paddingLeft: () => 0,
  paddingRight: () => 6,
  paddingTop: () => 2.2,
  paddingBottom: () => 2.2,
};

/** The figure of an objective: large, its bounds and target beside it, and the verdict in words on its shade, framed. */
export function pdfFigure(figure: KeyFigure): Node {
  const { text, fill } = VERDICTS[figure.verdict];
  const side: TableCell = {
    margin: [0, 12, 0, 8],
    stack: [
      { text: figure.bounds, style: 'value', fontSize: 11, margin: [0, 0, 0, 3] },
      { text: figure.target, style: 'value', fontSize: 11, margin: [0, 0, 0, 7] },
      {
        layout: { hLineWidth: () => 1.2, vLineWidth: () => 1.2, hLineColor: () => text, vLineColor: () => text },
        table: {
          widths: ['auto'],
          body: [
            [
              {
                text: figure.verdictText,
                noWrap: true,
                style: 'value',
                bold: true,
                fontSize: 13,
                color: text,
                fillColor: fill,
                margin: [8, 1, 8, 3],
              },
            ],
          ],
        },
      },
    ],
  };
  const large: TableCell = {
    margin: [4, 8, 0, 8],
    stack: [
      { text: figure.label, style: 'label', fontSize: 11 },
      { text: figure.value, style: 'value', bold: true, fontSize: 40, color: COLOURS.head, lineHeight: 1 },
    ],
  };
  return {
    margin: [0, 0, 0, 8],
    layout: { hLineWidth: () => 1, vLineWidth: () => 0, hLineColor: () => COLOURS.head },
    table: { widths: ['*', '*'], body: [[large, side]] },
  };
}
