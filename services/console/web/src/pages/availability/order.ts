/** The order of objectives: what needs a look first. Pure. */
import type { ErrorBudget } from '@beacontower/contracts';

/** A number that is the smaller the more an objective needs a look: what is left of its budget; what is not known comes after those in need. */
export function needOf(budget: Pick<ErrorBudget, 'leftFraction' | 'availability' | 'firing'> | undefined): number {
  if (budget === undefined) return 2;
  if (budget.availability === null || budget.leftFraction === null) return 0.5;
  return budget.leftFraction - (budget.firing.length > 0 ? 1 : 0);
}
