import type { Account } from '@beacontower/domain';
import { ACCOUNT_COLUMNS } from '../accounting/index.ts';

/** A row with the columns of an account, each behind the prefix, as an account; null when it has none (of an outer join). */
export function accountOf(row: Readonly<Record<string, unknown>>, prefix = ''): Account | null {
  if (row[`${prefix}total_ms`] === null) return null;
  return Object.fromEntries(ACCOUNT_COLUMNS.map(([column, field]) => [field, Number(row[prefix + column])])) as unknown as Account;
}
