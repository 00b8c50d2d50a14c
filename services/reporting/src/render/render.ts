import type { ReportFormat } from '@beacontower/contracts';
import type { ReportModel } from '../model/model.ts';
import type { Language } from '../wording/index.ts';
import { buildContent } from './content/build.ts';
import { buildSheets } from './content/sheets.ts';
import { renderCsv } from './csv.ts';
import { cleanTexts } from './text.ts';

/** Media types of the formats. */
export const MEDIA_TYPES: Readonly<Record<ReportFormat, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
};

/** Ends of file names, without the dot. */
export const EXTENSIONS: Readonly<Record<ReportFormat, string>> = { docx: 'docx', pdf: 'pdf', xlsx: 'xlsx', csv: 'csv' };

/**
 * A report in a format and a language. The same model gives the same document (its dates are those of the model). Texts of the
 * model are data: characters that a document can't hold are left out. Throws where a font is missing. What writes a format is loaded when
 * it is first asked for: a node that starts waits for none of it.
 */
export async function render(model: ReportModel, format: ReportFormat, language: Language): Promise<Uint8Array> {
  const clean = cleanTexts(model);
  switch (format) {
    case 'docx':
      return (await import('./docx/docx.ts')).renderDocx(clean, buildContent(clean, language), language);
    case 'pdf':
      return (await import('./pdf/pdf.ts')).renderPdf(clean, buildContent(clean, language), language);
    case 'xlsx':
      return (await import('./xlsx/xlsx.ts')).renderXlsx(clean, buildSheets(clean, language), language);
    case 'csv':
      return renderCsv(buildSheets(clean, language), language);
  }
}
