/** Comparing what is stored with what is wanted, field by field, without regard to the order of keys. */

/** One field that differs; `path` is such as `checks[0].policy.intervalMs`. Undefined stands for "not there". */
export interface FieldDifference {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** Text of a JSON value with the keys of every mapping sorted: equal values, equal texts. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isMapping(value)) return JSON.stringify(value) ?? 'undefined';
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
}

/**
 * Every field in which two JSON values differ. Lists of mappings that each have a date are compared date by date
 * (`dates[2026-10-01]`); other lists as wholes, unless they hold mappings of equal number.
 */
export function differences(before: unknown, after: unknown, path = ''): FieldDifference[] {
  if (canonical(before) === canonical(after)) return [];
  if (isMapping(before) && isMapping(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    return keys.flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  const [older, newer] = [byDate(before), byDate(after)];
  if (older !== null && newer !== null) {
    const dates = [...new Set([...older.keys(), ...newer.keys()])].sort();
    const found = dates.flatMap((date) => {
      const [was, is] = [older.get(date), newer.get(date)];
      return canonical(was) === canonical(is) ? [] : [{ path: `${path}[${date}]`, before: was, after: is }];
    });
    // Only their order differs: that is said of the list as a whole.
    return found.length > 0 ? found : [{ path, before, after }];
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length && before.every(isMapping)) {
    return before.flatMap((item, i) => differences(item, after[i], `${path}[${i}]`));
  }
  return [{ path, before, after }];
}

/** The items of a list by their dates; null when it is none of dated mappings, each date once. */
function byDate(list: unknown): Map<string, unknown> | null {
  if (!Array.isArray(list) || !list.every((item) => isMapping(item) && typeof item.date === 'string')) return null;
  const found = new Map((list as { date: string }[]).map((item) => [item.date, item]));
  return found.size === list.length ? found : null;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
