import { bytesOf, cutToBytes, fitted } from './fitting.ts';
import { restText, type Sheet, type Tone } from './sheet.ts';
import type { Language } from './wording.ts';

export const DIALECTS = ['wecom', 'dingtalk', 'feishu'] as const;
export type Dialect = (typeof DIALECTS)[number];

/** How one group robot writes its markdown: each knows another part of it. */
interface Writing {
  readonly safe: (text: string) => string;
  readonly coloured: (tone: Tone, text: string) => string;
  readonly label: (text: string) => string;
  /** Between lines, and between blocks. */
  readonly line: string;
  readonly block: string;
  readonly bullet: string;
  readonly heading: string;
}

const HEX: Readonly<Record<Tone, string>> = {
  critical: '#b42318',
  major: '#c4570c',
  minor: '#946200',
  warning: '#31588a',
  resolved: '#1a7f4b',
};
const FEISHU_COLOURS: Readonly<Record<Tone, string>> = {
  critical: 'red',
  major: 'orange',
  minor: 'yellow',
  warning: 'blue',
  resolved: 'green',
};

/** Neither WeCom nor DingTalk documents an escape: what could mark or mention is written full-width, which reads the same. */
const FULL_WIDTH: Readonly<Record<string, string>> = { '<': '＜', '>': '＞', '*': '＊', '`': '｀', '~': '～', '\\': '＼', '](': ']（' };
const fullWidth = (text: string) => flat(text).replace(/[<>*`~\\]|\]\(/g, (found) => FULL_WIDTH[found] ?? found);
/** Feishu shows HTML entities as the characters they are. */
const entities = (text: string) => flat(text).replace(/[&<>[\]*_`~\\]/g, (character) => `&#${character.charCodeAt(0)};`);
const flat = (text: string) => text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();

const WRITINGS: Readonly<Record<Dialect, Writing>> = {
  wecom: {
    safe: fullWidth,
    // It knows three colours by name, and no others.
    coloured: (tone, text) => `<font color="${tone === 'resolved' ? 'info' : tone === 'warning' ? 'comment' : 'warning'}">${text}</font>`,
    label: (text) => `<font color="comment">${text}</font>`,
    line: '\n',
    block: '\n',
    bullet: '> ',
    heading: '### ',
  },
  dingtalk: {
    safe: fullWidth,
    coloured: (tone, text) => `<font color="${HEX[tone]}">${text}</font>`,
    label: (text) => `**${text}**`,
    line: '  \n',
    block: '\n\n',
    bullet: '- ',
    heading: '#### ',
  },
  feishu: {
    safe: entities,
    coloured: (tone, text) => `<font color="${FEISHU_COLOURS[tone]}">${text}</font>`,
    label: (text) => `**${text}**`,
    line: '\n',
    block: '\n',
    bullet: '• ',
    heading: '',
  },
};

/** Text of others (names, notes, facts) made harmless inside a robot's markdown. */
export function escapeMarkdown(dialect: Dialect): (text: string) => string {
  return WRITINGS[dialect].safe;
}

/**
 * A sheet in a robot's markdown of at most `mostBytes`: names that do not fit are counted. Feishu shows title and link outside of it,
 * in the card's header and button.
 */
export function renderMarkdown(sheet: Sheet, dialect: Dialect, language: Language, mostBytes: number): string {
  const render = (one: Sheet) => markdownOf(one, WRITINGS[dialect], language, dialect !== 'feishu');
  return fitted(
    sheet,
    render,
    (text) => bytesOf(text) <= mostBytes,
    (text) => cutToBytes(text, mostBytes),
  );
}

function markdownOf(sheet: Sheet, writing: Writing, language: Language, whole: boolean): string {
  const { safe, coloured, label, bullet, line, block, heading } = writing;
  const colon = language === 'zh' ? '：' : ': ';
  const head = `${heading}${coloured(sheet.tone, `[${safe(sheet.badge)}]`)} ${safe(titleOf(sheet))}`;
  const rows = sheet.rows.map(([name, value]) => `${bullet}${label(safe(name))}${colon}${safe(value)}`);
  const list = sheet.list === null ? [] : listLines(sheet.list, writing, language);
  const link = sheet.link === null ? [] : [`[${safe(sheet.link.label)}](${sheet.link.url.replace(/[()<>\s]/g, percent)})`];
  const blocks = [whole ? [head] : [], ...sheet.paragraphs.map((text) => [safe(text)]), rows, list, whole ? link : []];
  return blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join(line))
    .join(block);
}

function listLines(list: NonNullable<Sheet['list']>, { safe, coloured, bullet, label }: Writing, language: Language): string[] {
  const rest = restText(list.rest, language);
  return [
    label(safe(list.title)),
    ...list.items.map(({ text, tone }) => `${bullet}${tone === null ? '' : `${coloured(tone, '●')} `}${safe(text)}`),
    ...(rest === '' ? [] : [`${bullet}${safe(rest)}`]),
  ];
}

/** What would end a link early, in the form that does not. */
const percent = (character: string) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** The subject without its badge, which stands before it in colour. */
function titleOf(sheet: Sheet): string {
  const badge = `[${sheet.badge}] `;
  return sheet.subject.startsWith(badge) ? sheet.subject.slice(badge.length) : sheet.subject;
}
