/** JSON can say what no record can hold: the character NUL, and halves of characters. Pure. */

// Only an escape can: the text itself was read as UTF-8. Most lines have none, and are not looked at further.
const SUSPECT = /\\u(?:0000|d[89a-f])/i;

// With the flag "u" a whole pair is one character, and only a half is a surrogate.
const HALF = /\p{Surrogate}/u;

/** Whether a document, as its text and as what it means, holds such a character. */
export function isUnstorable(text: string, document: unknown): boolean {
  return SUSPECT.test(text) && holds(document);
}

function holds(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000') || HALF.test(value);
  if (Array.isArray(value)) return value.some(holds);
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(([key, each]) => holds(key) || holds(each));
}
