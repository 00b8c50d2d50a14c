import type { Severity } from '../correlation/severity.ts';
import type { ObjectClass } from '../inventory.ts';

/** What an incident is about; the contracts' INCIDENT_KINDS. */
export type RoutedKind = 'outage' | 'early-warning' | 'condition' | 'flapping' | 'link';

/** What routes and silences are matched against: an incident, or one that is made up (`incident` null). */
export interface RoutedEvent {
  readonly incident: string | null;
  /** Id of its cause. */
  readonly object: string;
  readonly kind: RoutedKind;
  readonly severity: Severity;
  readonly class: ObjectClass;
  readonly division: string;
  readonly party: string | null;
  /** Id of the incident it was merged into. */
  readonly mergedInto?: string | null;
}
