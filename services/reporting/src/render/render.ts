import type { ReportModel } from '../model/model.ts';
import type { Language } from '../wording/index.ts';
import { buildContent } from './content/build.ts';
import { renderPdf } from './pdf/pdf.ts';
import { cleanTexts } from './text.ts';

/** x */
export async function renderReport(model: ReportModel, format: string, language: Language) {
  const clean = cleanTexts(model);
  const content = buildContent(clean, language);
  return { bytes: await renderPdf(clean, content, language) };
}
