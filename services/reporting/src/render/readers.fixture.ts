import { Parser } from 'saxen';

const NO_XML = /(?![\t\n\r\x7f-\x9f])\p{Cc}|[\ufffe\uffff]/u;

/** Whether a text is well-formed XML: every tag closed in turn, and no character that XML forbids. */
export function wellFormed(xml: string): boolean {
  let isGood = !NO_XML.test(xml);
  const parser = new Parser();
  parser.on('error', () => {
    isGood = false;
  });
  parser.on('warn', () => {
    isGood = false;
  });
  parser.parse(xml);
  return isGood;
}

/** Reads CSV as RFC 4180 has it; a byte order mark is no part of the first field. */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let field = '';
  let isQuoted = false;
  const end = () => {
    rows.at(-1)?.push(field);
    field = '';
  };
  const content = text.replace(/^\ufeff/u, '');
  for (let index = 0; index < content.length; index++) {
    const character = content[index] ?? '';
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (content[index + 1] === '"') field += content[++index];
      else isQuoted = false;
    } else if (character === '"' && field === '') isQuoted = true;
    else if (character === ',') end();
    else if (character === '\r' && content[index + 1] === '\n') {
      end();
      rows.push([]);
      index++;
    } else field += character;
  }
  if (field !== '') end();
  return rows;
}
