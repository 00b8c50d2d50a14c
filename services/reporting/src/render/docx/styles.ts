import { AlignmentType, type INumberingOptions, type IStylesOptions, LevelFormat, LineRuleType } from 'docx';
import type { Language } from '../../wording/index.ts';
import { COLOURS } from '../colours.ts';
import { SANS, SERIF } from '../fonts/faces.ts';

/** The list that numbers headings. */
const HEADINGS = 'headings';
const INK = hex(COLOURS.ink);
const QUIET = hex(COLOURS.quiet);
const HEAD = hex(COLOURS.head);

/** A colour as Word writes it, without the sign. */
export function hex(colour: string): string {
  return colour.replace('#', '');
}

/** Distances of a paragraph; `line` in 240ths of the natural height of a line, which a picture stretches. */
function distances(distance: { readonly before?: number; readonly after?: number; readonly line?: number }) {
  return { line: 240, ...distance, lineRule: LineRuleType.AUTO };
}

/** A family for every script. */
function family(name: string) {
  return { ascii: name, hAnsi: name, eastAsia: name, cs: name };
}

const SANS_FONT = family(SANS);
const SERIF_FONT = family(SERIF);

/** Named styles, which whoever edits the document changes in one place. Sizes are half-points, distances twentieths of a point. */
export function styles(language: Language): IStylesOptions {
  const heading = (level: number, size: number, before: number) => ({
    run: { font: SANS_FONT, bold: true, size, color: HEAD },
    paragraph: {
      spacing: distances({ before, after: 140 }),
      keepNext: true,
      outlineLevel: level,
      numbering: { reference: HEADINGS, level },
    },
  });
  return {
    default: {
      document: {
        run: { font: SERIF_FONT, size: 22, color: INK, language: { value: 'en-US', eastAsia: 'zh-CN' } },
        paragraph: { spacing: distances({ line: language === 'zh' ? 250 : 240, after: 120 }) },
      },
      title: {
        run: { font: SANS_FONT, bold: true, size: 48 },
        paragraph: { alignment: AlignmentType.CENTER, spacing: distances({ before: 2600, after: 260, line: 260 }) },
      },
      heading1: heading(0, 32, 300),
      heading2: heading(1, 25, 260),
    },
    paragraphStyles: [
      own(
        'Subtitle',
        'Subtitle',
        { font: SANS_FONT, size: 32, color: QUIET },
        { alignment: AlignmentType.CENTER, spacing: distances({ after: 1000 }) },
      ),
      own(
        'ContentsHeading',
        'Contents Heading',
        { font: SANS_FONT, bold: true, size: 32, color: HEAD },
        { spacing: distances({ after: 200 }) },
      ),
      own('Lead', 'Lead', { size: 25 }, { spacing: distances({ line: 270, after: 160 }) }),
      own(
        'Remark',
        'Remark',
        { font: SANS_FONT, bold: true, size: 21 },
        { border: frame(), spacing: distances({ before: 80, after: 160 }) },
      ),
      own('Note', 'Note', { font: SANS_FONT, size: 17, color: QUIET }, { spacing: distances({ before: 60, after: 200, line: 210 }) }),
      own('Caption', 'caption', { font: SANS_FONT, bold: true, size: 19 }, { spacing: distances({ before: 160, after: 80, line: 220 }) }),
      own('Drawing', 'Drawing', {}, { alignment: AlignmentType.CENTER, keepNext: true, spacing: distances({ before: 80, after: 40 }) }),
      own('Cell', 'Cell', { font: SANS_FONT, size: 17 }, { spacing: distances({ before: 30, after: 30, line: 210 }) }),
      own('CellNarrow', 'Cell Narrow', { font: SANS_FONT, size: 15 }, { spacing: distances({ before: 30, after: 30, line: 210 }) }),
      own('Label', 'Label', { font: SANS_FONT, size: 19, color: QUIET }, { spacing: distances({ before: 50, after: 50, line: 210 }) }),
      own('Value', 'Value', { font: SANS_FONT, size: 19 }, { spacing: distances({ before: 50, after: 50, line: 210 }) }),
      own(
        'Figure',
        'Figure',
        { font: SANS_FONT, bold: true, size: 80, color: HEAD },
        { spacing: distances({ before: 0, after: 60, line: 210 }) },
      ),
      own('TOC1', 'toc 1', { font: SANS_FONT, bold: true, size: 21 }, { spacing: distances({ before: 100, after: 20, line: 230 }) }),
      own(
        'TOC2',
        'toc 2',
        { font: SANS_FONT, size: 19 },
        { indent: { left: 320 }, spacing: distances({ before: 0, after: 20, line: 230 }) },
      ),
    ],
  };
}

type Run = NonNullable<NonNullable<IStylesOptions['paragraphStyles']>[number]['run']>;
type Paragraph = NonNullable<NonNullable<IStylesOptions['paragraphStyles']>[number]['paragraph']>;

function own(id: string, name: string, run: Run, paragraph: Paragraph) {
  return { id, name, basedOn: 'Normal', next: 'Normal', quickFormat: true, run, paragraph };
}

function frame() {
  const side = { style: 'single' as const, size: 8, color: hex(COLOURS.target), space: 4 };
  return { top: side, bottom: side, left: side, right: side };
}

/** The numbers of headings, kept by Word as sections come and go: 一、（一）, or 1 and 1.1. */
export function numbering(language: Language): INumberingOptions {
  const level = (index: number, format: (typeof LevelFormat)[keyof typeof LevelFormat], text: string) => ({
    level: index,
    format,
    text,
    alignment: AlignmentType.LEFT,
    suffix: language === 'zh' ? ('nothing' as const) : ('space' as const),
    style: { paragraph: { indent: { left: 0, hanging: 0 } } },
  });
  const levels =
    language === 'zh'
      ? [level(0, LevelFormat.CHINESE_COUNTING, '%1、'), level(1, LevelFormat.CHINESE_COUNTING, '（%2）')]
      : [level(0, LevelFormat.DECIMAL, '%1'), level(1, LevelFormat.DECIMAL, '%1.%2')];
  return { config: [{ reference: HEADINGS, levels }] };
}
