/** The configurations of the federated lab: what each node watches, and what is figured alike at two tiers. */
import type { FederationNetwork } from './namespaces.ts';
import type { TierNode } from './tiers.ts';

/** How often the lines of a day in simulated time are looked at. */
export const FED_INTERVAL_MS = 60_000;
export const ZONE = 'main';
const PARTITIONS = 2;

/** Whom a node tells of incidents. */
export interface Telling {
  readonly url: string;
  readonly secretEnv: string;
}

/** Id of the objective of the lines of a node and of those below it, at every tier. */
export const objectiveOf = (node: string) => `lines-${node}`;
/** Global ids of the lines of a node. */
export const linesOf = (node: string, count: number) => Array.from({ length: count }, (_, n) => `${node}:line-${n}`);

export interface TierConfiguration {
  readonly nodes: readonly TierNode[];
  readonly network: FederationNetwork;
  /** How many lines each node below the centre has; 0 before its record begins. */
  readonly lines: number;
  readonly telling: Telling | null;
}

/** The configuration of one node, as JSON (which is YAML). */
export function tierYaml(node: TierNode, { nodes, network, lines, telling }: TierConfiguration): string {
  const below = nodes.filter(({ division }) => division === node.division || division.startsWith(`${node.division}.`));
  return `${JSON.stringify({
    node: { id: node.id, name: node.name, division: node.division, timeZone: 'Asia/Shanghai', language: 'zh', partitions: PARTITIONS },
    zones: [{ id: ZONE, anchors: [network.management(node.id).host] }],
    divisions: below.filter(({ id }) => id !== node.id).map(({ division, name }) => ({ id: division, name })),
    devices: network.links.filter(({ parent }) => parent === node.id).map((link) => landing(link, nodes)),
    accessLines: node.parent === null ? [] : linesOf(node.id, lines).map((id, n) => accessLine(id, n, node.division)),
    objectives: below
      .filter(({ parent }) => parent !== null)
      .map(({ id, name, division }) => ({ id: objectiveOf(id), name, class: 'user-access', division, target: '99.9%', period: 'day' })),
    ...(telling === null ? {} : tellingOf(telling)),
  })}\n`;
}

function landing({ child, below }: FederationNetwork['links'][number], nodes: readonly TierNode[]): Record<string, unknown> {
  const node = nodes.find(({ id }) => id === child);
  return {
    id: `landing-${child}`,
    name: `${node?.name} 落地设备`,
    division: node?.division,
    class: 'backbone',
    addresses: { ipv4: below },
    role: 'landing',
    policy: { interval: '2s' },
  };
}

function accessLine(id: string, n: number, division: string): Record<string, unknown> {
  return {
    id: id.slice(id.indexOf(':') + 1),
    name: `专线 ${n}`,
    division,
    class: 'user-access',
    addresses: { ipv4: `127.20.${Math.floor(n / 200)}.${1 + (n % 200)}` },
    unit: `单位 ${n}`,
    policy: { interval: `${FED_INTERVAL_MS / 1_000}s` },
  };
}

function tellingOf({ url, secretEnv }: Telling): Record<string, unknown> {
  return {
    channels: [{ id: 'duty', kind: 'webhook', url, secret: { env: secretEnv }, allowLocal: true, timeout: '2s', maxAttempts: 8 }],
    contacts: [{ id: 'duty', name: '值班', language: 'zh', targets: [{ channel: 'duty' }] }],
    routes: [{ id: 'all', contacts: ['duty'] }],
  };
}
