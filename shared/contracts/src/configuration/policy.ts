import { DEFAULT_ICMP_POLICY, type IcmpPolicy } from '@beacontower/domain';
import type { PolicyYaml } from './schema.ts';

const SLOW = DEFAULT_ICMP_POLICY;
/** Below this interval the timing of a round must be tighter: two passes of 450 ms fit into 90% of a second. */
const FAST_BELOW_MS = 5000;
const FAST: IcmpPolicy = { ...SLOW, probes: 2, periodMs: 100, timeoutMs: 350 };

/** Shortest and longest interval accepted, ms. */
export const INTERVAL_RANGE = { least: 1000, most: 3_600_000 } as const;

/**
 * The policy of one object: its own settings, then `defaults`, then the built-in ones of its pace. When the object's pace
 * (fast or slow) is another than that of `defaults`, the timing of a round in `defaults` is not meant for it and is left out.
 */
export function resolvePolicy(own: PolicyYaml | undefined, defaults: PolicyYaml | undefined): IcmpPolicy {
  const usual = defaults?.interval ?? SLOW.intervalMs;
  const intervalMs = own?.interval ?? usual;
  const fast = intervalMs < FAST_BELOW_MS;
  const base = fast ? FAST : SLOW;
  const timing = fast === usual < FAST_BELOW_MS ? defaults : undefined;
  return {
    intervalMs,
    probes: own?.probes ?? timing?.probes ?? base.probes,
    periodMs: own?.period ?? timing?.period ?? base.periodMs,
    timeoutMs: own?.timeout ?? timing?.timeout ?? base.timeoutMs,
    confirmPasses: own?.confirm ?? timing?.confirm ?? base.confirmPasses,
    downAfter: own?.downAfter ?? defaults?.downAfter ?? base.downAfter,
    upAfter: own?.upAfter ?? defaults?.upAfter ?? base.upAfter,
    unconfirmedDownAfter: own?.unconfirmedDownAfter ?? defaults?.unconfirmedDownAfter ?? base.unconfirmedDownAfter,
    degradedLoss: own?.degradedLoss ?? defaults?.degradedLoss ?? base.degradedLoss,
    degradedAfter: own?.degradedAfter ?? defaults?.degradedAfter ?? base.degradedAfter,
    unknownAfter: own?.unknownAfter ?? defaults?.unknownAfter ?? base.unknownAfter,
  };
}

/** The time one round takes at most, with its confirmation passes, ms. */
export function roundLength(policy: IcmpPolicy): number {
  return ((policy.probes - 1) * policy.periodMs + policy.timeoutMs) * (1 + policy.confirmPasses);
}

/** A round must leave a tenth of its interval for everything else. */
export function roundFits(policy: IcmpPolicy): boolean {
  return roundLength(policy) * 10 <= policy.intervalMs * 9;
}
