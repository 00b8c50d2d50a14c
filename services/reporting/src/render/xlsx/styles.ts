import type { ExcelStyleInstruction, StyleSheet } from 'excel-builder-vanilla';
import { COLOURS } from '../colours.ts';
import type { Cell } from '../content/content.ts';

/** What Excel shows Chinese in wherever it runs; a workbook can't embed a font. */
const FONT = 'Microsoft YaHei';
const INK = argb(COLOURS.ink);

/** Number formats of cells. Percentages show four digits, for a figure may lie close to its target; the cell holds all of it. */
const FORMATS: Readonly<Record<Cell['kind'], string>> = {
  text: '@',
  verdict: '@',
  percent: '0.0000%',
  bounds: '0.0000%',
  points: '+0.0000;-0.0000;0.0000',
  duration: '[h]:mm:ss',
  count: '#,##0',
  time: 'yyyy-mm-dd hh:mm:ss',
};

/** Ids of the styles of a workbook. */
export interface SheetStyles {
  readonly label: number;
  readonly text: number;
  readonly head: number;
  readonly numberHead: number;
  readonly cells: Readonly<Record<Cell['kind'], number>>;
}

function argb(colour: string): string {
  return `FF${colour.slice(1).toUpperCase()}`;
}

/** Makes the styles of a workbook. */
export function sheetStyles(sheet: StyleSheet): SheetStyles {
  const style = (instruction: ExcelStyleInstruction): number => Number(sheet.createFormat(instruction).id);
  const font = { fontName: FONT, size: 10, color: INK };
  const cell = (kind: Cell['kind']) => {
    const isText = kind === 'text' || kind === 'verdict';
    return style({
      font,
      format: FORMATS[kind],
      alignment: { vertical: 'top', horizontal: isText ? 'left' : 'right', wrapText: isText, ...(isText ? { indent: 1 } : {}) },
    });
  };
  const head = (horizontal: 'left' | 'right') =>
    style({
      font: { ...font, bold: true, color: argb(COLOURS.headText) },
      fill: { type: 'pattern', patternType: 'solid', fgColor: argb(COLOURS.head) },
      alignment: { vertical: 'center', wrapText: true, horizontal },
    });
  return {
    label: style({ font: { ...font, color: argb(COLOURS.quiet) }, alignment: { vertical: 'top' } }),
    text: style({ font, format: '@', alignment: { vertical: 'top', wrapText: true } }),
    head: head('left'),
    numberHead: head('right'),
    cells: {
      text: cell('text'),
      verdict: cell('verdict'),
      percent: cell('percent'),
      bounds: cell('bounds'),
      points: cell('points'),
      duration: cell('duration'),
      count: cell('count'),
      time: cell('time'),
    },
  };
}
