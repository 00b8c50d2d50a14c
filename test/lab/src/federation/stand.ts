/** A country on one machine: every node a whole product (`beacontower up`) in a network namespace of its own, the lines between them real. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase, type Database, privatePostgresUrl } from '@beacontower/database';
import { createKeys, createRedis, privateRedisUrl } from '@beacontower/queue';
import { startWebhookReceiver, type WebhookReceiver } from '@beacontower/testing';
import { createProduct, type Product, type ProductOptions } from '../product.ts';
import { tierYaml } from './configuration.ts';
import { enrol } from './enrol.ts';
import { DayFeed } from './feed.ts';
import { createFederationNetwork, type FederationNetwork } from './namespaces.ts';
import { API_PORT, COUNTRY, FEDERATION_PORT, type TierNode } from './tiers.ts';

const SECRET = 'the secret of the federated stand';

export interface StandNode extends TierNode {
  readonly product: Product;
  /** The node's own record, read and written by its private socket. */
  readonly database: Database;
  readonly dataDirectory: string;
  /** Stands in for its scheduler and collectors; of the centre, which looks at its landing devices itself, there is none. */
  readonly feed: DayFeed | null;
}

export interface FederationStand {
  readonly nodes: readonly StandNode[];
  readonly network: FederationNetwork;
  /** Whom the centre tells of incidents. */
  readonly hook: WebhookReceiver;
  node(id: string): StandNode;
  /** Lets a node in at the one above. */
  join(id: string): Promise<void>;
  destroy(): Promise<void>;
}

export interface FederationStandOptions {
  readonly nodes?: readonly TierNode[];
  /** Lines of each node below the centre. */
  readonly lines: number;
  /** When the record of the nodes below begins, epoch ms. */
  readonly begin: number;
  readonly code?: ProductOptions['code'];
  /** Of every node, beside what the stand needs. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts every node, one after the other, and begins the records of those below at `begin`. Nobody reports yet. */
export async function startFederationStand(options: FederationStandOptions): Promise<FederationStand> {
  const tiers = options.nodes ?? COUNTRY;
  const network = await createFederationNetwork(tiers);
  const files = mkdtempSync(join(tmpdir(), 'beacontower-federation-'));
  const closing: (() => Promise<void>)[] = [async () => rmSync(files, { recursive: true, force: true }), () => network.destroy()];
  const destroy = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const centre = tiers.find(({ parent }) => parent === null);
    const hook = await startWebhookReceiver({ host: network.management(centre?.id ?? '').host, secret: SECRET });
    closing.push(() => hook.stop());
    const started: StandNode[] = [];
    // Two at a time: each has six processes that are read and compiled as they start.
    for (let n = 0; n < tiers.length; n += 2) {
      const pair = tiers.slice(n, n + 2).map((tier) => startNode(tier, { ...options, tiers, network, files, hook, closing }));
      started.push(...(await Promise.all(pair)));
    }
    const node = (id: string): StandNode => {
      const found = started.find((each) => each.id === id);
      if (found === undefined) throw new Error(`there is no node ${id}`);
      return found;
    };
    return {
      nodes: started,
      network,
      hook,
      node,
      destroy,
      async join(id) {
        const { parent, above } = network.link(id);
        await enrol({ child: node(id), parent: node(parent), network, url: `https://${above}:${FEDERATION_PORT}` });
      },
    };
  } catch (error) {
    await destroy();
    throw error;
  }
}

interface Starting extends FederationStandOptions {
  readonly tiers: readonly TierNode[];
  readonly network: FederationNetwork;
  readonly files: string;
  readonly hook: WebhookReceiver;
  readonly closing: (() => Promise<void>)[];
}

async function startNode(tier: TierNode, starting: Starting): Promise<StandNode> {
  const { tiers, network, hook, closing, files, lines, begin, code = 'built', environment = {} } = starting;
  const telling = tier.parent === null ? { url: hook.url, secretEnv: 'STAND_SECRET' } : null;
  const yaml = (count: number) => tierYaml(tier, { nodes: tiers, network, lines: count, telling });
  const product = createProduct({
    configuration: yaml(0),
    listen: { host: network.management(tier.id).node, port: API_PORT },
    environment: { ...environment, STAND_SECRET: SECRET, ...listening(tier, network) },
    spawn: (command, args, options) => network.exec(tier.id, command, args, options),
    code,
  });
  closing.push(() => product.destroy());
  await product.start();
  const { dataDirectory } = product;
  const onError = () => undefined;
  const database = createDatabase({ url: privatePostgresUrl(dataDirectory), applicationName: 'laboratory', maxConnections: 3, onError });
  const redis = createRedis(privateRedisUrl(dataDirectory), onError);
  closing.push(async () => {
    redis.disconnect();
    await database.close();
  });
  const file = join(files, `${tier.id}.yaml`);
  writeFileSync(file, yaml(lines));
  const apply = async () => {
    const { code: ended, stdout, stderr } = await product.command('apply', file);
    if (ended !== 0) throw new Error(`${tier.id}: apply ended with ${ended}: ${stderr || stdout}`);
  };
  const feed = tier.parent === null ? null : new DayFeed({ database, redis, keys: createKeys(), begin, apply });
  if (feed === null) await database.query('UPDATE inventory SET valid_from = $1 WHERE valid_from > $1', [begin]);
  else await feed.take();
  return { ...tier, product, database, dataDirectory, feed };
}

/** A node that has others below it listens for them. */
function listening({ id }: TierNode, { links }: FederationNetwork): Record<string, string> {
  const names = links.filter(({ parent }) => parent === id).map(({ above }) => above);
  if (names.length === 0) return {};
  return { BEACONTOWER_FEDERATION_LISTEN: `0.0.0.0:${FEDERATION_PORT}`, BEACONTOWER_FEDERATION_NAMES: names.join(',') };
}
