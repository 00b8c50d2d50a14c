/** What a message is made from: the record and the inventory, as far as words need them. */
import type {
  BlastRadius,
  DivisionBody,
  EarlyWarning,
  IncidentFacts,
  IncidentKind,
  NoticeBody,
  NoticeStep,
  PartyBody,
  Resolution,
} from '@beacontower/contracts';
import type { DependencyGraph, MonitoredObject, ObjectClass, Reason, Severity } from '@beacontower/domain';
import type { Language } from './wording.ts';

/** The inventory as messages need it, all of one moment. */
export interface MessageDirectory {
  readonly node: string;
  readonly objects: ReadonlyMap<string, MonitoredObject>;
  readonly dependencies: DependencyGraph;
  readonly divisions: ReadonlyMap<string, Pick<DivisionBody, 'name' | 'nameEn'>>;
  readonly parties: ReadonlyMap<string, Pick<PartyBody, 'name' | 'nameEn'>>;
}

/** An incident as it is recorded. Times in epoch ms. */
export interface MessageIncident {
  readonly id: string;
  readonly number: number;
  readonly kind: IncidentKind;
  readonly state: 'open' | 'acknowledged' | 'resolved' | 'closed';
  readonly severity: Severity;
  readonly cause: string;
  readonly division: string;
  readonly party: string | null;
  readonly class: ObjectClass;
  readonly startedAt: number;
  readonly startedEarliest: number;
  readonly startedLatest: number;
  readonly openedAt: number;
  readonly resolvedAt: number | null;
}

export interface MessageInput {
  readonly id: string;
  readonly step: NoticeStep;
  readonly now: number;
  readonly language: Language;
  readonly incident: MessageIncident;
  /** Objects known to be bad because of the cause, itself first; `total` of them, of which `objects` names the first. */
  readonly affected: { readonly total: number; readonly objects: readonly string[] };
  readonly resolution: Resolution | null;
  /** Why the cause is in trouble; null when it is not any more. */
  readonly reason: Reason | null;
  /** Of an early warning: what it is about. */
  readonly warning: EarlyWarning | null;
  /** Of a condition or of flapping: what was found. */
  readonly facts?: IncidentFacts | null;
  /** Whom it cut off; of outages. */
  readonly blast?: BlastRadius | null;
  /** Column `body` of the notice. */
  readonly notice?: NoticeBody;
  /** By when somebody must have answered for it, and repaired it. Epoch ms; null: there is no such clock. */
  readonly respondBy?: number | null;
  readonly repairBy?: number | null;
}
