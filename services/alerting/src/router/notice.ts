import type { Notice } from '@beacontower/database';

/** A notice about an incident. */
export type IncidentNotice = Notice & { readonly incident: string };

export function isAboutIncident(notice: Notice): notice is IncidentNotice {
  return notice.incident !== null;
}
