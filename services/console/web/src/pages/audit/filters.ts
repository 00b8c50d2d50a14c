import { instantOf } from './zoned.ts';

/** What is looked for, as it stands in the page's address; times as typed, in the node's zone. */
export interface AuditFilters {
  readonly actor: string;
  readonly action: string;
  readonly object: string;
  readonly result: string;
  readonly from: string;
  readonly to: string;
}

const NAMES = ['actor', 'action', 'object', 'result', 'from', 'to'] as const;

export function filtersOf(query: URLSearchParams): AuditFilters {
  return Object.fromEntries(NAMES.map((name) => [name, query.get(name) ?? ''])) as unknown as AuditFilters;
}

/** The page's address for what is looked for; what is empty is left out. */
export function searchOf(filters: AuditFilters): string {
  const given = NAMES.filter((name) => filters[name].trim() !== '').map((name) => [name, filters[name].trim()]);
  return new URLSearchParams(given).toString();
}

/** What the API is asked. A time that is none is left out. */
export function questionOf(filters: AuditFilters, timeZone: string): Record<string, string> {
  const times = { from: instantOf(filters.from, timeZone) ?? '', to: instantOf(filters.to, timeZone) ?? '' };
  return Object.fromEntries(Object.entries({ ...filters, ...times }).filter(([, value]) => value !== ''));
}
