import { DEFAULT_SNMP_POLICY, SNMP_TIMEOUT_GROWTH, type SnmpPolicy } from '@beacontower/domain';
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

/** The time one question to a silent device takes, ms. */
export function snmpRoundLength(policy: SnmpPolicy): number {
  const waits = Array.from({ length: 1 + policy.retries }, (_, i) => policy.timeoutMs * SNMP_TIMEOUT_GROWTH ** i);
  return Math.ceil(waits.reduce((sum, wait) => sum + wait, 0));
}

/** A round must leave a tenth of its interval for everything else, so that what it saw is there before its tick is closed. */
export function snmpRoundFits(policy: SnmpPolicy): boolean {
  return snmpRoundLength(policy) * 10 <= policy.intervalMs * 9;
}
