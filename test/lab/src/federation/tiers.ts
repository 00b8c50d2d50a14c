/** The nodes of the federated lab: who reports to whom, and where each is reached. */

export interface TierNode {
  readonly id: string;
  readonly name: string;
  readonly division: string;
  /** The node it reports to; null: none. */
  readonly parent: string | null;
}

/** A centre, five provinces, and a city that reports to the first of them. */
export const COUNTRY: readonly TierNode[] = [
  { id: 'cn', name: '国家中心', division: 'cn', parent: null },
  { id: 'gd', name: '广东', division: 'cn.gd', parent: 'cn' },
  { id: 'zj', name: '浙江', division: 'cn.zj', parent: 'cn' },
  { id: 'sc', name: '四川', division: 'cn.sc', parent: 'cn' },
  { id: 'xj', name: '新疆', division: 'cn.xj', parent: 'cn' },
  { id: 'hl', name: '黑龙江', division: 'cn.hl', parent: 'cn' },
  { id: 'gz', name: '广州', division: 'cn.gd.gz', parent: 'gd' },
];

/** Where nodes below report, on every node that has some. */
export const FEDERATION_PORT = 8443;
export const API_PORT = 8080;

/** The line between a node and the one above: the addresses of its two ends. */
export interface TierLink {
  readonly child: string;
  readonly parent: string;
  /** Of the parent's end: what the child reports to. */
  readonly above: string;
  /** Of the child's end: the landing device that the parent looks at. */
  readonly below: string;
}

/** One line a node that reports to another. */
export function planLinks(nodes: readonly TierNode[]): TierLink[] {
  const ids = new Set(nodes.map(({ id }) => id));
  if (ids.size !== nodes.length) throw new RangeError('two nodes have the same id');
  return nodes.flatMap(({ id, parent }, index) => {
    if (parent === null) return [];
    if (!ids.has(parent) || parent === id) throw new RangeError(`${id} reports to ${parent}, which is none of the others`);
    return [{ child: id, parent, above: `10.77.${index}.1`, below: `10.77.${index}.2` }];
  });
}

/** All that is said of a node's objects in its scope: its own, and those of the nodes below it. */
export function nodesWithin(nodes: readonly TierNode[], id: string): string[] {
  return [id, ...nodes.filter(({ parent }) => parent === id).flatMap((below) => nodesWithin(nodes, below.id))];
}
