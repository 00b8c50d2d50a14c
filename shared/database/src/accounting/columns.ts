import type { Account } from '@beacontower/domain';

/** Column and field of every figure of an account, in one order for reading, summing and writing. */
export const ACCOUNT_COLUMNS: readonly (readonly [column: string, field: keyof Account])[] = [
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

/** `total_ms, up_ms, …` */
export const ACCOUNT_COLUMN_NAMES = ACCOUNT_COLUMNS.map(([column]) => column).join(', ');

/** The account of numbers in the order of `ACCOUNT_COLUMNS`, from `offset` on. */
export function accountFrom(values: readonly number[], offset = 0): Account {
  return Object.fromEntries(ACCOUNT_COLUMNS.map(([, field], index) => [field, values[offset + index] ?? 0])) as unknown as Account;
}

/** Each figure of `a` less that of `b`. */
export function subtractAccount(a: Account, b: Account): Account {
  return Object.fromEntries(ACCOUNT_COLUMNS.map(([, field]) => [field, a[field] - b[field]])) as unknown as Account;
}

export function sameAccount(a: Account, b: Account): boolean {
  return ACCOUNT_COLUMNS.every(([, field]) => a[field] === b[field]);
}

/** Time in which an object served wholly and exactly, `countedMs` of it counted. */
export function servedAccount(totalMs: number, countedMs: number): Account {
  return {
    totalMs,
    upMs: countedMs,
    downMs: 0,
    unknownMs: 0,
    excludedMs: totalMs - countedMs,
    degradedMs: 0,
    downLeastMs: 0,
    downMostMs: 0,
    upWithMaintenanceMs: countedMs,
    downWithMaintenanceMs: 0,
  };
}
