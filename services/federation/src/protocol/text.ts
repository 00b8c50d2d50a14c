/** JSON can say what no record can hold: the character NUL, and halves of characters. Pure. */

// Only an escape can: the text itself was read as UTF-8. Most lines have none, and are not looked at further.
const SUSPECT = /\\u(?:0000|d[89a-f])/i;

// With the flag "u" a whole pair is one character, and only a half is a surrogate.
const HALF = /\p{Surrogate}/u;

/** Whether a document, as its text and as what it means, holds such a character. */
export function isUnstorable(text: string, document: unknown): boolean {
  return SUSPECT.test(text) && holds(document);
}

// A list of what is still to be looked at, and no calls within calls: what is nested without end would end those.
function holds(document: unknown): boolean {
  const left: unknown[] = [document];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value === 'string' && isUnstorableText(value)) return true;
    if (value === null || typeof value !== 'object') continue;
    if (Object.keys(value).some(isUnstorableText)) return true;
    for (const each of Object.values(value)) left.push(each);
  }
  return false;
}

const isUnstorableText = (text: string): boolean => text.includes('\u0000') || HALF.test(text);
