import { escapeHtml, safeLink } from './escape.ts';
import { type MailFacts, mailFacts } from './facts.ts';
import type { IncidentMessage } from './message.ts';
import type { Language } from './wording.ts';

/** One mail: a subject of one line, and the same facts as plain text and as HTML that loads nothing from outside. */
export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export function renderMail(message: IncidentMessage, language: Language, timeZone: string): RenderedMail {
  const facts = mailFacts(message, language, timeZone);
  const runbook = safeLink(message.incident.runbook);
  return { subject: facts.subject, text: textOf(facts, runbook), html: htmlOf(facts, runbook, language, colourOf(message)) };
}

function textOf(facts: MailFacts, runbook: string | null): string {
  const summary = facts.summary === '' ? [] : [facts.summary];
  const lines = [`[${facts.badge}] ${facts.title}`, ...summary, '', ...facts.rows.map(([label, value]) => `${label}: ${value}`)];
  if (runbook !== null) lines.push(`${facts.runbookLabel}: ${runbook}`);
  if (facts.affected.length > 0) lines.push('', facts.affectedTitle, ...facts.affected.map((name) => `  - ${name}`));
  if (facts.more !== null) lines.push(`  ${facts.more}`);
  return `${[...lines, '', '-- ', facts.footer].join('\n')}\n`;
}

interface Colour {
  readonly strong: string;
  readonly soft: string;
}

function colourOf(message: IncidentMessage): Colour {
  if (message.type === 'incident.resolved') return { strong: '#1a7f4b', soft: '#e8f5ee' };
  const colours: Readonly<Record<IncidentMessage['incident']['severity'], Colour>> = {
    critical: { strong: '#b42318', soft: '#fdecea' },
    major: { strong: '#c4570c', soft: '#fdf1e7' },
    minor: { strong: '#946200', soft: '#fbf4e0' },
    warning: { strong: '#31588a', soft: '#eaf1f9' },
  };
  return colours[message.incident.severity];
}

const FONT = "-apple-system,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif";

// Tables and inline styles: what every mail reader, on a phone too, lays out alike.
function htmlOf(facts: MailFacts, runbook: string | null, language: Language, colour: Colour): string {
  const text = (value: string) => escapeHtml(value);
  const rows = facts.rows
    .map(
      ([label, value]) =>
        `<tr><td style="padding:7px 16px 7px 0;color:#667085;font-size:14px;vertical-align:top;white-space:nowrap">${text(label)}</td>` +
        `<td style="padding:7px 0;color:#1d2939;font-size:14px;vertical-align:top;word-break:break-word">${text(value)}</td></tr>`,
    )
    .join('');
  const affected =
    facts.affected.length === 0
      ? ''
      : `<p style="margin:20px 0 6px;color:#667085;font-size:13px">${text(facts.affectedTitle)}</p>` +
        `<p style="margin:0;color:#1d2939;font-size:14px;line-height:1.7">${facts.affected.map(text).join('<br>')}` +
        `${facts.more === null ? '' : `<br><span style="color:#667085">${text(facts.more)}</span>`}</p>`;
  const button =
    runbook === null
      ? ''
      : `<p style="margin:22px 0 0"><a href="${text(runbook)}" style="display:inline-block;padding:10px 18px;border-radius:6px;background:${colour.strong};color:#ffffff;font-size:14px;text-decoration:none">${text(facts.runbookLabel)}</a></p>`;
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light"><title>${text(facts.subject)}</title></head>
<body style="margin:0;padding:0;background:#f2f4f7;font-family:${FONT}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f2f4f7"><tr><td align="center" style="padding:20px 10px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border-radius:8px;border-top:5px solid ${colour.strong}">
<tr><td style="padding:24px 24px 28px">
<span style="display:inline-block;padding:3px 10px;border-radius:12px;background:${colour.soft};color:${colour.strong};font-size:13px;font-weight:600">${text(facts.badge)}</span>
<h1 style="margin:12px 0 6px;color:#101828;font-size:20px;line-height:1.35;font-weight:600;word-break:break-word">${text(facts.title)}</h1>
${facts.summary === '' ? '' : `<p style="margin:0 0 14px;color:#475467;font-size:14px;line-height:1.6">${text(facts.summary)}</p>`}
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="border-top:1px solid #eaecf0;padding-top:8px">${rows}</table>
${affected}${button}
</td></tr></table>
<p style="margin:14px 0 0;color:#98a2b3;font-size:12px;line-height:1.5">${text(facts.footer)}</p>
</td></tr></table>
</body></html>
`;
}
