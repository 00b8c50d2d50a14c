import type { Report, ReportLanguage } from '@beacontower/contracts';
import { periodWords } from '../wording/index.ts';

/** What a mail says, besides its attachments. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** What a mail is made from. `attached`: names of the files sent along; `left`: of those that were too large for it. */
export interface MailFacts {
  readonly report: Pick<Report, 'id' | 'period' | 'summary'>;
  readonly scheduleName: string;
  readonly language: ReportLanguage;
  readonly attached: readonly string[];
  readonly left: readonly string[];
}

const WORDS = {
  zh: {
    title: (name: string, period: string) => `${name}：${period}`,
    attached: '附件：',
    left: '以下文件过大，未能随邮件发送，请从本系统下载：',
    footer: '此邮件由烽台 Beacontower 自动发送。数字的含义、上下限与完整率见报告。',
  },
  en: {
    title: (name: string, period: string) => `${name}: ${period}`,
    attached: 'Attached:',
    left: 'These files are too large for mail and were not sent along; they can be fetched from the system:',
    footer: 'Sent by Beacontower. What the figures mean, their bounds and completeness are in the report.',
  },
} as const;

/** The text of a mail that brings a scheduled report: the summary, what is attached, and where the rest is. */
export function mailText({ report, scheduleName, language, attached, left }: MailFacts): MailText {
  const words = WORDS[language];
  const { from, to, label, timeZone } = report.period;
  const period = periodWords({ from: Date.parse(from), to: Date.parse(to), label, timeZone })[language];
  const subject = oneLine(words.title(scheduleName, period));
  const where = (name: string) =>
    `${name}  GET /api/v1/reports/${report.id}/file?format=${name.split('.').at(-1) ?? ''}&language=${language}`;
  const blocks = [
    [report.summary?.[language] ?? ''],
    attached.length === 0 ? [] : [words.attached, ...attached.map((name) => `  ${name}`)],
    left.length === 0 ? [] : [words.left, ...left.map((name) => `  ${where(name)}`)],
    [words.footer],
  ].filter((lines) => lines.length > 0);
  const text = `${[subject, ...blocks.map((lines) => lines.join('\n'))].join('\n\n')}\n`;
  const html = blocks.map((lines) => `<p>${lines.map((line) => escapeHtml(line.trim())).join('<br>')}</p>`).join('');
  return {
    subject,
    text,
    html: `<!doctype html><html lang="${language}"><meta charset="utf-8"><h2>${escapeHtml(subject)}</h2>${html}</html>`,
  };
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
