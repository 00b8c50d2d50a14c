import { htmlEscape } from 'excel-builder-vanilla';
import type { ReportModel } from '../../model/model.ts';
import type { Language } from '../../wording/index.ts';

/** Title, author and date of a workbook, as the package format has them. */
export function corePart(model: ReportModel, language: Language): string {
  const time = new Date(model.made.at).toISOString().replace(/\.\d+Z$/u, 'Z');
  const title = `${model.title[language]} · ${model.period.name[language]}`;
  return [
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"',
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"',
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">',
    `<dc:title>${htmlEscape(title)}</dc:title><dc:creator>${htmlEscape(model.node.name)}</dc:creator>`,
    `<dcterms:created xsi:type="dcterms:W3CDTF">${time}</dcterms:created>`,
    `<dcterms:modified xsi:type="dcterms:W3CDTF">${time}</dcterms:modified></cp:coreProperties>`,
  ].join('');
}
