/** Names of everything in Redis (see contracts/bus.ts). One prefix per node lets several nodes share a server. */
export interface Keys {
  readonly plans: string;
  plan(shard: string): string;
  verdicts(partition: number): string;
  observations(partition: number): string;
  samples(partition: number): string;
  closed(shard: string): string;
  detail(partition: number): string;
  readonly devices: string;
  readonly stored: string;
  /** hash partition → `<id> <entries ever added up to it>`: what the byte budget took unread shows as a gap. */
  readonly passed: string;
  /** list of the ids of questions that wait (`requests.ts`). */
  requests(kind: string): string;
  /** list of the answers for one asker. */
  answers(asker: string): string;
  /** hash instance → what a role last said of itself (`vitals.ts`). */
  health(role: string): string;
  /** hash instance → that process's metrics. */
  readonly metrics: string;
  /** hash instance → what a watchdog last found of this node (JSON of `SelfReport`). */
  readonly self: string;
  /** Key prefix for BullMQ. */
  readonly bull: string;
}

export function createKeys(prefix = 'bt'): Keys {
  return {
    plans: `${prefix}:plans`,
    plan: (shard) => `${prefix}:plan:${shard}`,
    verdicts: (partition) => `${prefix}:verdict:${partition}`,
    observations: (partition) => `${prefix}:observations:${partition}`,
    samples: (partition) => `${prefix}:samples:${partition}`,
    closed: (shard) => `${prefix}:closed:${shard}`,
    detail: (partition) => `${prefix}:detail:${partition}`,
    devices: `${prefix}:devices`,
    stored: `${prefix}:stored`,
    passed: `${prefix}:stored:passed`,
    requests: (kind) => `${prefix}:requests:${kind}`,
    answers: (asker) => `${prefix}:answers:${asker}`,
    health: (role) => `${prefix}:health:${role}`,
    metrics: `${prefix}:metrics`,
    self: `${prefix}:self`,
    bull: `${prefix}:bull`,
  };
}

/** Name of the BullMQ queue that carries the rounds of one kind in one zone. */
export function roundsQueue(kind: string, zone: string): string {
  return `rounds-${kind}-${zone}`;
}

export const DELIVERIES_QUEUE = 'deliveries';
/** Name of the BullMQ queue that says when a report is to be made. */
export const REPORTS_QUEUE = 'reports';
