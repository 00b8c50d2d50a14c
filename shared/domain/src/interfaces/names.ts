import { cleanText } from './text.ts';

/** Characters of an interface's name; what follows is left out. With a repeat's ending a name is a little longer. */
export const LONGEST_INTERFACE_NAME = 100;

/** What an interface is called by its device, before it is made unique. */
export interface NamedRow {
  readonly index: number;
  /** ifName; empty where the device has none. */
  readonly ifName: string;
  readonly ifDescr: string;
}

/**
 * The name each row is known by, in the order given, fit to be stored and shown (`cleanText`): ifName, or ifDescr where there is none, or `if` where both are empty.
 * Every row of a name that stands more than once gets `#<ifIndex>` behind it, the first as well: which of them comes first may change. A
 * made name that is another row's own gets the ending again, until no two are alike.
 */
export function uniqueNames(rows: readonly NamedRow[]): string[] {
  let names = rows.map((row) => cleanText(row.ifName, LONGEST_INTERFACE_NAME) || cleanText(row.ifDescr, LONGEST_INTERFACE_NAME) || 'if');
  for (let repeated = repeatsOf(names); repeated.size > 0; repeated = repeatsOf(names)) {
    const again = repeated;
    names = names.map((name, position) => (again.has(name) ? `${name}#${rows[position]?.index}` : name));
    // Two rows of one ifIndex can never be told apart; the wire never gives such, and an endless loop would be worse.
    if (new Set(rows.map((row) => row.index)).size < rows.length) break;
  }
  return names;
}

function repeatsOf(names: readonly string[]): Set<string> {
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) repeated.add(name);
    seen.add(name);
  }
  return repeated;
}
