import type { ShardPlan } from '@beacontower/contracts';

export type Unversioned<P> = P extends ShardPlan ? Omit<P, 'version'> : never;
/** A plan without its version, which only the comparison with the stored one can give. */
export type PlanContent = Unversioned<ShardPlan>;

/** Plans by shard, and how many checks had to be left out of them. */
export interface BuiltPlans {
  readonly plans: Map<string, PlanContent>;
  readonly invalid: number;
}
