import type { ReportFormat, ReportLanguage } from '@beacontower/contracts';
import { buildReport, type ReportSource } from './build/report.ts';
import type { ReportModel } from './model/model.ts';
import { EXTENSIONS, MEDIA_TYPES, render } from './render/index.ts';

/** One file of a report, whole in memory. */
export interface MadeFile {
  readonly format: ReportFormat;
  readonly language: ReportLanguage;
  /** File name, such as `可用率报告-2018-H1.docx`; nothing in it has to be escaped in a path. */
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** Share of the whole that gathering takes; the rest is rendering. */
const GATHERING = 0.8;

/** Makes a report in each language and format asked for, one file after the other: the job and the command line do the same. */
export async function makeReport(source: ReportSource, take: (file: MadeFile) => Promise<void>): Promise<ReportModel> {
  const { order, tell } = source;
  const model = await buildReport({ ...source, tell: (step, done) => tell(step, done * GATHERING) });
  const wanted = order.languages.flatMap((language) => order.formats.map((format) => ({ language, format })));
  for (const [index, { language, format }] of wanted.entries()) {
    await tell(`${format} (${language})`, GATHERING + ((1 - GATHERING) * index) / wanted.length);
    const bytes = await render(model, format, language);
    await take({ format, language, name: nameOf(model, format, language), mediaType: MEDIA_TYPES[format], bytes });
  }
  return model;
}

function nameOf({ period, division }: ReportModel, format: ReportFormat, language: ReportLanguage): string {
  const label = period.label ?? `${day(period.from)}-${day(period.to)}`;
  const [title, place] = language === 'zh' ? ['可用率报告', division.name.zh] : ['availability-report', division.name.en];
  const name = `${title}-${place}-${label}`.replace(/[^\p{L}\p{N}._-]+/gu, '-');
  return `${name}.${EXTENSIONS[format]}`;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
}
