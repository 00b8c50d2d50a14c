import { DEFAULT_SNMP_POLICY, type SnmpPolicy } from '@beacontower/domain';
import type { DefaultSnmpYaml } from './snmp-schema.ts';

/** Shortest and longest interval of SNMP rounds accepted, ms. */
export const SNMP_INTERVAL_RANGE = { least: 2_000, most: 3_600_000 } as const;

/** Below an interval the time given to a silent device must be shorter, or the round would not fit into it. */
const PACES = [
  { below: 5_000, timeoutMs: 500, retries: 1 },
  { below: 20_000, timeoutMs: 1_000, retries: 1 },
  { below: Number.POSITIVE_INFINITY, timeoutMs: DEFAULT_SNMP_POLICY.timeoutMs, retries: DEFAULT_SNMP_POLICY.retries },
] as const;

const paceOf = (intervalMs: number) => PACES.find(({ below }) => intervalMs < below) ?? PACES[2];

/**
 * How one device is asked: its own settings, then `defaults.snmp`, then the built-in ones of its pace. Time-out and retries of
 * `defaults.snmp` are meant for its own pace only, as those of a round of ICMP are.
 */
export function resolveSnmpPolicy(own: DefaultSnmpYaml | undefined, defaults: DefaultSnmpYaml | undefined): SnmpPolicy {
  const usual = defaults?.interval ?? DEFAULT_SNMP_POLICY.intervalMs;
  const intervalMs = own?.interval ?? usual;
  const pace = paceOf(intervalMs);
  const timing = pace === paceOf(usual) ? defaults : undefined;
  const base = DEFAULT_SNMP_POLICY;
  return {
    intervalMs,
    timeoutMs: own?.timeout ?? timing?.timeout ?? pace.timeoutMs,
    retries: own?.retries ?? timing?.retries ?? pace.retries,
    downAfter: own?.downAfter ?? defaults?.downAfter ?? base.downAfter,
    upAfter: own?.upAfter ?? defaults?.upAfter ?? base.upAfter,
    unconfirmedDownAfter: base.unconfirmedDownAfter,
    degradedAfter: own?.degradedAfter ?? defaults?.degradedAfter ?? base.degradedAfter,
    unknownAfter: own?.unknownAfter ?? defaults?.unknownAfter ?? base.unknownAfter,
  };
}

/** The time a silent device takes, ms: each request again waits twice as long as the one before it at most. */
export function snmpRoundLength(policy: SnmpPolicy): number {
  return policy.timeoutMs * (2 ** (1 + policy.retries) - 1);
}

/** A round must leave a tenth of its interval for everything else, so that what it saw is there before its tick is closed. */
export function snmpRoundFits(policy: SnmpPolicy): boolean {
  return snmpRoundLength(policy) * 10 <= policy.intervalMs * 9;
}
