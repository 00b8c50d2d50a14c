import {
  AlignmentType,
  Document,
  Footer,
  Header,
  HeadingLevel,
  ImageRun,
  Packer,
  PageBreak,
  PageNumber,
  Paragraph,
  SimpleField,
  type Table,
  TableOfContents,
  TextRun,
} from 'docx';
import { estimatePageNumbers } from 'docx/layout';
import type { ReportModel } from '../../model/model.ts';
import type { Language } from '../../wording/index.ts';
import { drawPng } from '../charts/draw.ts';
import { characters } from '../content/characters.ts';
import type { Block, Content, Section } from '../content/content.ts';
import { factLines } from '../content/layout.ts';
import { tableHeight } from '../content/measure.ts';
import { SECTIONS, SENTENCES, WORDS } from '../content/words.ts';
import { commonChinese, faceOf, SANS, SERIF } from '../fonts/faces.ts';
import { A4, FITTING_HEIGHT, MARGINS, TEXT_WIDTH } from '../page.ts';
import { numbering, styles } from './styles.ts';
import { docxFacts, docxFigure, docxTable, TWIPS } from './tables.ts';
import { withDates } from './with-dates.ts';

const PIXELS_A_POINT = 96 / 72;

/** The report as DOCX: headings, numbered captions and tables that Word knows as such, styles, fonts embedded. */
export async function renderDocx(model: ReportModel, content: Content, language: Language): Promise<Uint8Array> {
  const text = characters(content, language);
  const running = `${content.title} · ${content.subtitle}`;
  const children = [...cover(content, language), ...contents(language)];
  const counter: Counter = { table: 0, chart: 0 };
  for (const section of content.sections) children.push(...(await sectionChildren(section, counter, language)));
  const document = new Document({
    title: running,
    subject: content.status,
    creator: model.node.name,
    lastModifiedBy: model.node.name,
    description: model.summary[language],
    styles: styles(language),
    numbering: numbering(language),
    pageNumbers: estimatePageNumbers,
    fonts: [
      // Whoever edits the text types in the face it is set in; headings and tables have the characters they use.
      { name: SERIF, data: await faceOf('serif', text + commonChinese()) },
      { name: SANS, data: await faceOf('sans', text), bold: await faceOf('sansBold', text) },
    ],
    sections: [
      {
        properties: { titlePage: true, page: { size: pageSize(), margin: pageMargin() } },
        headers: { default: new Header({ children: [new Paragraph({ style: 'Note', alignment: AlignmentType.RIGHT, text: running })] }) },
        footers: { default: new Footer({ children: [pageOfPages(language)] }) },
        children,
      },
    ],
  });
  return withDates(await Packer.toBuffer(document), model.made.at);
}

function pageSize() {
  return { width: Math.round(A4.width * TWIPS), height: Math.round(A4.height * TWIPS) };
}

function pageMargin() {
  const [left, top, right, bottom] = MARGINS.map((margin) => margin * TWIPS);
  return { left: left ?? 0, top: top ?? 0, right: right ?? 0, bottom: bottom ?? 0, header: 560, footer: 480 };
}

/** `第 3 页 共 12 页`: fields, which Word keeps. */
function pageOfPages(language: Language): Paragraph {
  const children = SENTENCES.page[language]
    .split(/(\{\w+\})/u)
    .map((part) => (part === '{page}' ? PageNumber.CURRENT : part === '{pages}' ? PageNumber.TOTAL_PAGES : part));
  return new Paragraph({ style: 'Note', alignment: AlignmentType.CENTER, children: [new TextRun({ children })] });
}

function cover(content: Content, language: Language): (Paragraph | Table)[] {
  return [
    new Paragraph({ style: 'Title', text: content.title }),
    new Paragraph({ style: 'Subtitle', text: content.subtitle }),
    ...content.remarks.map((text) => new Paragraph({ style: 'Remark', text })),
    docxFacts(content.cover.map((fact) => [fact])),
    new Paragraph({ alignment: AlignmentType.CENTER, spacing: { before: 1000 }, text: WORDS.signature[language] }),
    new Paragraph({ children: [new PageBreak()] }),
  ];
}

function contents(language: Language): (Paragraph | TableOfContents)[] {
  return [
    new Paragraph({ style: 'ContentsHeading', text: SECTIONS.contents[language] }),
    new TableOfContents(SECTIONS.contents[language], { hyperlink: true, headingStyleRange: '1-2' }),
  ];
}

/** How many captions there have been. */
type Counter = Record<keyof typeof CAPTIONS, number>;

async function sectionChildren(section: Section, counter: Counter, language: Language): Promise<(Paragraph | Table)[]> {
  const [first] = section.blocks;
  const isLong = first?.kind === 'table' && tableHeight(first.table, language) > FITTING_HEIGHT;
  const heading = new Paragraph({
    heading: section.level === 1 ? HeadingLevel.HEADING_1 : HeadingLevel.HEADING_2,
    pageBreakBefore: section.startsPage || isLong,
    text: section.title,
  });
  const children: (Paragraph | Table)[] = [heading];
  for (const block of section.blocks) children.push(...(await blockChildren(block, counter, language)));
  return children;
}

const STYLE_IDS = { lead: 'Lead', body: 'Normal', note: 'Note', remark: 'Remark' } as const;

async function blockChildren(block: Block, counter: Counter, language: Language): Promise<(Paragraph | Table)[]> {
  switch (block.kind) {
    case 'paragraph':
      return [new Paragraph({ style: STYLE_IDS[block.style], text: block.text })];
    case 'figure':
      return [docxFigure(block.figure), new Paragraph({ style: 'Note', text: '' })];
    case 'facts':
      return [docxFacts(factLines(block.facts)), new Paragraph({ style: 'Note', text: '' })];
    case 'table':
      return [
        caption('table', ++counter.table, block.table.caption, language),
        docxTable(block.table, language),
        new Paragraph({ style: 'Note', text: block.table.note ?? '' }),
      ];
    case 'chart':
      return chartChildren(block, ++counter.chart, language);
  }
}

type ChartBlock = Extract<Block, { kind: 'chart' }>;

async function chartChildren({ chart, caption: name }: ChartBlock, number: number, language: Language): Promise<Paragraph[]> {
  const width = TEXT_WIDTH * PIXELS_A_POINT;
  const image = new ImageRun({
    type: 'png',
    data: Buffer.from(await drawPng(chart)),
    transformation: { width: Math.round(width), height: Math.round((width * chart.height) / chart.width) },
    altText: { name, title: name, description: chart.alt },
  });
  return [
    new Paragraph({ style: 'Drawing', children: [image] }),
    caption('chart', number, name, language),
    ...(chart.note === null ? [] : [new Paragraph({ style: 'Note', alignment: AlignmentType.CENTER, text: chart.note })]),
  ];
}

const CAPTIONS = { table: { zh: '表', en: 'Table' }, chart: { zh: '图', en: 'Figure' } } as const;

/** A caption with a number that Word counts on when tables are put in between; above a table, below a chart. */
function caption(kind: keyof typeof CAPTIONS, number: number, text: string, language: Language): Paragraph {
  const label = CAPTIONS[kind][language];
  return new Paragraph({
    style: 'Caption',
    keepNext: kind === 'table',
    alignment: kind === 'table' ? AlignmentType.LEFT : AlignmentType.CENTER,
    children: [
      new TextRun(`${label} `),
      new SimpleField(`SEQ ${label} \\* ARABIC`, String(number)),
      new TextRun(language === 'zh' ? `　${text}` : `. ${text}`),
    ],
  });
}
