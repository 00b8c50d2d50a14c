import type { ReportModel } from '../../model/model.ts';
import type { Language } from '../../wording/index.ts';
import type { Sheet } from '../content/sheets.ts';
/** x */
export async function renderXlsx(_model: ReportModel, _sheets: readonly Sheet[], _language: Language): Promise<Uint8Array> {
  return new Uint8Array();
}
