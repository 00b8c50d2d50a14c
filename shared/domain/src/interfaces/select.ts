import type { InterfaceSelection } from '../inventory.ts';
import type { TableRow } from './seen.ts';

/** What becomes of an interface: no object, one that may open incidents, or one whose trouble is only recorded. */
export type Selected = 'ignored' | 'watched' | 'quiet';

const ALIAS = 'alias:';

/** Says of a row what a device's selection makes of it. What is ignored is so even where it is watched too. */
export function createSelector(selection: InterfaceSelection): (row: Pick<TableRow, 'name' | 'descr' | 'alias'>) => Selected {
  const ignored = matcher(selection.ignore);
  const watched = matcher(selection.watch);
  return (row) => (ignored(row) ? 'ignored' : watched(row) ? 'watched' : 'quiet');
}

function matcher(patterns: readonly string[]): (row: Pick<TableRow, 'name' | 'descr' | 'alias'>) => boolean {
  const ofAlias = patterns.filter((pattern) => pattern.startsWith(ALIAS)).map((pattern) => pattern.slice(ALIAS.length));
  const ofNames = patterns.filter((pattern) => !pattern.startsWith(ALIAS));
  return ({ name, descr, alias }) =>
    ofNames.some((pattern) => matchesPattern(pattern, name) || matchesPattern(pattern, descr)) ||
    ofAlias.some((pattern) => matchesPattern(pattern, alias));
}

/**
 * Whether `*` standing for any characters makes the pattern the text, without regard to case (`gi*` is what people write for
 * `Gi0/1`). Not a regular expression: one star after another must not cost time without end.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  const parts = pattern.toLowerCase().split('*');
  const whole = text.toLowerCase();
  const first = parts[0] as string;
  if (parts.length === 1) return whole === first;
  const last = parts.at(-1) as string;
  if (!whole.startsWith(first) || whole.length < first.length + last.length || !whole.endsWith(last)) return false;
  const end = whole.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = whole.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
