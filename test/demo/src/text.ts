/** Text on a terminal: colours, and widths in which a Chinese character is two columns wide. */
const ESC = '\u001b[';
const COLOURS = { green: 32, yellow: 33, red: 31, magenta: 35, cyan: 36, grey: 90, bold: 1 } as const;
export type Colour = keyof typeof COLOURS;

export function paint(colour: Colour, text: string): string {
  return `${ESC}${COLOURS[colour]}m${text}${ESC}0m`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what begins a colour.
const PAINT = /\u001b\[\d+m/g;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/;

/** Columns that a text takes. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text.replace(PAINT, '')) width += WIDE.test(character) ? 2 : 1;
  return width;
}

/** The text in exactly so many columns: filled up with spaces, or cut with an ellipsis. Text that is cut loses its colour. */
export function fit(text: string, columns: number): string {
  const width = widthOf(text);
  if (width <= columns) return text + ' '.repeat(columns - width);
  let cut = '';
  for (const character of text.replace(PAINT, '')) {
    if (widthOf(cut) + widthOf(character) > columns - 1) break;
    cut += character;
  }
  return fit(`${cut}…`, columns);
}

const HTML_COLOURS: Readonly<Record<string, string>> = {
  32: '#3fb950',
  33: '#d29922',
  31: '#f85149',
  35: '#bc8cff',
  36: '#39c5cf',
  90: '#8b949e',
  1: '#ffffff;font-weight:600',
};

/** The board as a page of its own, for pictures of it. */
export function htmlOf(board: string): string {
  const body = board
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(PAINT, (code) => {
      const number = code.slice(2, -1);
      return number === '0' ? '</span>' : `<span style="color:${HTML_COLOURS[number] ?? 'inherit'}">`;
    })
    // A wide character takes two columns (of 0.602 em in DejaVu Sans Mono) whatever its own font says.
    .replace(new RegExp(WIDE.source, 'g'), (character) => `<i>${character}</i>`);
  const style =
    'body{margin:0;background:#0d1117;color:#c9d1d9}pre{margin:0;padding:20px 24px;font:15px/1.5 "DejaVu Sans Mono","Noto Sans CJK SC",monospace;display:inline-block}i{font-style:normal;display:inline-block;width:1.204em;text-align:center;font-family:"Noto Sans CJK SC","WenQuanYi Zen Hei",sans-serif}';
  return `<!doctype html><meta charset="utf-8"><style>${style}</style><pre>${body}</pre>`;
}
