import { randomBytes } from 'node:crypto';
import { run } from '@beacontower/test-lab';

/** Addresses of this machine's own loopback that answer until they are told not to: something to watch, and to have an outage of. */
export interface Wire {
  /** IPv4, by place. */
  readonly addresses: readonly string[];
  silence(place: number): Promise<void>;
  restore(place: number): Promise<void>;
  destroy(): Promise<void>;
}

/** Needs root, as the laboratory does. Packets to an address that was taken away go to the loopback and no further: nobody answers. */
export async function startWire(count: number): Promise<Wire> {
  // Of 198.18.0.0/15 (set aside for tests, RFC 2544) the half that the laboratory leaves.
  const block = `198.18.${randomBytes(1)[0]}`;
  const addresses = Array.from({ length: count }, (_, place) => `${block}.${place + 1}`);
  const ip = async (what: string) => {
    const { code, stderr } = await run('ip', what.split(' '));
    if (code !== 0) throw new Error(`ip ${what}: ${stderr.trim()}`);
  };
  const set = (change: 'add' | 'del') => (place: number) => ip(`addr ${change} ${addresses[place]}/32 dev lo`);
  await ip(`route add ${block}.0/24 dev lo`);
  const silent = new Set<number>();
  for (const place of addresses.keys()) await set('add')(place);
  return {
    addresses,
    async silence(place) {
      await set('del')(place);
      silent.add(place);
    },
    async restore(place) {
      await set('add')(place);
      silent.delete(place);
    },
    async destroy() {
      for (const place of addresses.keys()) if (!silent.has(place)) await set('del')(place);
      await ip(`route del ${block}.0/24 dev lo`);
    },
  };
}
