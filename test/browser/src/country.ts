/** A centre and a province, each a whole node; between them, in a browser, two people let a system of another vendor in. */
import type { RoleName } from '@beacontower/contracts';
import { createProduct, type Product } from '@beacontower/test-lab';
import { waitFor } from '@beacontower/testing';
import type { Browser } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { freePort } from './node.ts';
import { openSession } from './session.ts';
import { startWire, type Wire } from './wire.ts';

/** A node of the country. */
export interface Tier {
  readonly product: Product;
  readonly url: string;
  command(...args: readonly string[]): Promise<string>;
  /** Signs somebody new with these rights in; resolves with the cookie for `useSession`. */
  person(name: string, roles: readonly RoleName[], divisions?: readonly string[]): Promise<string>;
}

export interface Country {
  readonly browser: Browser;
  readonly centre: Tier;
  readonly province: Tier;
  /** By place: the landing device of the province that the centre looks at, what the province looks at itself, and the centre's listener. */
  readonly wire: Wire;
  destroy(): Promise<void>;
}

/** Places in `Country.wire`. Without `LISTENER` the province is not heard, and its landing device goes on answering. */
export const LANDING = 0;
export const CORE = 1;
export const LINE = 2;
export const LISTENER = 4;
const PLACES = 5;

const probed = (address: string | undefined) => ({ addresses: { ipv4: address }, policy: { interval: '1s' } });

function centreOf({ addresses }: Wire) {
  return {
    node: { id: 'cn', name: '国家中心', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh', partitions: 2 },
    zones: [{ id: 'centre', anchors: ['127.0.0.1'] }],
    divisions: [
      { id: 'cn.gd', name: '广东', nameEn: 'Guangdong' },
      { id: 'cn.gz', name: '贵州', nameEn: 'Guizhou' },
      { id: 'cn.hn', name: '湖南', nameEn: 'Hunan' },
    ],
    devices: [
      {
        id: 'landing-gd',
        name: '广东落地设备',
        nameEn: 'Guangdong landing',
        division: 'cn.gd',
        class: 'backbone',
        role: 'landing',
        ...probed(addresses[LANDING]),
      },
      {
        id: 'landing-hn',
        name: '湖南落地设备',
        nameEn: 'Hunan landing',
        division: 'cn.hn',
        class: 'backbone',
        role: 'landing',
        ...probed('127.0.0.1'),
      },
    ],
    objectives: [
      { id: 'backbone', name: '骨干网', nameEn: 'Backbone', class: 'backbone', division: 'cn', target: '99.97%', period: 'month' },
    ],
  };
}

function provinceOf({ addresses }: Wire) {
  const line = (n: number) => ({
    ...{ id: `line-${n}`, name: `专线 ${n}`, nameEn: `Line ${n}`, division: 'cn.gd', class: 'user-access', unit: `单位 ${n}` },
    ...probed(addresses[LINE + n - 1]),
  });
  return {
    node: { id: 'gd', name: '广东', division: 'cn.gd', timeZone: 'Asia/Shanghai', language: 'zh', partitions: 2 },
    zones: [{ id: 'main', anchors: ['127.0.0.1'] }],
    divisions: [{ id: 'cn.gd', name: '广东' }],
    devices: [{ id: 'core', name: '广东核心', nameEn: 'Guangdong core', division: 'cn.gd', class: 'backbone', ...probed(addresses[CORE]) }],
    accessLines: [line(1), line(2)],
    objectives: [{ id: 'lines', name: '专线', nameEn: 'Lines', class: 'user-access', division: 'cn.gd', target: '99.9%', period: 'month' }],
  };
}

/** Starts all, and lets the province in; it is heard, and its objects are known, once this is over. */
export async function startCountry(): Promise<Country> {
  const closing: (() => Promise<void>)[] = [];
  const destroy = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const browser = await launchBrowser();
    closing.push(() => browser.close());
    const wire = await startWire(PLACES);
    closing.push(() => wire.destroy());
    const [host = '', port] = [wire.addresses[LISTENER], await freePort()];
    const listening = { BEACONTOWER_FEDERATION_LISTEN: `${host}:${port}`, BEACONTOWER_FEDERATION_NAMES: host };
    const [centre, province] = await Promise.all([startTier(centreOf(wire), listening, closing), startTier(provinceOf(wire), {}, closing)]);
    await join(centre, province);
    return { browser, centre, province, wire, destroy };
  } catch (error) {
    await destroy();
    throw error;
  }
}

async function startTier(
  configuration: object,
  environment: Readonly<Record<string, string>>,
  closing: (() => Promise<void>)[],
): Promise<Tier> {
  const port = await freePort();
  const product = createProduct({ configuration: JSON.stringify(configuration), listen: { host: '127.0.0.1', port }, environment });
  closing.push(() => product.destroy());
  await product.start();
  const url = `http://127.0.0.1:${port}`;
  const command = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await product.command(...args);
    if (code !== 0) throw new Error(`beacontower ${args.slice(0, 2).join(' ')}: ${code} ${stderr || stdout}`);
    return stdout;
  };
  return {
    product,
    url,
    command,
    async person(name, roles, divisions = ['all']) {
      const given = [...roles.flatMap((role) => ['--role', role]), ...divisions.flatMap((division) => ['--division', division])];
      const made = await command('account', 'create', name, '--display-name', name, ...given, '--json');
      return openSession(url, name, (JSON.parse(made) as { password: string }).password);
    },
  };
}

async function join(centre: Tier, province: Tier): Promise<void> {
  const said = async (tier: Tier, ...args: readonly string[]) =>
    JSON.parse(await tier.command('federation', ...args, '--json')) as Record<string, string>;
  const { token = '' } = await said(centre, 'invite', 'gd', '--division', 'cn.gd', '--name', '广东');
  const { code = '' } = await said(province, 'join', token, '--no-wait');
  await centre.command('federation', 'approve', 'gd', '--code', code);
  const known = async () =>
    (await centre.product.api.objects()).filter(({ id, state }) => id.startsWith('gd:') && state === 'up').length === 3;
  await waitFor(known, { timeoutMs: 120_000, intervalMs: 250, what: 'the objects of the province to be known at the centre' });
}
