/** What people do with incidents: each call is one transaction with its lines in timelines, log rows and audit row. */
export { acknowledgeIncident } from './acknowledge.ts';
export { type ClosingWords, closeIncident, reopenIncident } from './close.ts';
export { commentIncident } from './comment.ts';
export { escalateIncident } from './escalate.ts';
export { WORKFLOW_FAULTS, WorkflowFault, type WorkflowFaultCode } from './fault.ts';
export { acceptHandOver, declineHandOver, type HandDown, handDownIncident, withdrawHandDown } from './hand-down.ts';
export { acceptIncident, assignIncident, declineIncident } from './hand-over.ts';
export { mergeIncident, unmergeIncident } from './merge.ts';
export type { Act } from './perform.ts';
export { resolveIncident } from './resolve.ts';
export { splitIncident } from './split.ts';
