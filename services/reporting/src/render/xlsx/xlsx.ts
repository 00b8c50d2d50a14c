import { createWorkbook, Drawings, Picture, Positioning, type Workbook } from 'excel-builder-vanilla';
import { strToU8, type Zippable, zipSync } from 'fflate';
import type { ReportModel } from '../../model/model.ts';
import type { Language } from '../../wording/index.ts';
import { drawPng } from '../charts/draw.ts';
import { overviewChart } from '../charts/overview.ts';
import type { Sheet } from '../content/sheets.ts';
import { corePart } from './core.ts';
import { type ReportSheet, writeSheet } from './sheet.ts';
import { sheetStyles } from './styles.ts';

/** The earliest day a ZIP archive can write. */
const ZIP_DAY = new Date(1980, 0, 1);
const CONTENT_TYPES = '[Content_Types].xml';
const RELATIONS = '_rels/.rels';

/** The report as XLSX: a sheet a table, real numbers with formats, frozen heads, filters, and the chart of all objectives. */
export async function renderXlsx(model: ReportModel, sheets: readonly Sheet[], language: Language): Promise<Uint8Array> {
  const workbook = createWorkbook();
  // A name from outside may be that of a method of every object.
  workbook.sharedStrings.strings = Object.create(null);
  const styles = sheetStyles(workbook.getStyleSheet());
  const written = sheets.map((sheet) => writeSheet(workbook, sheet, styles, language));
  const [summary] = written;
  const chart = overviewChart(model.objectives, language);
  if (summary && chart) {
    const png = Buffer.from(await drawPng(chart, 2)).toString('base64');
    addPicture(workbook, summary, { png, width: chart.width, height: chart.height, description: chart.alt });
  }
  return zipped(await workbook.generateFiles(), model, language);
}

interface PngPicture {
  readonly png: string;
  readonly width: number;
  readonly height: number;
  readonly description: string;
}

/** A picture below what is on the sheet. */
function addPicture(workbook: Workbook, { sheet, rows }: ReportSheet, { png, width, height, description }: PngPicture): void {
  const picture = new Picture();
  picture.setMedia(workbook.addMedia('image', 'summary.png', png, 'image/png'));
  picture.setDescription(description);
  picture.createAnchor('oneCellAnchor', {
    x: 0,
    y: rows + 1,
    width: Positioning.pixelsToEMUs(width),
    height: Positioning.pixelsToEMUs(height),
  });
  const drawings = new Drawings();
  drawings.addDrawing(picture);
  sheet.addDrawings(drawings);
  workbook.addDrawings(drawings);
}

/** The parts as an archive, with the properties of the document, which the library leaves out. */
function zipped(files: Readonly<Record<string, string>>, model: ReportModel, language: Language): Uint8Array {
  const parts: Zippable = {};
  for (const [path, content] of Object.entries(files)) {
    const name = path.slice(1);
    const data = /\.(xml|rels)$/u.test(name) ? strToU8(withCore(name, content)) : Buffer.from(content, 'base64');
    parts[name] = [data, { mtime: ZIP_DAY }];
  }
  parts['docProps/core.xml'] = [strToU8(corePart(model, language)), { mtime: ZIP_DAY }];
  return zipSync(parts, { level: 6 });
}

function withCore(name: string, xml: string): string {
  if (name === CONTENT_TYPES) {
    const type = 'application/vnd.openxmlformats-package.core-properties+xml';
    return xml.replace('</Types>', `<Override PartName="/docProps/core.xml" ContentType="${type}"/></Types>`);
  }
  if (name === RELATIONS) {
    const type = 'http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties';
    return xml.replace('</Relationships>', `<Relationship Id="rIdCore" Type="${type}" Target="docProps/core.xml"/></Relationships>`);
  }
  return xml;
}
