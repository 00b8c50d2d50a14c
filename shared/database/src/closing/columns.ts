import type { Account } from '@beacontower/domain';

/** [column, field] of every number of an account, in one place for reading, comparing and writing. */
export const ACCOUNT_FIELDS: readonly (readonly [string, keyof Account])[] = [
  ['total_ms', 'totalMs'],
  ['up_ms', 'upMs'],
  ['down_ms', 'downMs'],
  ['unknown_ms', 'unknownMs'],
  ['excluded_ms', 'excludedMs'],
  ['degraded_ms', 'degradedMs'],
  ['down_least_ms', 'downLeastMs'],
  ['down_most_ms', 'downMostMs'],
  ['up_with_maintenance_ms', 'upWithMaintenanceMs'],
  ['down_with_maintenance_ms', 'downWithMaintenanceMs'],
];

/** A row of account columns as an account; null when it has none (of an outer join). */
export function accountOf(row: Readonly<Record<string, unknown>>, prefix = ''): Account | null {
  if (row[`${prefix}total_ms`] === null) return null;
  return Object.fromEntries(ACCOUNT_FIELDS.map(([column, field]) => [field, Number(row[prefix + column])])) as unknown as Account;
}

/** Whether two accounts say the same. */
export function sameAccount(a: Account, b: Account): boolean {
  return ACCOUNT_FIELDS.every(([, field]) => a[field] === b[field]);
}
