import { escapeHtml, oneLine } from './escape.ts';
import { restText, type Sheet, type Tone } from './sheet.ts';
import type { Language } from './wording.ts';

/** One mail: a subject of one line, and the same facts as plain text and as HTML that loads nothing from outside. */
export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function renderMail(sheet: Sheet, language: Language): RenderedMail {
  return { subject: sheet.subject, text: textOf(sheet, language), html: htmlOf(sheet, language) };
}

function textOf(sheet: Sheet, language: Language): string {
  const lines = [`[${sheet.badge}] ${sheet.title}`, ...sheet.paragraphs, '', ...sheet.rows.map(([label, value]) => `${label}: ${value}`)];
  if (sheet.link !== null) lines.push(`${sheet.link.label}: ${sheet.link.url}`);
  if (sheet.list !== null) {
    const rest = restText(sheet.list.rest, language);
    lines.push(...(sheet.rows.length > 0 ? [''] : []), sheet.list.title, ...sheet.list.items.map((item) => `  - ${item.text}`));
    if (rest !== '') lines.push(`  ${rest}`);
  }
  return `${[...lines, '', '-- ', sheet.footer].join('\n')}\n`;
}

interface Colour {
  readonly strong: string;
  readonly soft: string;
}

const COLOURS: Readonly<Record<Tone, Colour>> = {
  critical: { strong: '#b42318', soft: '#fdecea' },
  major: { strong: '#c4570c', soft: '#fdf1e7' },
  minor: { strong: '#946200', soft: '#fbf4e0' },
  warning: { strong: '#31588a', soft: '#eaf1f9' },
  resolved: { strong: '#1a7f4b', soft: '#e8f5ee' },
};

const FONT = "-apple-system,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif";

const text = (value: string) => escapeHtml(value);

// Tables and inline styles: what every mail reader, on a phone too, lays out alike.
function htmlOf(sheet: Sheet, language: Language): string {
  const colour = COLOURS[sheet.tone];
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light"><title>${text(sheet.subject)}</title></head>
<body style="margin:0;padding:0;background:#f2f4f7;font-family:${FONT}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f2f4f7"><tr><td align="center" style="padding:20px 10px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border-radius:8px;border-top:5px solid ${colour.strong}">
<tr><td style="padding:24px 24px 28px">
<span style="display:inline-block;padding:3px 10px;border-radius:12px;background:${colour.soft};color:${colour.strong};font-size:13px;font-weight:600">${text(sheet.badge)}</span>
<h1 style="margin:12px 0 6px;color:#101828;font-size:20px;line-height:1.35;font-weight:600;word-break:break-word">${text(sheet.title)}</h1>
${sheet.paragraphs.map((one) => `<p style="margin:0 0 14px;color:#475467;font-size:14px;line-height:1.6">${text(one)}</p>`).join('')}
${rowsOf(sheet)}
${listOf(sheet, language)}${buttonOf(sheet, colour)}
</td></tr></table>
<p style="margin:14px 0 0;color:#98a2b3;font-size:12px;line-height:1.5">${text(sheet.footer)}</p>
</td></tr></table>
</body></html>
`;
}

function rowsOf({ rows }: Sheet): string {
  if (rows.length === 0) return '';
  const cells = rows.map(
    ([label, value]) =>
      `<tr><td style="padding:7px 16px 7px 0;color:#667085;font-size:14px;vertical-align:top;white-space:nowrap">${text(label)}</td>` +
      `<td style="padding:7px 0;color:#1d2939;font-size:14px;vertical-align:top;word-break:break-word">${text(value)}</td></tr>`,
  );
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-top:1px solid #eaecf0;padding-top:8px">${cells.join('')}</table>`;
}

function listOf({ list }: Sheet, language: Language): string {
  if (list === null) return '';
  const items = list.items.map(({ text: name, tone }) =>
    tone === null ? text(name) : `<span style="color:${COLOURS[tone].strong}">●</span> ${text(name)}`,
  );
  const rest = restText(list.rest, language);
  if (rest !== '') items.push(`<span style="color:#667085">${text(rest)}</span>`);
  return (
    `<p style="margin:20px 0 6px;color:#667085;font-size:13px">${text(list.title)}</p>` +
    `<p style="margin:0;color:#1d2939;font-size:14px;line-height:1.7;word-break:break-word">${items.join('<br>')}</p>`
  );
}

function buttonOf({ link }: Sheet, colour: Colour): string {
  if (link === null) return '';
  return `<p style="margin:22px 0 0"><a href="${text(link.url)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:${colour.strong};color:#ffffff;font-size:14px;text-decoration:none">${text(link.label)}</a></p>`;
}

/** A mail whose text is the user's own: as it is written, and as nothing but text. */
export function ownMail(subject: string, words: string, language: Language): RenderedMail {
  const lines = words.split(/\r?\n/).map((line) => escapeHtml(line));
  const html = `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><title>${text(subject)}</title></head>
<body style="font-family:${FONT};font-size:14px;line-height:1.6;color:#1d2939">${lines.join('<br>\n')}</body></html>
`;
  return { subject: oneLine(subject), text: `${words.trimEnd()}\n`, html };
}
