export const WORKFLOW_FAULTS = [
  'incident-unknown',
  'revision-changed',
  'not-under-way',
  'not-resolved',
  'not-closed',
  'closed',
  'merged',
  'not-merged',
  'merged-under-way',
  'cannot-merge',
  'not-an-outage',
  'not-a-symptom',
  'person-unknown',
  'nothing-to-accept',
  'nothing-to-decline',
  'category-needed',
  'party-unknown',
  'cause-still-bad',
  'not-taken',
  'opened-elsewhere',
  'no-tier-above',
  'node-unknown',
  'node-cannot-take',
  'not-within-node',
  'handed-down-already',
  'nothing-handed-over',
  'nothing-handed-down',
  'hand-over-offered',
] as const;
export type WorkflowFaultCode = (typeof WORKFLOW_FAULTS)[number];

/** The act cannot be done; the code is stable, the message says what to do. Nothing was written. */
export class WorkflowFault extends Error {
  override readonly name = 'WorkflowFault';
  readonly code: WorkflowFaultCode;
  constructor(code: WorkflowFaultCode, message: string) {
    super(message);
    this.code = code;
  }
}
