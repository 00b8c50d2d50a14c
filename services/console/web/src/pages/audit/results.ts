import type { AUDIT_RESULTS as RESULTS } from '@beacontower/contracts';

type Result = (typeof RESULTS)[number];
/** How what was done can have ended. */
export const AUDIT_RESULTS = ['done', 'denied', 'refused', 'failed'] as const satisfies readonly Result[];
