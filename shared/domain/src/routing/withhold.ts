import type { Severity } from '../correlation/severity.ts';
import { divisionCovers, type ObjectClass, objectsCover } from '../inventory.ts';
import type { RoutedEvent, RoutedKind } from './event.ts';

/**
 * A silence withholds notifications from `startsAt` until `endsAt` or until it was ended by hand. It covers what one of its objects
 * or divisions covers; without any, whatever its classes and parties say. What names none of the four covers nothing.
 */
export interface Silence {
  readonly id: string;
  readonly objects: readonly string[];
  readonly divisions: readonly string[];
  /** Of these, empty is every one. */
  readonly severities: readonly Severity[];
  readonly classes: readonly ObjectClass[];
  readonly parties: readonly string[];
  readonly kinds: readonly RoutedKind[];
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

export const WITHHOLDING_REASONS = ['merged', 'flapping', 'silence', 'maintenance', 'quiet-hours'] as const;

/** Why a notification is withheld. */
export interface Withholding {
  readonly reason: (typeof WITHHOLDING_REASONS)[number];
  /** Of the silence, the maintenance, the incident of flapping or the one merged into; of quiet hours null. */
  readonly id: string | null;
  /** Epoch ms; null: nobody knows. */
  readonly until: number | null;
}

/** What a notification is about. */
export type Withholdable = Pick<RoutedEvent, 'object' | 'kind' | 'severity' | 'class' | 'division' | 'party' | 'mergedInto'>;

/** What may withhold notifications about an incident, whoever they go to. */
export interface Withholders {
  readonly silences: readonly Silence[];
  readonly maintenance: readonly MaintenanceWindow[];
  readonly flapping: ReadonlyMap<string, string>;
}

/**
 * What withholds a notification at `now` (epoch ms), or null: then it is never held back. Outages of an object that flaps are withheld,
 * since the flapping was told. Planned work is left out of a figure already: it is no reason to keep still about an early warning.
 */
export function withholdingOf(subject: Withholdable, holders: Withholders, now: number): Withholding | null {
  if (subject.mergedInto) return { reason: 'merged', id: subject.mergedInto, until: null };
  const flapping = subject.kind === 'outage' ? holders.flapping.get(subject.object) : undefined;
  if (flapping !== undefined) return { reason: 'flapping', id: flapping, until: null };
  const silence = holders.silences.find((candidate) => isSilencing(candidate, now) && silenceCovers(candidate, subject));
  if (silence) return { reason: 'silence', id: silence.id, until: silence.endsAt };
  const window =
    subject.kind === 'early-warning'
      ? undefined
      : holders.maintenance.find((candidate) => isUnderWay(candidate, now) && covers(candidate, subject));
  return window ? { reason: 'maintenance', id: window.id, until: window.endsAt } : null;
}

/** How a withheld row says why: `silence <id>`, `maintenance <id>`, `flapping <incident>`, `merged <incident>`, `quiet-hours <until>`. */
export function withholdingText({ reason, id, until }: Withholding): string {
  return `${reason} ${id ?? (until === null ? '' : new Date(until).toISOString())}`.trim();
}

/** Whether a silence is about this, at whatever time. */
export function silenceCovers(silence: Silence, subject: Withholdable): boolean {
  const { objects, divisions, severities, classes, parties, kinds } = silence;
  const isPlaced = objects.length > 0 || divisions.length > 0;
  if (isPlaced ? !covers(silence, subject) : classes.length === 0 && parties.length === 0) return false;
  return (
    names(severities, subject.severity) && names(classes, subject.class) && names(parties, subject.party) && names(kinds, subject.kind)
  );
}

function names<T>(list: readonly T[], value: T | null): boolean {
  return list.length === 0 || (value !== null && list.includes(value));
}

function isSilencing(silence: Silence, now: number): boolean {
  return silence.startsAt <= now && now < silence.endsAt && (silence.endedAt === null || now < silence.endedAt);
}

function isUnderWay(window: MaintenanceWindow, now: number): boolean {
  const approved = window.approvedAt !== null && window.approvedAt <= now;
  const cancelled = window.cancelledAt !== null && window.cancelledAt <= now;
  return approved && !cancelled && window.startsAt <= now && now < window.endsAt;
}

function covers(scope: { objects: readonly string[]; divisions: readonly string[] }, subject: Withholdable): boolean {
  return objectsCover(scope.objects, subject.object) || scope.divisions.some((division) => divisionCovers(division, subject.division));
}
