import type { CheckDetail, ObjectDetail } from '@beacontower/contracts';

/**
 * The checks that make the object be in its state: those in the same state as it. Where none is (a composite of others, or it was said by
 * a record), those that are not up; of an object that is up nothing need be explained but what is not well with it nevertheless.
 */
export function decidingChecks({ state, checks }: Pick<ObjectDetail, 'state' | 'checks'>): readonly CheckDetail[] {
  const unwell = checks.filter((check) => check.state !== 'up');
  if (state === 'up') return unwell;
  const alike = checks.filter((check) => check.state === state);
  return alike.length > 0 ? alike : unwell;
}
