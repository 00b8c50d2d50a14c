import { cutTo, fitted } from './fitting.ts';
import { restText, type Sheet } from './sheet.ts';
import type { Language } from './wording.ts';

/** One line for a short message or a voice that reads it: at most `longest` characters; what does not fit is counted or cut with "…". */
export function renderShort(sheet: Sheet, language: Language, longest: number): string {
  return fitted(
    { ...sheet, rows: [] },
    (one) => lineOf(one, language),
    (text) => [...text].length <= longest,
    (text) => cutTo(text, longest),
  );
}

function lineOf(sheet: Sheet, language: Language): string {
  const [comma, stop, gap] = language === 'zh' ? ['，', '。', ''] : [', ', '.', ' '];
  const ended = (text: string) => (/[.。！？!?…]$/.test(text) ? text : `${text}${stop}`);
  const brief = sheet.brief.length === 0 ? [] : [sheet.brief.join(comma)];
  return [sheet.subject, ...sheet.paragraphs, ...brief, ...namesOf(sheet, language)].map(ended).join(gap);
}

// Of one incident the objects it affects are counted already; of several, they are what the message is about.
function namesOf({ list, brief }: Sheet, language: Language): string[] {
  if (list === null || brief.length > 0) return [];
  const rest = restText(list.rest, language);
  const names = [...list.items.map(({ text }) => text), ...(rest === '' ? [] : [rest])];
  return names.length === 0 ? [] : [names.join(language === 'zh' ? '；' : '; ')];
}
