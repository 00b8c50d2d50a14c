import { type SnmpAgents, startSnmpAgents } from '@beacontower/testing';

/** How many devices are asked, how often, for how long. */
export interface SnmpLoad {
  readonly devices: number;
  readonly interfaces: number;
  readonly intervalMs: number;
  readonly seconds: number;
}

/** The eight 64-bit counters of ifXTable, by name and column. */
export const HC_COUNTERS = {
  ifHCInOctets: 6,
  ifHCInUcastPkts: 7,
  ifHCInMulticastPkts: 8,
  ifHCInBroadcastPkts: 9,
  ifHCOutOctets: 10,
  ifHCOutUcastPkts: 11,
  ifHCOutMulticastPkts: 12,
  ifHCOutBroadcastPkts: 13,
} as const;
export const HC_PREFIX = '1.3.6.1.2.1.31.1.1.1';

/** What a device is asked with. */
export const COMMUNITY = 'community-of-the-benchmark';

/** The n-th device's address: loopback, one each, so that a device is one conversation as in the field. */
function addressOf(n: number): string {
  return `127.${40 + Math.floor(n / 62_500)}.${Math.floor(n / 250) % 250}.${1 + (n % 250)}`;
}

/** Starts an agent for every device, in one process whose CPU nobody counts. */
export function startAgents({ devices, interfaces }: Pick<SnmpLoad, 'devices' | 'interfaces'>): Promise<SnmpAgents> {
  return startSnmpAgents({
    devices: Array.from({ length: devices }, (_, n) => ({
      address: addressOf(n),
      community: COMMUNITY,
      interfaces,
      seed: n + 1,
      system: { name: `device-${n}`, descr: 'Synthetic device of the benchmark' },
    })),
  });
}
