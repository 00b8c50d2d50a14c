import type { TemplateBody } from '@beacontower/contracts';
import { oneLine } from './escape.ts';
import { cutTo, cutToBytes } from './fitting.ts';
import { divertedText, sheetOf } from './group.ts';
import { ownMail, type RenderedMail, renderMail } from './mail.ts';
import { type Dialect, escapeMarkdown, renderMarkdown } from './markdown.ts';
import type { Composition, Sheet } from './sheet.ts';
import { renderShort } from './short.ts';
import { renderTemplate, TemplateFault } from './template.ts';
import { templateContext } from './template-context.ts';
import type { Language } from './wording.ts';

/** A message to be worded, by the words of a template where it has them. */
export interface Wording extends Composition {
  readonly template: TemplateBody | null;
}

/** Words of one's own, or null where the built-in ones are used; `fault`: why one's own could not be. */
interface Own {
  readonly title: string | null;
  readonly body: string | null;
  readonly fault: string | null;
}

/** A mail. A template that fails never keeps a message from going: it goes in the built-in words, and says so. */
export function composeMail(wording: Wording): RenderedMail {
  const own = ownWords(wording, 'text', plain);
  const sheet = sheetWith(wording, own);
  if (own.body !== null) return ownMail(own.title ?? sheet.subject, own.body, wording.language);
  return renderMail(own.title === null ? sheet : { ...sheet, subject: own.title }, wording.language);
}

export interface RobotWords {
  readonly title: string;
  readonly markdown: string;
  /** What the message is built from; a template's own text has no rows. */
  readonly sheet: Sheet;
  /** Whether the markdown is a template's. */
  readonly own: boolean;
}

/** A robot's message: its title of one line, and markdown of at most `mostBytes`. */
export function composeMarkdown(wording: Wording, dialect: Dialect, mostBytes: number): RobotWords {
  const own = ownWords(wording, 'markdown', escapeMarkdown(dialect));
  const sheet = sheetWith(wording, own);
  const markdown = own.body === null ? renderMarkdown(sheet, dialect, wording.language, mostBytes) : cutToBytes(own.body, mostBytes);
  return { title: own.title ?? sheet.subject, markdown, sheet, own: own.body !== null };
}

/** One line of at most `longest` characters. */
export function composeShort(wording: Wording, longest: number): { readonly title: string; readonly text: string } {
  const own = ownWords(wording, 'text', plain);
  const sheet = sheetWith(wording, own);
  const text = own.body === null ? renderShort(sheet, wording.language, longest) : cutTo(own.body.trim(), longest);
  return { title: own.title ?? sheet.subject, text };
}

/** Values keep their letters; what could reverse or break a line does not get through. */
const plain = (text: string) => oneLine(text);

function sheetWith(wording: Wording, { fault }: Own): Sheet {
  const sheet = sheetOf(wording);
  if (fault === null) return sheet;
  return { ...sheet, paragraphs: [...sheet.paragraphs, faultText(wording.template?.id ?? '', fault, wording.language)] };
}

/** Why the words of a template could not be used for this message; null when they could, or there are none. */
export function templateFault(wording: Wording, which: 'text' | 'markdown'): string | null {
  const { fault } = ownWords(wording, which, plain);
  return fault === null ? null : faultText(wording.template?.id ?? '', fault, 'en').slice(1, -1);
}

function ownWords(wording: Wording, which: 'text' | 'markdown', safe: (text: string) => string): Own {
  const texts = wording.template?.[wording.language] ?? null;
  const body = texts?.[which] ?? null;
  const title = texts?.title ?? null;
  if (title === null && body === null) return { title: null, body: null, fault: null };
  try {
    const context = templateContext(wording);
    return {
      title: title === null ? null : oneLine(renderTemplate(title, context, plain)),
      body: body === null ? null : withDiversion(renderTemplate(body, context, safe), body, wording, safe),
      fault: null,
    };
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
    return { title: null, body: null, fault: `${error.message} (${error.line}:${error.column})` };
  }
}

/** Words of one's own that do not say themselves that the message goes by another channel have that said below them. */
function withDiversion(rendered: string, body: string, wording: Wording, safe: (text: string) => string): string {
  const diverted = divertedText(wording);
  if (diverted === '') return rendered;
  const undiverted = renderTemplate(body, templateContext({ ...wording, diverted: null }), safe);
  return rendered === undiverted ? `${rendered.trimEnd()}\n${safe(diverted)}` : rendered;
}

function faultText(template: string, fault: string, language: Language): string {
  if (language === 'zh') return `（模板“${template}”无法使用：${fault}；以上为内置文字。）`;
  return `(The template "${template}" cannot be used: ${fault}; these are the built-in words.)`;
}
