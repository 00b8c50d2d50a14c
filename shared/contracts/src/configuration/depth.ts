/** How deep a YAML text is nested: known before it is read, since its reader calls itself for every level. */
import { type CST, Lexer, Parser } from 'yaml';

/** No configuration comes near it. Some thousands of levels end the whole process: not every want of stack can be caught. */
const DEEPEST = 100;

/** Whether a text is nested beyond what is read. */
export function isTooDeep(text: string): boolean {
  return mayBeDeep(text) && (isDeepAtOnce(text) || isDeep(text));
}

/** A bound from above, at the price of one look: brackets that are open, and what of a line may begin levels. */
function mayBeDeep(text: string): boolean {
  let open = 0;
  let levels = 0;
  let indenting = true;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '\n' || character === '\r') {
      levels = 0;
      indenting = true;
      continue;
    }
    if (character === '[' || character === '{') open += 1;
    else if (character === ']' || character === '}') open = Math.max(0, open - 1);
    else if (character === '-' || character === '?' || character === ':' || (indenting && character === ' ')) levels += 1;
    if (character !== ' ') indenting = false;
    if (open > DEEPEST || levels > DEEPEST) return true;
  }
  return false;
}

/** Brackets within brackets, and indicators one behind the other: what makes levels of a few characters each. */
function isDeepAtOnce(text: string): boolean {
  let open = 0;
  let indicators = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === '[' || lexeme === '{') open += 1;
    else if (lexeme === ']' || lexeme === '}') open -= 1;
    else if (lexeme === '-' || lexeme === '?') indicators += open === 0 ? 1 : 0;
    else if (/^[\r\n]/.test(lexeme)) indicators = 0;
    if (open > DEEPEST || indicators > DEEPEST) return true;
  }
  return false;
}

/** The same exactly, by the tokens, which are found without a call for each level. */
function isDeep(text: string): boolean {
  const waiting: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const token of new Parser().parse(text)) waiting.push({ token, depth: 0 });
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const depth = next.depth + 1;
    if (depth > DEEPEST) return true;
    for (const token of within(next.token)) waiting.push({ token, depth });
  }
  return false;
}

function within(token: CST.Token): CST.Token[] {
  if (token.type === 'document') return token.value === undefined ? [] : [token.value];
  if (!('items' in token)) return [];
  return token.items.flatMap(({ key, value }) => [key, value].filter((each) => each !== undefined && each !== null));
}
