/** What another changed between what somebody read and what is there now. */
import type { IncidentDetail, IncidentSummary } from '@beacontower/contracts';

const FIELDS = ['state', 'severity', 'owner', 'pendingOwner', 'mergedInto', 'causeCategory', 'chargedParty', 'affected'] as const;
export type ChangedField = (typeof FIELDS)[number];

export interface FieldChange {
  readonly field: ChangedField;
  readonly from: string | number | null;
  readonly to: string | number | null;
}

export interface Conflict {
  readonly fields: readonly FieldChange[];
  /** Lines of the timeline that came since; each change of an incident writes one. */
  readonly lines: IncidentDetail['timeline'];
}

/** `before`: as read; `after`: as it is now. */
export function conflictOf(before: IncidentSummary, after: IncidentDetail): Conflict {
  const fields = FIELDS.flatMap((field): FieldChange[] =>
    before[field] === after[field] ? [] : [{ field, from: before[field], to: after[field] }],
  );
  const came = Math.max(0, after.revision - before.revision);
  return { fields, lines: came === 0 ? [] : after.timeline.slice(-Math.min(came, 8)) };
}
