import { createServer } from 'node:net';
import type { RoleName } from '@beacontower/contracts';
import { createProduct, type Product } from '@beacontower/test-lab';
import type { Browser, BrowserContext } from 'playwright-core';
import { launchBrowser, openContext, type View } from './browser.ts';

/** A whole node without a network to watch but its own loopback, and a browser: for all that is about people. */
export interface Node {
  readonly product: Product;
  readonly browser: Browser;
  readonly url: string;
  /** Makes an account on the machine itself; resolves with its one-time password. */
  account(name: string, roles: readonly RoleName[], divisions?: readonly string[]): Promise<string>;
  command(...args: readonly string[]): Promise<string>;
  context(view?: Partial<View>): Promise<BrowserContext>;
  destroy(): Promise<void>;
}

/** What the node runs by. */
export const CONFIGURATION = {
  node: { id: 'desk', name: '国家中心节点', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' },
  zones: [{ id: 'centre', anchors: ['127.0.0.1'] }],
  divisions: [
    { id: 'cn.gd', name: '广东省' },
    { id: 'cn.hn', name: '湖南省' },
  ],
  devices: ['gd', 'hn'].map((province, index) => ({
    id: province,
    name: `${province} 核心`,
    division: `cn.${province}`,
    class: 'backbone',
    addresses: { ipv4: `127.0.1.${index + 1}` },
    policy: { interval: '5s' },
  })),
  objectives: [{ id: 'backbone', name: '骨干网', objects: ['gd', 'hn'], target: '99.97%', period: 'month' }],
};

/** Starts both. `environment`: more for the node's, which may depend on its own address. */
export async function startNode(environment: (url: string) => Promise<Record<string, string>> = async () => ({})): Promise<Node> {
  const [browser, port] = await Promise.all([launchBrowser(), freePort()]);
  const url = `http://127.0.0.1:${port}`;
  const product = createProduct({
    configuration: JSON.stringify(CONFIGURATION),
    listen: { host: '127.0.0.1', port },
    environment: await environment(url),
  });
  const destroy = async () => {
    await browser.close();
    await product.destroy();
  };
  try {
    await product.start();
  } catch (error) {
    await destroy();
    throw error;
  }
  const command = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await product.command(...args);
    if (code !== 0) throw new Error(`beacontower ${args.slice(0, 2).join(' ')}: ${code} ${stderr}`);
    return stdout;
  };
  return {
    product,
    browser,
    url,
    command,
    async account(name, roles, divisions = ['all']) {
      const options = [...roles.flatMap((role) => ['--role', role]), ...divisions.flatMap((division) => ['--division', division])];
      const out = await command('account', 'create', name, '--display-name', `${name} 的本人`, ...options, '--json');
      return (JSON.parse(out) as { password: string }).password;
    },
    context: (view = {}) => openContext(browser, url, { theme: 'light', language: 'zh', ...view }),
    destroy,
  };
}

/** A port of this machine's loopback that nobody listens at now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
