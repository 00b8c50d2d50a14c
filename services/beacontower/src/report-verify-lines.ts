/** A bundle's bytes as lines, with memory for one line, whatever the file. */

/** No honest line is longer: the longest is an objective that names its objects one by one. */
export const LONGEST_LINE_BYTES = 16 * 1024 * 1024;

export interface RawLine {
  /** From 1. */
  readonly number: number;
  /** Without the line feed; null of a line that is too long. */
  readonly text: string | null;
  /** Every byte of it, the line feed included; of a line that is too long in several pieces. */
  readonly bytes: Uint8Array;
  /** False of a last line without a line feed, and of every piece of a long line but the last. */
  readonly ended: boolean;
}

const LINE_FEED = 0x0a;
const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });

/** Every line in order; a long one comes in pieces of the same number, without text. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>, longest = LONGEST_LINE_BYTES): AsyncGenerator<RawLine> {
  let pieces: Uint8Array[] = [];
  let held = 0;
  let number = 1;
  let isLong = false;
  const take = (last: Uint8Array, ended: boolean): RawLine => {
    const bytes = pieces.length === 0 ? last : Buffer.concat([...pieces, last]);
    const text = isLong || bytes.byteLength > longest ? null : decoder.decode(ended ? bytes.subarray(0, -1) : bytes);
    pieces = [];
    held = 0;
    return { number, text, bytes, ended };
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, from)) {
      yield take(chunk.subarray(from, at + 1), true);
      from = at + 1;
      number++;
      isLong = false;
    }
    if (from === chunk.byteLength) continue;
    const rest = Buffer.from(chunk.subarray(from));
    held += rest.byteLength;
    if (held > longest) {
      isLong = true;
      yield take(rest, false);
    } else pieces.push(rest);
  }
  if (held > 0 || isLong) yield take(new Uint8Array(0), false);
}
