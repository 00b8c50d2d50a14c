import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProduct, type Product } from '@beacontower/test-lab';

/** A whole node on this machine (no lab) that watches loopback addresses only. */
export interface LoopbackNode {
  readonly product: Product;
  /** Applies an inventory of so many devices by the command line; gives how long that took, s. Rejects when it is refused. */
  apply(devices: number): Promise<number>;
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

/** A configuration of so many devices, IPv4 on loopback, looked at every ten seconds; JSON, which is YAML. */
export function manyDevices(devices: number): string {
  const list = Array.from({ length: devices }, (_, n) => ({ id: `device-${n}`, name: `设备 ${n}`, addresses: { ipv4: address(n) } }));
  return JSON.stringify({ ...NODE, defaults: { policy: { interval: '10s' } }, devices: list });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const bound = server.address();
      server.close(() => (bound === null || typeof bound === 'string' ? reject(new Error('no free port')) : resolve(bound.port)));
    });
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
    async apply(devices) {
      const file = join(directory, 'inventory.yaml');
      writeFileSync(file, manyDevices(devices));
      const begun = performance.now();
      const { code, stdout, stderr } = await product.command('apply', file);
      if (code !== 0) throw new Error(`apply ended with ${code}: ${stderr || stdout}`);
      return (performance.now() - begun) / 1000;
    },
  };
}
