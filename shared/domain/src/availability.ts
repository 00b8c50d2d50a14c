import { type Interval, intersect, length, subtract, union } from './intervals.ts';
import { buildTimeline, type Segment, surelyDownSpans, type TimelineInput, worstSpans } from './timeline.ts';

/** One object's time in one period, ms. `upMs + downMs + unknownMs + excludedMs = totalMs`; sums of accounts are accounts. */
export interface Account {
  /** Time in commission. */
  readonly totalMs: number;
  /** Served, degraded included. */
  readonly upMs: number;
  readonly downMs: number;
  readonly unknownMs: number;
  readonly excludedMs: number;
  /** The part of `upMs` that was degraded. */
  readonly degradedMs: number;
  /** Down with every edge at its best. */
  readonly downLeastMs: number;
  /** Down with every edge at its worst and unknown counted as down. */
  readonly downMostMs: number;
  /** The same time with maintenance not excluded. */
  readonly upWithMaintenanceMs: number;
  readonly downWithMaintenanceMs: number;
}

export const EMPTY_ACCOUNT: Account = {
  totalMs: 0,
  upMs: 0,
  downMs: 0,
  unknownMs: 0,
  excludedMs: 0,
  degradedMs: 0,
  downLeastMs: 0,
  downMostMs: 0,
  upWithMaintenanceMs: 0,
  downWithMaintenanceMs: 0,
};

/** Accounts for one object over one period (domain.md, "Availability, exactly"). */
export function accountFor(input: TimelineInput): Account {
  const segments = buildTimeline(input);
  const period: Interval[] = input.to > input.from ? [{ from: input.from, to: input.to }] : [];
  const validity = intersect(union(input.validity), period);
  const exclusions = intersect(union(input.exclusions), validity);
  const counted = subtract(validity, exclusions);
  const spend = (wanted: (segment: Segment) => boolean) => length(segments.filter(wanted));
  const monitored = (segment: Segment) => segment.reason !== 'not-monitored';
  const serves = (segment: Segment) => segment.state === 'up' || segment.state === 'degraded';
  return {
    totalMs: length(validity),
    upMs: spend((segment) => !segment.excluded && serves(segment)),
    downMs: spend((segment) => !segment.excluded && segment.state === 'down'),
    unknownMs: spend((segment) => !segment.excluded && segment.state === 'unknown' && monitored(segment)),
    excludedMs: length(exclusions),
    degradedMs: spend((segment) => !segment.excluded && segment.state === 'degraded'),
    downLeastMs: length(intersect(surelyDownSpans(input, segments), counted)),
    downMostMs: length(intersect(worstSpans(input, segments), counted)),
    upWithMaintenanceMs: spend(serves),
    downWithMaintenanceMs: spend((segment) => segment.state === 'down'),
  };
}

export function sumAccounts(accounts: readonly Account[]): Account {
  return accounts.reduce<Account>(
    (sum, account) => ({
      totalMs: sum.totalMs + account.totalMs,
      upMs: sum.upMs + account.upMs,
      downMs: sum.downMs + account.downMs,
      unknownMs: sum.unknownMs + account.unknownMs,
      excludedMs: sum.excludedMs + account.excludedMs,
      degradedMs: sum.degradedMs + account.degradedMs,
      downLeastMs: sum.downLeastMs + account.downLeastMs,
      downMostMs: sum.downMostMs + account.downMostMs,
      upWithMaintenanceMs: sum.upWithMaintenanceMs + account.upWithMaintenanceMs,
      downWithMaintenanceMs: sum.downWithMaintenanceMs + account.downWithMaintenanceMs,
    }),
    EMPTY_ACCOUNT,
  );
}

/** An availability with its bounds, as unrounded fractions; null where nothing was observed (or nothing counts at all). */
export interface Availability {
  /** `up / (up + down)`. */
  readonly availability: number | null;
  /** Unknown as down, every edge at its worst. */
  readonly lowest: number | null;
  /** Unknown as up, every edge at its best. */
  readonly highest: number | null;
  /** `1 - unknown / (total - excluded)`. */
  readonly completeness: number | null;
  readonly availabilityWithMaintenance: number | null;
}

export function availabilityOf(account: Account): Availability {
  const counted = account.totalMs - account.excludedMs;
  return {
    availability: ratio(account.upMs, account.upMs + account.downMs),
    lowest: ratio(counted - account.downMostMs, counted),
    highest: ratio(counted - account.downLeastMs, counted),
    completeness: ratio(counted - account.unknownMs, counted),
    availabilityWithMaintenance: ratio(account.upWithMaintenanceMs, account.upWithMaintenanceMs + account.downWithMaintenanceMs),
  };
}

function ratio(part: number, whole: number): number | null {
  return whole > 0 ? part / whole : null;
}

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

/**
 * The availability of several objects by the named kind. A member that nobody observed has no figure: it is left out of
 * the estimate, but its bounds (0 to 1) stay in the bounds of the whole, so that the truth lies between them.
 */
export function aggregate(kind: AggregateKind, members: readonly AggregateMember[]): AggregateResult {
  const account = sumAccounts(members.map((member) => member.account));
  const each = members.map((member) => ({ weight: kind === 'user-weighted' ? member.weight : 1, ...availabilityOf(member.account) }));
  const unobserved = each.filter((member) => member.availability === null).length;
  if (kind === 'time-weighted') return { ...availabilityOf(account), account, unobserved };
  const mean = (field: keyof Availability): number | null => {
    const present = each.filter((member) => member[field] !== null);
    const weights = present.reduce((sum, member) => sum + member.weight, 0);
    return ratio(
      present.reduce((sum, member) => sum + member.weight * (member[field] ?? 0), 0),
      weights,
    );
  };
  return {
    availability: mean('availability'),
    lowest: mean('lowest'),
    highest: mean('highest'),
    completeness: mean('completeness'),
    availabilityWithMaintenance: mean('availabilityWithMaintenance'),
    account,
    unobserved,
  };
}

export type Verdict = 'met' | 'missed' | 'undecided';

/** Judged on unrounded numbers: undecided when the bounds straddle the target, or when there are none. */
export function verdictOf(target: number, bounds: { lowest: number | null; highest: number | null }): Verdict {
  if (bounds.lowest === null || bounds.highest === null) return 'undecided';
  if (bounds.lowest >= target) return 'met';
  return bounds.highest < target ? 'missed' : 'undecided';
}
