/** Names of everything in Redis (see contracts/bus.ts). One prefix per node lets several nodes share a server. */
export interface Keys {
  readonly plans: string;
  plan(shard: string): string;
  verdicts(partition: number): string;
  observations(partition: number): string;
  samples(partition: number): string;
  closed(shard: string): string;
  health(role: string): string;
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
    health: (role) => `${prefix}:health:${role}`,
    bull: `${prefix}:bull`,
  };
}

/** Name of the BullMQ queue that carries the rounds of one kind in one zone. */
export function roundsQueue(kind: string, zone: string): string {
  return `rounds-${kind}-${zone}`;
}

export const DELIVERIES_QUEUE = 'deliveries';
