import { strFromU8, unzipSync } from 'fflate';
import { readSheet } from 'read-excel-file/node';
import { extractText, getDocumentProxy } from 'unpdf';
import { describe, expect, test } from 'vitest';
import { sampleReport } from '../model/model.fixture.ts';
import type { Language } from '../wording/index.ts';
import { hardReport } from './hard-report.fixture.ts';
import { parseCsv, wellFormed } from './readers.fixture.ts';
import { render } from './render.ts';

const LANGUAGES: readonly Language[] = ['zh', 'en'];
const PATIENCE = 120_000;

/** What is left of a text when a page has broken it into lines. */
function unbroken(text: string): string {
  return text.replace(/\s+/gu, '');
}

describe.each(LANGUAGES)('%s', (language) => {
  const model = sampleReport();
  const summary = model.summary[language];

  test('DOCX: well-formed parts, the summary as published, headings, captions, repeated heads, fonts and pictures embedded', {
    timeout: PATIENCE,
  }, async () => {
    const files = unzipSync(await render(model, 'docx', language));
    for (const [name, data] of Object.entries(files)) if (/\.(xml|rels)$/u.test(name)) expect(wellFormed(strFromU8(data)), name).toBe(true);
    const document = strFromU8(files['word/document.xml'] ?? new Uint8Array());
    expect(document).toContain(`>${summary}<`);
    expect(document.match(/w:val="Heading1"/gu)?.length).toBe(model.objectives.length + 5);
    expect(document).toMatch(/SEQ (表|Table)/u);
    expect(document).toContain('<w:tblHeader/>');
    expect(document).toContain('PAGEREF');
    expect(Object.keys(files).filter((name) => name.startsWith('word/fonts/'))).toHaveLength(3);
    expect(strFromU8(files['word/fontTable.xml'] ?? new Uint8Array())).toMatch(/Noto Serif SC.*embedRegular.*Noto Sans SC.*embedBold/su);
    expect(Object.keys(files).filter((name) => name.endsWith('.png')).length).toBe(model.objectives.length * 3 + 1);
    expect(strFromU8(files['docProps/core.xml'] ?? new Uint8Array())).toContain('2018-07-06T00:12:31Z');
  });

  test('PDF: the summary as published, every province, page numbers, fonts embedded, bookmarks', { timeout: PATIENCE }, async () => {
    const bytes = await render(model, 'pdf', language);
    const pdf = await getDocumentProxy(new Uint8Array(bytes));
    const { text, totalPages } = await extractText(pdf, { mergePages: true });
    expect(unbroken(text)).toContain(unbroken(summary));
    for (const { division } of model.objectives[0]?.divisions ?? []) expect(unbroken(text)).toContain(unbroken(division.name[language]));
    expect(unbroken(text)).toContain(unbroken(language === 'zh' ? `第 2 页 共 ${totalPages} 页` : `Page 2 of ${totalPages}`));
    const outline = await pdf.getOutline();
    expect(outline).toHaveLength(model.objectives.length + 5);
    expect(outline[1]?.items.length).toBe(6);
    const raw = Buffer.from(bytes).toString('latin1');
    expect(new Set(raw.match(/\/BaseFont \/[A-Z]+\+\S+/gu)).size).toBe(3);
    expect(raw.match(/\/FontFile2 /gu)?.length).toBe(3);
  });

  test('XLSX: real numbers, the summary as published, a table and a filter on each sheet', { timeout: PATIENCE }, async () => {
    const bytes = Buffer.from(await render(model, 'xlsx', language));
    const rows = await readSheet(bytes, 1);
    expect(rows.flat()).toContain(summary);
    const figures = rows.find((row) => row[0] === model.objectives[2]?.name[language]);
    expect(figures?.[1]).toBeCloseTo(0.99972, 12);
    const divisions = await readSheet(bytes, 4);
    expect(divisions).toHaveLength(1 + 32 * model.objectives.length);
    const files = unzipSync(bytes);
    for (const [name, data] of Object.entries(files)) if (/\.(xml|rels)$/u.test(name)) expect(wellFormed(strFromU8(data)), name).toBe(true);
    const tables = Object.entries(files).filter(([name]) => name.startsWith('xl/tables/'));
    expect(tables).toHaveLength(15);
    for (const [name, data] of tables) {
      const headings = [...strFromU8(data).matchAll(/<tableColumn id="\d+" name="([^"]*)"/gu)].map(([, heading]) => heading);
      expect(new Set(headings).size, name).toBe(headings.length);
      expect(strFromU8(data)).toContain('<autoFilter');
    }
    const fourth = strFromU8(files['xl/worksheets/sheet4.xml'] ?? new Uint8Array());
    expect(fourth.includes('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>')).toBe(true);
  });

  test('CSV: marked as UTF-8, parsed back, the summary as published, figures in percent and not rounded', async () => {
    const bytes = await render(model, 'csv', language);
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const rows = parseCsv(new TextDecoder().decode(bytes));
    expect(rows.flat()).toContain(summary);
    const figures = rows.find((row) => row[0] === model.objectives[2]?.name[language]);
    expect(Number(figures?.[1])).toBeCloseTo(99.972, 9);
  });
});

