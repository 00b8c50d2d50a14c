import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProduct, type Product } from '@beacontower/test-lab';
import { freePort } from './free-port.ts';

/** Devices that are asked by SNMP v2c: where their agents listen, how often, and with what community. */
export interface AskedDevices {
  readonly agents: readonly { readonly address: string; readonly port: number }[];
  readonly intervalMs: number;
  readonly community: string;
}

/** A whole node on this machine (no lab) that watches loopback addresses only. */
export interface LoopbackNode {
  readonly product: Product;
  /** Applies an inventory of so many devices by the command line; gives how long that took, s. Rejects when it is refused. */
  apply(devices: number, asked?: AskedDevices): Promise<number>;
  destroy(): Promise<void>;
}

const NODE = {
  node: { id: 'bench', name: 'Benchmark', division: 'cn', timeZone: 'Asia/Shanghai' },
  zones: [{ id: 'local', anchors: ['127.0.0.1', '::1'] }],
};

/** The n-th of the loopback addresses, none of them a network's first or last. */
function address(n: number): string {
  return `127.${10 + Math.floor(n / 62_500)}.${Math.floor(n / 250) % 250}.${1 + (n % 250)}`;
}

/**
 * A configuration of so many devices, IPv4 on loopback, looked at every ten seconds, and of devices that are only asked by SNMP,
 * whose community is in a file; JSON, which is YAML.
 */
export function manyDevices(devices: number, asked?: Omit<AskedDevices, 'community'> & { readonly communityFile: string }): string {
  const pinged = Array.from({ length: devices }, (_, n) => ({ id: `device-${n}`, name: `设备 ${n}`, addresses: { ipv4: address(n) } }));
  const defaults = { policy: { interval: '10s' } };
  if (asked === undefined) return JSON.stringify({ ...NODE, defaults, devices: pinged });
  const agents = asked.agents.map((where, n) => ({ id: `agent-${n}`, name: `交换机 ${n}`, snmp: { credential: 'agents', ...where } }));
  return JSON.stringify({
    ...NODE,
    defaults: { ...defaults, snmp: { interval: `${asked.intervalMs / 1_000}s` } },
    credentials: [{ id: 'agents', version: '2c', community: { file: asked.communityFile } }],
    devices: [...pinged, ...agents],
  });
}

/** Starts a node with one device. */
export async function startLoopbackNode(): Promise<LoopbackNode> {
  const directory = mkdtempSync(join(tmpdir(), 'beacontower-bench-'));
  const product = createProduct({
    configuration: manyDevices(1),
    listen: { host: '127.0.0.1', port: await freePort() },
    code: 'built',
  });
  const destroy = async () => {
    await product.destroy();
    rmSync(directory, { recursive: true, force: true });
  };
  await product.start().catch(async (error: unknown) => {
    await destroy();
    throw error;
  });
  return {
    product,
    destroy,
    async apply(devices, asked) {
      const file = join(directory, 'inventory.yaml');
      const communityFile = join(directory, 'community');
      writeFileSync(communityFile, asked?.community ?? '', { mode: 0o600 });
      writeFileSync(file, manyDevices(devices, asked && { ...asked, communityFile }));
      const begun = performance.now();
      const { code, stdout, stderr } = await product.command('apply', file);
      if (code !== 0) throw new Error(`apply ended with ${code}: ${stderr || stdout}`);
      return (performance.now() - begun) / 1000;
    },
  };
}
