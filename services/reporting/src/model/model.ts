import type { ObjectiveBody } from '@beacontower/contracts';
import type { Verdict } from '@beacontower/domain';
import type { CoverageBlock } from './coverage-block.ts';

/**
 * What a report says, before it has a language or a form: pure data, made once and rendered in each format. Times are epoch ms
 * (UTC), spans half-open `[from, to)`, durations integer ms, availabilities fractions that are not rounded (null: nothing was
 * observed). Rounding and words are of `../wording`, which every renderer uses.
 */
export interface ReportModel {
  readonly kind: 'availability';
  /** The row in `reports`; null when it was made without one, by the command line. */
  readonly id: string | null;
  readonly title: Bilingual;
  readonly period: ReportPeriod;
  /** The period before this one, which it is compared with. */
  readonly previousPeriod: ReportPeriod;
  /** `running`: the period has not ended; figures go up to `asOf`. A report says so on its face. */
  readonly state: 'ended' | 'running';
  /** What had happened up to this moment is in the live figures. */
  readonly asOf: number;
  readonly division: Named;
  readonly node: { readonly id: string; readonly name: string };
  readonly made: MadeBy;
  /** The paragraph as such figures are published; ends without a full stop in Chinese, as published, and with one in English. */
  readonly summary: Bilingual;
  /** Beside it, where coverage is known: how many provinces, cities and counties are connected. */
  readonly coverageSummary: Bilingual | null;
  /** What the reader must know first (a running period, nothing selected, …); printed right below the title. */
  readonly remarks: readonly Bilingual[];
  /** In the order in which the summary names them. Empty when nothing was selected (a remark says so). */
  readonly objectives: readonly ObjectiveReport[];
  readonly plannedWork: Listing<PlannedWork>;
  readonly revisions: readonly Revision[];
  readonly reclassifications: Listing<ReclassificationEntry>;
  readonly coverage: CoverageBlock | null;
  /** How the figures are made, a paragraph each. */
  readonly method: readonly Bilingual[];
  /** What was assumed, each labelled as an assumption. */
  readonly assumptions: readonly Bilingual[];
}

/** The same text for both languages of reports. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** Something with an id and a name; where there is no English name, `en` is the Chinese (or whatever) one. */
export interface Named {
  readonly id: string;
  readonly name: Bilingual;
}

/** The first of a list, most important first, and how many there are in all. */
export interface Listing<T> {
  readonly items: readonly T[];
  readonly total: number;
}

export interface ReportPeriod {
  readonly from: number;
  readonly to: number;
  /** `2018-H1`, `2018-07`, …; null for a period that is none of the calendar's. */
  readonly label: string | null;
  /** In words: `2018年上半年`, `the first half of 2018`. */
  readonly name: Bilingual;
  readonly timeZone: string;
}

export interface MadeBy {
  readonly at: number;
  readonly by: string;
  /** Of the software. */
  readonly version: string;
}

/** Availability by one basis, with all that it needs to be believed. */
export interface ReportFigure {
  readonly availability: number | null;
  readonly lowest: number | null;
  readonly highest: number | null;
  readonly verdict: Verdict;
  readonly completeness: number | null;
  readonly availabilityWithMaintenance: number | null;
  /** Objects in commission at some time of the period. */
  readonly members: number;
  /** Of these, the ones nobody observed: left out of the mean. */
  readonly unobserved: number;
  /** The longest outage that the checks could have missed, ms. */
  readonly resolutionMs: number;
  /** Sums over the members, ms. */
  readonly upMs: number;
  readonly downMs: number;
  readonly unknownMs: number;
  readonly excludedMs: number;
  readonly degradedMs: number;
}

/** Whether a figure is closed, and in which version, or what is known at a moment. */
export type FigureStatus =
  | { readonly kind: 'closed'; readonly version: number; readonly closedAt: number; readonly closedBy: string; readonly knownUntil: number }
  | { readonly kind: 'live'; readonly asOf: number };

