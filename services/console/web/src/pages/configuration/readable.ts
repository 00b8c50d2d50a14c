/** A value of the configuration as people read it: like YAML, without quotes and braces where none are needed. */
export function readable(value: unknown, indent = 0): string {
  const margin = '  '.repeat(indent);
  if (value === null || value === undefined) return '—';
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]';
    if (value.every((each) => each === null || typeof each !== 'object')) return value.map((each) => readable(each)).join(', ');
    return value.map((each) => `\n${margin}- ${readable(each, indent + 1).trimStart()}`).join('');
  }
  if (typeof value === 'object') {
    const entries = Object.entries(value).filter(([, each]) => each !== undefined);
    if (entries.length === 0) return '{}';
    return entries.map(([name, each]) => `\n${margin}${name}: ${readable(each, indent + 1)}`).join('');
  }
  return String(value);
}

interface Change {
  readonly change: 'added' | 'changed' | 'removed';
  readonly kind: string;
  readonly id: string;
}

/** Changes by kind, what is removed first: that is what one must not overlook. */
export function byKind<T extends Change>(changes: readonly T[]): { kind: string; changes: T[] }[] {
  const order = ['removed', 'changed', 'added'];
  const kinds = new Map<string, T[]>();
  for (const change of changes) kinds.set(change.kind, [...(kinds.get(change.kind) ?? []), change]);
  return [...kinds]
    .map(([kind, all]) => ({
      kind,
      changes: all.sort((a, b) => order.indexOf(a.change) - order.indexOf(b.change) || a.id.localeCompare(b.id)),
    }))
    .sort((a, b) => a.kind.localeCompare(b.kind));
}
