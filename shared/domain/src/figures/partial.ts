import { type Account, type Availability, addAccounts, availabilityOf, EMPTY_ACCOUNT } from '../availability.ts';

/** `mean`: sum(A_i)/n, the published kind (平均可用率). `time-weighted`: sum(up)/sum(up+down). `user-weighted`: sum(w_i A_i)/sum(w_i). */
export type AggregateKind = 'mean' | 'time-weighted' | 'user-weighted';

export interface AggregateMember {
  readonly account: Account;
  /** Users behind the member; only `user-weighted` looks at it. */
  readonly weight: number;
}

export interface AggregateResult extends Availability {
  readonly account: Account;
  /** Members without any observed time: left out of the mean and counted here. */
  readonly unobserved: number;
}

/** A weighted mean on its way: of the members that have the fraction. */
export interface MeanSum {
  readonly weight: number;
  /** Sum of weight times fraction. */
  readonly sum: number;
}

/** One `MeanSum` for each fraction: a member may lack one and have another. */
export type MeanSums = { readonly [Field in keyof Availability]: MeanSum };

/**
 * Some members on their way to a figure: whatever way they are grouped (by rows of SQL, by processes), their partials merge
 * to the same.
 */
export interface Partial {
  readonly members: number;
  readonly unobserved: number;
  readonly account: Account;
  /** Every member weighs 1. */
  readonly mean: MeanSums;
  /** Every member weighs its users. */
  readonly weighted: MeanSums;
}

const NOTHING: MeanSum = { weight: 0, sum: 0 };
const NO_SUMS: MeanSums = {
  availability: NOTHING,
  lowest: NOTHING,
  highest: NOTHING,
  completeness: NOTHING,
  availabilityWithMaintenance: NOTHING,
};

export const EMPTY_PARTIAL: Partial = { members: 0, unobserved: 0, account: EMPTY_ACCOUNT, mean: NO_SUMS, weighted: NO_SUMS };

/** `weight`: users behind the member, not negative. */
export function addMember(partial: Partial, account: Account, weight: number): Partial {
  const fractions = availabilityOf(account);
  return {
    members: partial.members + 1,
    unobserved: partial.unobserved + (fractions.availability === null ? 1 : 0),
    account: addAccounts(partial.account, account),
    mean: addSums(partial.mean, sumsOf(fractions, 1)),
    weighted: addSums(partial.weighted, sumsOf(fractions, weight)),
  };
}

export function mergePartials(a: Partial, b: Partial): Partial {
  return {
    members: a.members + b.members,
    unobserved: a.unobserved + b.unobserved,
    account: addAccounts(a.account, b.account),
    mean: addSums(a.mean, b.mean),
    weighted: addSums(a.weighted, b.weighted),
  };
}

function sumsOf(fractions: Availability, weight: number): MeanSums {
  const of = (fraction: number | null): MeanSum => (fraction === null ? NOTHING : { weight, sum: weight * fraction });
  return {
    availability: of(fractions.availability),
    lowest: of(fractions.lowest),
    highest: of(fractions.highest),
    completeness: of(fractions.completeness),
    availabilityWithMaintenance: of(fractions.availabilityWithMaintenance),
  };
}

function addSums(a: MeanSums, b: MeanSums): MeanSums {
  const add = (x: MeanSum, y: MeanSum): MeanSum => ({ weight: x.weight + y.weight, sum: x.sum + y.sum });
  return {
    availability: add(a.availability, b.availability),
    lowest: add(a.lowest, b.lowest),
    highest: add(a.highest, b.highest),
    completeness: add(a.completeness, b.completeness),
    availabilityWithMaintenance: add(a.availabilityWithMaintenance, b.availabilityWithMaintenance),
  };
}

/** The figure of the named kind. A mean of nothing, or of members that all weigh nothing, is null. */
export function finishPartial(kind: AggregateKind, partial: Partial): AggregateResult {
  const { account, unobserved } = partial;
  if (kind === 'time-weighted') return { ...availabilityOf(account), account, unobserved };
  const sums = kind === 'mean' ? partial.mean : partial.weighted;
  const mean = ({ sum, weight }: MeanSum): number | null => (weight > 0 ? sum / weight : null);
  return {
    availability: mean(sums.availability),
    lowest: mean(sums.lowest),
    highest: mean(sums.highest),
    completeness: mean(sums.completeness),
    availabilityWithMaintenance: mean(sums.availabilityWithMaintenance),
    account,
    unobserved,
  };
}

/**
 * The availability of several objects by the named kind. A member that nobody observed has no figure: it is left out of
 * the estimate, but its bounds (0 to 1) stay in the bounds of the whole, so that the truth lies between them.
 */
export function aggregate(kind: AggregateKind, members: readonly AggregateMember[]): AggregateResult {
  return finishPartial(
    kind,
    members.reduce((partial, { account, weight }) => addMember(partial, account, weight), EMPTY_PARTIAL),
  );
}
