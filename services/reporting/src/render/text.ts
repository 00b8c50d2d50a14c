/**
 * Characters that XML forbids or a reader is deceived by: controls, non-characters, halves of pairs, and marks that turn the
 * direction of what follows.
 */
const FORBIDDEN = /\p{Cc}|[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]|\p{Cs}/gu;
const BREAKS = /[\t\r\n]+/gu;

/** A text from outside as it may stand in a document: one line, without characters that XML forbids. */
export function cleanText(text: string): string {
  return text.replace(BREAKS, ' ').replace(FORBIDDEN, '');
}

/** The same data with every text in it cleaned (names, titles and reasons come from outside). */
export function cleanTexts<T>(data: T): T {
  if (typeof data === 'string') return cleanText(data) as T;
  if (Array.isArray(data)) return data.map((item) => cleanTexts(item)) as T;
  if (data !== null && typeof data === 'object') {
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, cleanTexts(value)])) as T;
  }
  return data;
}
