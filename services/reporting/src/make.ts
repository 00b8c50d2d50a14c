import type { ReportFormat, ReportLanguage } from '@beacontower/contracts';
import { buildReport, type ReportSource } from './build/report.ts';
import type { ReportModel } from './model/model.ts';
import { EXTENSIONS, MEDIA_TYPES, render } from './render/index.ts';
import { dateIn, isMidnight, timeIn } from './wording/index.ts';

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
const MOST_PLACE_BYTES = 150;

/** Makes a report in each language and format asked for, one file after the other: the job and the command line do the same. */
export async function makeReport(source: ReportSource, take: (file: MadeFile) => Promise<void>): Promise<ReportModel> {
  const { order, tell } = source;
  const model = await buildReport({ ...source, tell: (step, done) => tell(step, done * GATHERING) });
  const wanted = order.languages.flatMap((language) => order.formats.map((format) => ({ language, format })));
  for (const [index, { language, format }] of wanted.entries()) {
    await tell(`${format} (${language})`, GATHERING + ((1 - GATHERING) * index) / wanted.length);
    const bytes = await render(model, format, language);
    await take({ format, language, name: fileName(model, format, language), mediaType: MEDIA_TYPES[format], bytes });
  }
  return model;
}

/** The name of a file of a report; at most 255 bytes, as file systems have it. */
export function fileName(
  { period, division }: Pick<ReportModel, 'period' | 'division'>,
  format: ReportFormat,
  language: ReportLanguage,
): string {
  const label = period.label ?? spanName(period);
  const [title, place] = language === 'zh' ? ['可用率报告', division.name.zh] : ['availability-report', division.name.en];
  const name = `${title}-${shortened(place)}-${label}`.replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-');
  return `${name}.${EXTENSIONS[format]}`;
}

/** The beginning of a name that is too long. */
function shortened(place: string): string {
  let bytes = 0;
  return [...place]
    .filter((character) => {
      bytes += Buffer.byteLength(character);
      return bytes <= MOST_PLACE_BYTES;
    })
    .join('');
}

/** A span by its local dates, or by its times where it is not made of days: two of one day are two files. */
function spanName({ from, to, timeZone }: ReportModel['period']): string {
  const ofDays = isMidnight(from, timeZone) && isMidnight(to, timeZone);
  const names = ofDays ? [dateIn(from, timeZone), dateIn(to - 1, timeZone)] : [timeIn(from, timeZone), timeIn(to, timeZone)];
  return names.map((name) => name.replace(/[-:]/g, '').replace(' ', 'T')).join('-');
}
