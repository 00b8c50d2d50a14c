import type { ReportModel } from '../../model/model.ts';
import type { Language } from '../../wording/index.ts';
import { drawSvg } from '../charts/draw.ts';
import { COLOURS } from '../colours.ts';
import { characters } from '../content/characters.ts';
import type { Block, Content, Section } from '../content/content.ts';
import { factLines } from '../content/layout.ts';
import { tableHeight } from '../content/measure.ts';
import { Numbering } from '../content/numbering.ts';
import { fill, SECTIONS, SENTENCES, WORDS } from '../content/words.ts';
import { FACE_NAMES, type Face, faceOf, SANS, SERIF } from '../fonts/faces.ts';
import { FITTING_HEIGHT, MARGINS, TEXT_WIDTH } from '../page.ts';
import { type PdfFace, printPdf } from './print.ts';
import { STYLES } from './styles.ts';
import { pdfFacts, pdfFigure, pdfTable } from './tables.ts';
import type { Definition, Node } from './types.ts';

/** The report as PDF: A4, bookmarks, a table of contents with page numbers, fonts embedded. */
export async function renderPdf(model: ReportModel, content: Content, language: Language): Promise<Uint8Array> {
  const text = characters(content, language);
  const face = async (name: Face): Promise<PdfFace> => ({ name: FACE_NAMES[name], file: await faceOf(name, text) });
  const [serif, sans, sansBold] = [await face('serif'), await face('sans'), await face('sansBold')];
  const numbering = new Numbering(language);
  const sections: Node[] = [];
  for (const section of content.sections) sections.push(...(await sectionNodes(section, numbering, language)));
  return printPdf(definition(model, content, sections, language), {
    [SERIF]: { normal: serif, bold: sansBold },
    [SANS]: { normal: sans, bold: sansBold },
  });
}

function definition(model: ReportModel, content: Content, sections: Node[], language: Language): Definition {
  const running = `${content.title} · ${content.subtitle}`;
  return {
    pageSize: 'A4',
    pageMargins: MARGINS,
    language: language === 'zh' ? 'zh-CN' : 'en',
    displayTitle: true,
    info: {
      title: running,
      subject: content.status,
      author: model.node.name,
      creator: `Beacontower ${model.made.version}`,
      producer: 'pdfmake',
      creationDate: new Date(model.made.at),
      modDate: new Date(model.made.at),
    },
    styles: STYLES,
    defaultStyle: { font: SANS, fontSize: 10, color: COLOURS.ink },
    header: (page) => (page === 1 ? null : { text: running, style: 'note', margin: [MARGINS[0], 30, MARGINS[2], 0], alignment: 'right' }),
    footer: (page, pages) =>
      page === 1
        ? null
        : {
            text: fill(SENTENCES.page[language], { page: String(page), pages: String(pages) }),
            style: 'note',
            alignment: 'center',
            margin: [0, 22, 0, 0],
          },
    content: [...cover(content, language), contents(language), ...sections],
  };
}

function cover(content: Content, language: Language): Node[] {
  return [
    { text: content.title, style: 'title', margin: [0, 130, 0, 16] },
    { text: content.subtitle, style: 'subtitle', margin: [0, 0, 0, 34] },
    ...content.remarks.map(remark),
    { ...Object(pdfFacts(content.cover.map((fact) => [fact]))), margin: [20, 40, 20, 50] },
    { text: WORDS.signature[language], style: 'body', preserveLeadingSpaces: true, alignment: 'center' },
  ];
}

function contents(language: Language): Node {
  return {
    pageBreak: 'before',
    toc: {
      title: { text: SECTIONS.contents[language], style: 'heading1' },
    },
  };
}

/** A heading stays with what follows it, and a table on one page where it fits one; a longer one begins a page. */
async function sectionNodes(section: Section, numbering: Numbering, language: Language): Promise<Node[]> {
  const nodes: Node[] = [];
  let together: Node[] = [headingNode(section, numbering)];
  let startsPage = section.startsPage;
  for (const block of section.blocks) {
    const isLong = block.kind === 'table' && tableHeight(block.table, language) > FITTING_HEIGHT;
    const node = await blockNode(block, numbering, language);
    nodes.push({
      stack: [...together, node],
      ...(isLong ? {} : { unbreakable: true }),
      ...(startsPage || isLong ? { pageBreak: 'before' as const } : {}),
    });
    together = [];
    startsPage = false;
  }
  return nodes;
}

function headingNode(section: Section, numbering: Numbering): Node {
  const title = numbering.heading(section);
  const isFirst = section.level === 1;
  return {
    text: title,
    style: isFirst ? 'heading1' : 'heading2',
    tocItem: true,
    tocMargin: [isFirst ? 0 : 16, isFirst ? 5 : 0, 0, 0],
    tocStyle: isFirst ? { bold: true, fontSize: 10.5 } : { fontSize: 9.5 },
    outline: true,
    outlineText: title,
    outlineExpanded: false,
    ...(isFirst ? { id: section.id } : { outlineParentId: numbering.parent }),
  };
}

async function blockNode(block: Block, numbering: Numbering, language: Language): Promise<Node> {
  switch (block.kind) {
    case 'paragraph':
      return block.style === 'remark' ? remark(block.text) : { text: block.text, style: block.style };
    case 'figure':
      return pdfFigure(block.figure);
    case 'facts':
      return pdfFacts(factLines(block.facts));
    case 'table':
      return pdfTable(block.table, numbering.table(block.table.caption), language);
    case 'chart':
      return {
        stack: [
          { svg: await drawSvg(block.chart), width: TEXT_WIDTH, font: SANS },
          { text: numbering.chart(block.caption), style: 'caption', alignment: 'center', margin: [0, 2, 0, 0] },
          { text: block.chart.note ?? '', style: 'note', alignment: 'center' },
        ],
      };
  }
}

/** What must not be missed, in a frame. */
function remark(text: string): Node {
  return {
    margin: [0, 0, 0, 8],
    layout: { hLineWidth: () => 1, vLineWidth: () => 1, hLineColor: () => COLOURS.target, vLineColor: () => COLOURS.target },
    table: { widths: ['*'], body: [[{ text, style: 'remark', margin: [4, 3, 4, 3] }]] },
  };
}
