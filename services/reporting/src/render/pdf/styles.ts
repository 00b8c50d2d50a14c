import { COLOURS } from '../colours.ts';
import { SANS, SERIF } from '../fonts/faces.ts';
import type { Styles } from './types.ts';

/** Styles of the text of a PDF. */
export const STYLES: Styles = {
  title: { font: SANS, bold: true, fontSize: 24, alignment: 'center', lineHeight: 1.25 },
  subtitle: { font: SANS, fontSize: 16, alignment: 'center', color: COLOURS.quiet },
  heading1: { font: SANS, bold: true, fontSize: 16, color: COLOURS.head, margin: [0, 4, 0, 8] },
  heading2: { font: SANS, bold: true, fontSize: 12.5, color: COLOURS.head, margin: [0, 14, 0, 6] },
  lead: { font: SERIF, fontSize: 12.5, lineHeight: 1.5, margin: [0, 0, 0, 8] },
  body: { font: SERIF, fontSize: 11, lineHeight: 1.45, margin: [0, 0, 0, 6] },
  note: { font: SANS, fontSize: 8.5, color: COLOURS.quiet, lineHeight: 1.1, margin: [0, 2, 0, 6] },
  remark: { font: SANS, bold: true, fontSize: 10.5, lineHeight: 1.3 },
  caption: { font: SANS, bold: true, fontSize: 9.5, margin: [0, 8, 0, 4] },
  label: { font: SANS, fontSize: 9.5, color: COLOURS.quiet },
  value: { font: SANS, fontSize: 9.5 },
  cell: { font: SANS, fontSize: 8.5 },
  narrow: { font: SANS, fontSize: 7.5 },
  head: { font: SANS, bold: true, color: COLOURS.headText },
};