/** Everything about one objective. */
export interface ObjectiveReport {
  readonly id: string;
  readonly name: Bilingual;
  /** What it is called in the summary: `用户接入网络`, `user access`. */
  readonly subject: Bilingual;
  readonly class: ObjectiveBody['class'];
  readonly target: number;
  readonly aggregate: ObjectiveBody['aggregate'];
  readonly basis: ObjectiveBody['basis'];
  readonly calendar: Named;
  readonly timeZone: string;
  /** In words, with the sums: which aggregate, and what counts. */
  readonly formula: Bilingual;
  readonly status: FigureStatus;
  /** By the basis of the objective: the one the target is about. */
  readonly figure: ReportFigure;
  /** Every outage counts. */
  readonly experienced: ReportFigure;
  /** Outages charged to others are left out. */
  readonly responsible: ReportFigure;
  /** Null when nothing counts in the period (no members). */
  readonly budget: ReportBudget | null;
  readonly previous: Comparison;
  /** The parts of the period, for the series and its chart: months, or days where the period is no longer than 62 days. */
  readonly series: readonly SeriesPoint[];
  /** By province (the divisions right below that of the objective), in the order of their ids. */
  readonly divisions: readonly DivisionRow[];
  /** The 20 objects with the lowest availability below 100%; `total`: how many are below 100%. */
  readonly worst: Listing<WorstObject>;
  /** The 50 longest outages; `total`: how many there were. */
  readonly outages: Listing<OutageRow>;
  /** Downtime by what caused it, the largest first; adds up to `experienced.downMs`. */
  readonly causes: readonly CauseRow[];
  /** Downtime by the party it is charged to, the largest first; adds up to `experienced.downMs`. */
  readonly parties: readonly PartyRow[];
  /** The 20 objects that nobody looked at for the longest; `total`: how many have unknown time at all. */
  readonly unknown: Listing<UnknownObject>;
  /** Further versions of its closed figure, the latest first; also in those of the report. */
  readonly revisions: readonly Revision[];
  /** What must be said of this objective (without members, nothing observed, …). */
  readonly remarks: readonly Bilingual[];
}

/** Downtime of an average member, ms (not rounded): what the target allows over the whole period, and what is gone of it. */
export interface ReportBudget {
  readonly budgetMs: number;
  readonly consumedMs: number;
  /** Negative when overspent. */
  readonly leftMs: number;
  /** 1: nothing is used; 0: all; negative: overspent. */
  readonly leftFraction: number;
}

/** The figure of the period before; null figure when nothing is known of it. */
export interface Comparison {
  readonly figure: ReportFigure | null;
  readonly status: FigureStatus | null;
  /** This period's availability less that one's, as a fraction; null when either is. */
  readonly difference: number | null;
}

export interface SeriesPoint {
  /** `2018-01`, or `2018-01-05`. */
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly figure: ReportFigure;
}

export interface DivisionRow {
  readonly division: Named;
  readonly figure: ReportFigure;
  /** The other basis, beside it. */
  readonly other: ReportFigure;
  readonly previous: number | null;
  readonly difference: number | null;
}

export interface WorstObject {
  readonly object: Named;
  readonly division: Named;
  readonly party: Named | null;
  readonly figure: ReportFigure;
  /** How many outages it had in the period, and the longest, ms. */
  readonly outages: number;
  readonly longestMs: number;
}

export interface OutageRow {
  readonly object: Named;
  readonly division: Named;
  readonly from: number;
  /** The end of the period where it had not ended by then (`ongoing`). */
  readonly to: number;
  readonly ongoing: boolean;
  /** Time of it that counts as down, ms: less than `to - from` where planned work or the calendar take some of it away. */
  readonly countedMs: number;
  /** The longest it can have been, less the shortest, ms. */
  readonly uncertaintyMs: number;
  /** Code of the reason, in words by `reasonWords`. */
  readonly reason: string;
  readonly cause: Named | null;
  /** The party it is charged to; null when nobody is named. */
  readonly party: Named | null;
  /** Number of the incident it lies in. */
  readonly incident: number | null;
  /** The reclassification that charged it, if one did. */
  readonly reclassification: string | null;
}

export interface CauseRow {
  /** Null: no cause was given. */
  readonly cause: Named | null;
  readonly outages: number;
  readonly downMs: number;
  /** Of all downtime of the objective; 0 to 1. */
  readonly share: number;
}

export interface PartyRow {
  /** Null: no party was named. */
  readonly party: Named | null;
  readonly outages: number;
  readonly downMs: number;
  readonly share: number;
}

export interface UnknownObject {
  readonly object: Named;
  readonly division: Named;
  readonly unknownMs: number;
  readonly completeness: number | null;
}

export interface PlannedWork {
  readonly id: string;
  readonly title: string;
  readonly from: number;
  readonly to: number;
  readonly approvedAt: number | null;
  readonly approvedBy: string | null;
  readonly cancelledAt: number | null;
  /** Approved before it began and not cancelled: its time is not counted. */
  readonly excluded: boolean;
  /** What it covers: names of objects and divisions, at most ten, and how many in all. */
  readonly covers: Listing<Named>;
}

/** A version of a closed figure of this period after the first. */
export interface Revision {
  readonly objective: Named;
  readonly version: number;
  readonly closedAt: number;
  readonly closedBy: string;
  readonly reason: string;
  readonly before: number | null;
  readonly after: number | null;
}

/** What was said of the past afterwards, by whom and why. */
export interface ReclassificationEntry {
  readonly id: string;
  readonly effect: 'exclude' | 'count' | 'charge';
  readonly from: number;
  readonly to: number;
  readonly covers: Listing<Named>;
  readonly party: Named | null;
  readonly reason: string;
  readonly recordedAt: number;
  readonly recordedBy: string;
}
