import type { SnmpSecret } from '@beacontower/contracts';
import { createRegistry, type Registry, SystemClock } from '@beacontower/runtime';
import type { SnmpTransportConfig } from './config.ts';
import { type Oid, oid } from './oid.ts';
import type { SnmpTransport } from './port.ts';
import { createSnmpTransport } from './transport.ts';

/** OIDs that several tests ask for. */
export const SYS_UPTIME = oid('1.3.6.1.2.1.1.3.0');
export const SYS_NAME = oid('1.3.6.1.2.1.1.5.0');
export const IF_DESCR = oid('1.3.6.1.2.1.2.2.1.2');
export const IF_NAME = oid('1.3.6.1.2.1.31.1.1.1.1');
export const IF_HC_IN_OCTETS = oid('1.3.6.1.2.1.31.1.1.1.6');

export interface TestTransport {
  readonly transport: SnmpTransport;
  /** What a counter stands at, summed over its labels unless one is given. */
  count(name: string, label?: string): Promise<number>;
  gauge(name: string): Promise<number>;
}

export function testTransport(config: Partial<SnmpTransportConfig> = {}): TestTransport {
  const registry: Registry = createRegistry({}, false);
  const transport = createSnmpTransport(config, { clock: new SystemClock(), registry });
  const values = async (name: string) => (await registry.getSingleMetric(`beacontower_${name}`)?.get())?.values ?? [];
  return {
    transport,
    gauge: async (name) => (await values(name)).reduce((sum, { value }) => sum + value, 0),
    async count(name, label) {
      const counted = (await values(`${name}_total`)).filter(({ labels }) => label === undefined || Object.values(labels).includes(label));
      return counted.reduce((sum, { value }) => sum + value, 0);
    },
  };
}

export function community(version: '1' | '2c', text = 'public'): SnmpSecret {
  return { version, community: text };
}

export function columns(...oids: readonly Oid[]): { oid: Oid; after: null }[] {
  return oids.map((column) => ({ oid: column, after: null }));
}
