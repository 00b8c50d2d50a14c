import type { Severity } from '../correlation/severity.ts';
import { divisionCovers, objectsCover } from '../inventory.ts';

/** A silence withholds notifications from `startsAt` until `endsAt` or until it was ended by hand. Empty lists match nothing. */
export interface Silence {
  readonly id: string;
  readonly objects: readonly string[];
  readonly divisions: readonly string[];
  /** Empty: every severity. */
  readonly severities: readonly Severity[];
  readonly startsAt: number;
  readonly endsAt: number;
  readonly endedAt: number | null;
}

/** Planned work; it withholds notifications only once approved and while not cancelled. */
export interface MaintenanceWindow {
  readonly id: string;
  readonly objects: readonly string[];
  readonly divisions: readonly string[];
  readonly startsAt: number;
  readonly endsAt: number;
  readonly approvedAt: number | null;
  readonly cancelledAt: number | null;
}

/** Why a notification is withheld: by which silence or maintenance. Its text form is `silence <id>` or `maintenance <id>`. */
export interface Withholding {
  readonly reason: 'silence' | 'maintenance';
  readonly id: string;
}

/** What a notification is about. */
export interface Withholdable {
  readonly object: string;
  readonly division: string;
  readonly severity: Severity;
}

/** The silence or approved maintenance that withholds a notification at `now` (epoch ms), or null: then it is never held back. */
export function withholdingOf(
  subject: Withholdable,
  silences: readonly Silence[],
  maintenance: readonly MaintenanceWindow[],
  now: number,
): Withholding | null {
  const silence = silences.find(
    (candidate) => isSilencing(candidate, now) && severityMatches(candidate, subject) && covers(candidate, subject),
  );
  if (silence) return { reason: 'silence', id: silence.id };
  const window = maintenance.find((candidate) => isUnderWay(candidate, now) && covers(candidate, subject));
  return window ? { reason: 'maintenance', id: window.id } : null;
}

function isSilencing(silence: Silence, now: number): boolean {
  return silence.startsAt <= now && now < silence.endsAt && (silence.endedAt === null || now < silence.endedAt);
}

function isUnderWay(window: MaintenanceWindow, now: number): boolean {
  const approved = window.approvedAt !== null && window.approvedAt <= now;
  const cancelled = window.cancelledAt !== null && window.cancelledAt <= now;
  return approved && !cancelled && window.startsAt <= now && now < window.endsAt;
}

function severityMatches(silence: Silence, subject: Withholdable): boolean {
  return silence.severities.length === 0 || silence.severities.includes(subject.severity);
}

function covers(scope: { objects: readonly string[]; divisions: readonly string[] }, subject: Withholdable): boolean {
  return objectsCover(scope.objects, subject.object) || scope.divisions.some((division) => divisionCovers(division, subject.division));
}
