/** Control characters, and those that turn the direction of writing: they would forge what a person reads. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/**
 * Text as a device gives it, made fit to be stored and shown: well-formed, without control characters (a space in their stead),
 * without space around it, and of at most `most` characters. A device may answer anything.
 */
export function cleanText(text: string, most: number): string {
  const clean = text
    .replace(/\p{Cs}/gu, '\ufffd')
    .replace(UNSEEN, ' ')
    .trim();
  // By characters, not code units: half a surrogate pair is no text.
  return clean.length <= most ? clean : [...clean].slice(0, most).join('').trim();
}
