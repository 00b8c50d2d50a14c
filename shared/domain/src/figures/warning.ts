import { isWorse, type Severity } from '../correlation/index.ts';

/** When an early warning fires: the budget burns at least `rate` times as fast as it may over the long and over the short window. */
export interface BurnWarningRule {
  readonly severity: Severity;
  readonly longMs: number;
  readonly shortMs: number;
  readonly rate: number;
}

/** The fast and the slow window that are shown of every objective (Google's SRE Workbook, chapter 5: 2% and 5% of a month's budget). */
export const DEFAULT_BURN_WINDOWS = {
  fast: { severity: 'critical', longMs: 3_600_000, shortMs: 300_000, rate: 14.4 },
  slow: { severity: 'major', longMs: 21_600_000, shortMs: 1_800_000, rate: 6 },
} as const satisfies Readonly<Record<string, BurnWarningRule>>;

/** Burn rates of a rule's windows; null where nothing was observed. */
export interface BurnSeen {
  readonly longRate: number | null;
  readonly shortRate: number | null;
  /** The longest outage that the checks could have missed, ms. */
  readonly resolutionMs: number;
}

/** `window-below-resolution`: a window shorter than what the checks can see says nothing. */
export type BurnVerdict = 'fires' | 'quiet' | 'not-observed' | 'window-below-resolution';

export function judgeBurn(rule: BurnWarningRule, { longRate, shortRate, resolutionMs }: BurnSeen): BurnVerdict {
  if (rule.shortMs < resolutionMs) return 'window-below-resolution';
  if (longRate === null || shortRate === null) return 'not-observed';
  return longRate >= rule.rate && shortRate >= rule.rate ? 'fires' : 'quiet';
}

/** A warning under way is held up while its rates stay above this part of the limit, over the long window and twice the short one. */
export const HOLDING_PART = 0.8;

/**
 * Whether a rule that does not fire (any more) keeps a warning from ending: what comes and goes within twice its short window is one
 * warning, and what nobody observes ends none. `shortRate` is that of twice the short window.
 */
export function holdsWarning(rule: BurnWarningRule, { longRate, shortRate, resolutionMs }: BurnSeen): boolean {
  if (rule.shortMs < resolutionMs) return false;
  const above = (rate: number | null): boolean => rate === null || rate >= rule.rate * HOLDING_PART;
  return above(longRate) && above(shortRate);
}

export type WarningDecision =
  | { readonly change: 'opened' | 'escalated'; readonly severity: Severity }
  | { readonly change: 'resolved' }
  | { readonly change: 'none' };

/** What becomes of an objective's warning: `active` is the severity of the one under way, `firing` those of the rules that fire. */
export function decideWarning(active: Severity | null, firing: readonly Severity[], held: boolean): WarningDecision {
  const worst = firing.reduce<Severity | null>((worst, each) => (worst === null || isWorse(each, worst) ? each : worst), null);
  if (worst === null) return active === null || held ? { change: 'none' } : { change: 'resolved' };
  if (active === null) return { change: 'opened', severity: worst };
  return isWorse(worst, active) ? { change: 'escalated', severity: worst } : { change: 'none' };
}

const PREFIX = 'objective/';

/** What stands for the object that is the cause, in an early warning: no object's id, which has a node before its first slash. */
export const causeOfWarning = (objective: string): string => `${PREFIX}${objective}`;

/** Whether an incident's cause is an objective, which makes it an early warning. */
export const isWarningCause = (cause: string): boolean => cause.startsWith(PREFIX);