describe('a report with all that is hard', () => {
  const model = hardReport();

  test.each(['docx', 'pdf', 'xlsx'] as const)('%s is made, and read again', { timeout: PATIENCE }, async (format) => {
    for (const language of format === 'docx' ? (['zh'] as const) : LANGUAGES) {
      const bytes = await render(model, format, language);
      if (format === 'pdf') {
        const { text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true });
        for (const name of ['constructor', '__proto__']) expect(unbroken(text)).toContain(name);
        expect(unbroken(text)).toContain(language === 'zh' ? '无数据' : 'nodata');
        expect(unbroken(text)).toContain('儋州歙县黟县亳州濮阳诸暨');
        expect(text).not.toContain('NaN');
        continue;
      }
      const files = unzipSync(bytes);
      for (const [name, data] of Object.entries(files)) {
        if (!/\.(xml|rels)$/u.test(name)) continue;
        expect(wellFormed(strFromU8(data)), name).toBe(true);
        expect(strFromU8(data)).not.toMatch(/NaN|undefined|\[object/u);
      }
    }
  });

  test('a name that objects have of their own changes no other object', { timeout: PATIENCE }, async () => {
    const known = [Object.getOwnPropertyNames(Object.prototype), Object.getOwnPropertyNames(Object)];
    for (const format of ['docx', 'pdf', 'xlsx', 'csv'] as const) await render(model, format, 'en');
    expect([Object.getOwnPropertyNames(Object.prototype), Object.getOwnPropertyNames(Object)]).toEqual(known);
  });

  test('a name that begins like a formula is text in CSV', async () => {
    const rows = parseCsv(new TextDecoder().decode(await render(model, 'csv', 'zh')));
    const cells = rows.flat().filter((cell) => /^[=+@-]/u.test(cell));
    expect(cells.filter((cell) => !/^-?\d/u.test(cell))).toEqual([]);
    expect(rows.flat()).toContain('\'=HYPERLINK("http://example.invalid","x")');
  });

  test('a name that begins like a formula is text in XLSX', async () => {
    const files = unzipSync(await render(model, 'xlsx', 'zh'));
    const sheets = Object.entries(files).filter(([name]) => name.startsWith('xl/worksheets/sheet'));
    for (const [name, data] of sheets) expect(strFromU8(data), name).not.toContain('<f>');
  });
});

test('a report without any objective is made in every format', { timeout: PATIENCE }, async () => {
  const model = { ...sampleReport(), objectives: [] };
  for (const format of ['docx', 'pdf', 'xlsx', 'csv'] as const) expect((await render(model, format, 'zh')).length).toBeGreaterThan(1000);
});

test('the same model gives the same PDF and CSV', { timeout: PATIENCE }, async () => {
  for (const format of ['pdf', 'csv'] as const) {
    const [first, second] = [await render(sampleReport(), format, 'en'), await render(sampleReport(), format, 'en')];
    expect(Buffer.compare(first, second), format).toBe(0);
  }
});
