/** Words that configuration, record and API share. */

export const SEVERITIES = ['critical', 'major', 'minor', 'warning'] as const;

/**
 * What an incident is about: an object's outage, an objective whose error budget burns too fast, a condition on samples or states that
 * holds on an object, an object that comes and goes, a node below that is not heard any more.
 */
export const INCIDENT_KINDS = ['outage', 'early-warning', 'condition', 'flapping', 'link'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];
