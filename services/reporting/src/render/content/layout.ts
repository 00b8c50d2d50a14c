import type { Fact } from './content.ts';

/** Room a text takes on a line, in widths of a Chinese character; letters and digits take a little more than half of one. */
export function textRoom(text: string): number {
  let room = 0;
  for (const character of text) room += character < '\u2000' ? 0.56 : 1;
  return room;
}

const SHORT_LABEL = 9.6;
const SHORT_VALUE = 14;

/** Facts that are short stand two on a line; long ones have a line each. The order is kept within each kind; pairs come first. */
export function factLines(facts: readonly Fact[]): (readonly [Fact] | readonly [Fact, Fact | null])[] {
  const isShort = ({ label, value }: Fact) => textRoom(label) <= SHORT_LABEL && textRoom(value) <= SHORT_VALUE;
  const short = facts.filter(isShort);
  const pairs: (readonly [Fact, Fact | null])[] = [];
  for (let index = 0; index < short.length; index += 2) {
    const first = short[index];
    if (first) pairs.push([first, short[index + 1] ?? null]);
  }
  return [...pairs, ...facts.filter((fact) => !isShort(fact)).map((fact): readonly [Fact] => [fact])];
}
