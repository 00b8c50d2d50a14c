import { type Interval, intersect, length, subtract, union } from './intervals.ts';
import { buildTimeline, excludedSpans, type Segment, surelyDownSpans, type TimelineInput, worstSpans } from './timeline.ts';

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
  /** The same time with planned work not excluded; what does not count at all (outside the calendar) stays out. */
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
  const exclusions = intersect(excludedSpans(input), validity);
  const worked = subtract(validity, union(input.uncounted ?? []));
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
    upWithMaintenanceMs: length(intersect(segments.filter(serves), worked)),
    downWithMaintenanceMs: length(
      intersect(
        segments.filter(({ state }) => state === 'down'),
        worked,
      ),
    ),
  };
}

export function addAccounts(a: Account, b: Account): Account {
  return {
    totalMs: a.totalMs + b.totalMs,
    upMs: a.upMs + b.upMs,
    downMs: a.downMs + b.downMs,
    unknownMs: a.unknownMs + b.unknownMs,
    excludedMs: a.excludedMs + b.excludedMs,
    degradedMs: a.degradedMs + b.degradedMs,
    downLeastMs: a.downLeastMs + b.downLeastMs,
    downMostMs: a.downMostMs + b.downMostMs,
    upWithMaintenanceMs: a.upWithMaintenanceMs + b.upWithMaintenanceMs,
    downWithMaintenanceMs: a.downWithMaintenanceMs + b.downWithMaintenanceMs,
  };
}

export function sumAccounts(accounts: readonly Account[]): Account {
  return accounts.reduce(addAccounts, EMPTY_ACCOUNT);
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

export type Verdict = 'met' | 'missed' | 'undecided';

/** What summing fractions in floating point adds or takes away at most: 24 members of exactly 0.9 come to a mean of 0.8999999999999998. */
const NOISE = 1e-12;

/** Judged on unrounded numbers: undecided when the bounds straddle the target, or when there are none. */
export function verdictOf(target: number, bounds: { lowest: number | null; highest: number | null }): Verdict {
  if (bounds.lowest === null || bounds.highest === null) return 'undecided';
  if (bounds.lowest >= target - NOISE) return 'met';
  return bounds.highest < target - NOISE ? 'missed' : 'undecided';
}
