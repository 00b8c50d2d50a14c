import type { TableRow } from './seen.ts';

/** An interface object as far as it is recognised by. */
export interface KnownInterface {
  /** What the device called it when it was last seen. */
  readonly name: string;
  readonly alias: string;
}

/** What a table that was seen makes of the interfaces known before; each of them and each row is in one list exactly. */
export interface Reconciliation<K extends KnownInterface, R extends TableRow> {
  /** Same name. */
  readonly kept: readonly { readonly known: K; readonly row: R }[];
  /** Another name, but the alias that only it had. */
  readonly renamed: readonly { readonly known: K; readonly row: R }[];
  readonly appeared: readonly R[];
  readonly vanished: readonly K[];
}

/**
 * Recognises the interfaces of a device by name; what is left over, by an alias that is not empty and stands once on both sides
 * (a card that moved to another slot). ifIndex is never an identity: devices number anew when they restart.
 */
export function reconcileInterfaces<K extends KnownInterface, R extends TableRow>(
  known: readonly K[],
  seen: readonly R[],
): Reconciliation<K, R> {
  const rowOf = new Map(seen.map((row) => [row.name, row]));
  const kept: { known: K; row: R }[] = [];
  const renamed: { known: K; row: R }[] = [];
  const lost: K[] = [];
  for (const one of known) {
    const row = rowOf.get(one.name);
    // A name that two objects claim is the first one's: a name is given away once.
    if (row && rowOf.delete(one.name)) kept.push({ known: one, row });
    else lost.push(one);
  }
  const rowByAlias = uniqueByAlias(seen);
  const knownByAlias = uniqueByAlias(known);
  const vanished: K[] = [];
  for (const one of lost) {
    const row = knownByAlias.get(one.alias) === one ? rowByAlias.get(one.alias) : undefined;
    if (row && rowOf.delete(row.name)) renamed.push({ known: one, row });
    else vanished.push(one);
  }
  return { kept, renamed, appeared: [...rowOf.values()], vanished };
}

function uniqueByAlias<T extends { readonly alias: string }>(items: readonly T[]): Map<string, T> {
  const found = new Map<string, T>();
  const repeated = new Set<string>(['']);
  for (const item of items) {
    if (found.has(item.alias)) repeated.add(item.alias);
    found.set(item.alias, item);
  }
  for (const alias of repeated) found.delete(alias);
  return found;
}
