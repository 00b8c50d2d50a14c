import type { ReportFormat } from '@beacontower/contracts';
import type { ReportModel } from '../model/model.ts';
import type { Language } from '../wording/index.ts';
import { buildContent } from './content/build.ts';
import { buildSheets } from './content/sheets.ts';
import { renderCsv } from './csv.ts';
import { renderDocx } from './docx/docx.ts';
import { renderPdf } from './pdf/pdf.ts';
import { cleanTexts } from './text.ts';
import { renderXlsx } from './xlsx/xlsx.ts';

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
 * model are data: characters that a document can't hold are left out. Throws where a font is missing.
 */
export async function render(model: ReportModel, format: ReportFormat, language: Language): Promise<Uint8Array> {
  const clean = cleanTexts(model);
  switch (format) {
    case 'docx':
      return renderDocx(clean, buildContent(clean, language), language);
    case 'pdf':
      return renderPdf(clean, buildContent(clean, language), language);
    case 'xlsx':
      return renderXlsx(clean, buildSheets(clean, language), language);
    case 'csv':
      return renderCsv(buildSheets(clean, language), language);
  }
}
