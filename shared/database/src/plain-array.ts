import type { Reason, State } from '@beacontower/domain';

/**
 * An array as PostgreSQL reads it, of numbers and of words of ours that need no quotes: the driver looks at each element of an array for
 * what has to be quoted, which is a tenth of the cost of taking in a million changes.
 */
export function plainArray(values: readonly number[] | readonly (State | Reason | 'object' | 'check')[]): string {
  return `{${values.join(',')}}`;
}
