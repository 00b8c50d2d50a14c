import type { LabLink, LabNamespace, LabPlan, LabRoute, LinkSide } from './plan.ts';

/** What a cut takes away: the whole link, or one address family on it. */
export type CutFamily = 'both' | 4 | 6;

function route(verb: 'replace' | 'del', { prefix, gateway, metric }: LabRoute, device: string): string {
  return `route ${verb} ${prefix} via ${gateway} dev ${device} metric ${metric}`;
}

function addresses(side: LinkSide, families: readonly (4 | 6)[], verb: 'replace' | 'del'): string[] {
  return families.map((family) =>
    family === 4
      ? `addr ${verb} ${side.address.v4}/30 dev ${side.device}`
      : `addr ${verb} ${side.address.v6}/126 dev ${side.device}${verb === 'replace' ? ' nodad' : ''}`,
  );
}

const BOTH = [4, 6] as const;

function familiesOf(family: CutFamily): readonly (4 | 6)[] {
  return family === 'both' ? BOTH : [family];
}

/** Addresses, neighbour and static routes of one end of a link; safe to give again, as a restoration does. */
export function setUpSide(link: LabLink, end: 'near' | 'far', family: CutFamily = 'both'): string[] {
  const side = link[end];
  const other = end === 'near' ? 'far' : 'near';
  const families = familiesOf(family);
  const routes = side.routes.filter((each) => families.includes(each.family));
  return [
    ...addresses(side, families, 'replace'),
    ...families.map((each) => {
      const neighbour = each === 4 ? link[other].address.v4 : link[other].address.v6;
      return `neigh replace ${neighbour} lladdr ${link.mac[other]} dev ${side.device} nud permanent`;
    }),
    ...routes.map((each) => route('replace', each, side.device)),
  ];
}

function takeDownSide(side: LinkSide, family: 4 | 6): string[] {
  const routes = side.routes.filter((each) => each.family === family);
  return [...routes.map((each) => route('del', each, side.device)), ...addresses(side, [family], 'del')];
}

/** Lines for the near and the far namespace of a link that is cut. A whole cut needs only the near device taken down. */
export function cutLines(link: LabLink, family: CutFamily): { near: string[]; far: string[] } {
  if (family === 'both') return { near: [`link set ${link.near.device} down`], far: [] };
  return { near: takeDownSide(link.near, family), far: takeDownSide(link.far, family) };
}

/** The reverse of `cutLines`: a device that was down has lost its static routes, and they must be given again. */
export function restoreLines(link: LabLink, family: CutFamily): { near: string[]; far: string[] } {
  if (family === 'both') return { near: [`link set ${link.near.device} up`, ...setUpSide(link, 'near')], far: [] };
  return { near: setUpSide(link, 'near', family), far: setUpSide(link, 'far', family) };
}

/** Everything inside one namespace once its devices exist. */
export function namespaceLines(plan: LabPlan, namespace: LabNamespace): string[] {
  const ends = plan.links
    .flatMap((link) => [
      { link, end: 'near' as const },
      { link, end: 'far' as const },
    ])
    .filter(({ link, end }) => link[end].namespace === namespace.name);
  return [
    'link set lo up',
    ...(namespace.loopback === null
      ? []
      : [`addr add ${namespace.loopback.v4}/32 dev lo`, `addr add ${namespace.loopback.v6}/128 dev lo nodad`]),
    ...namespace.blackholes.map((prefix) => `route add blackhole ${prefix} metric 100000`),
    ...ends.map(({ link, end }) => `link set ${link[end].device} up`),
    ...ends.flatMap(({ link, end }) => setUpSide(link, end)),
  ];
}

/**
 * Kernel settings of a namespace, for a shell started in it, before it has devices: addresses usable at once (no duplicate
 * address detection), IPv6 addresses that survive a cut, no reverse-path check (uplinks are asymmetric), and in routers
 * forwarding and routes that give way when the carrier is gone.
 */
export function settingsScript(namespace: LabNamespace): string {
  const settings: [string, number][] = [
    ['ipv6/conf/X/accept_dad', 0],
    ['ipv6/conf/X/accept_ra', 0],
    ['ipv6/conf/X/keep_addr_on_down', 1],
    ['ipv4/conf/X/rp_filter', 0],
  ];
  if (namespace.router) {
    for (const family of ['ipv4', 'ipv6']) {
      settings.push([`${family}/conf/X/forwarding`, 1], [`${family}/conf/X/ignore_routes_with_linkdown`, 1]);
    }
  }
  const lines = ['all', 'default'].flatMap((scope) => settings.map(([name, value]) => `echo ${value} > ${name.replace('X', scope)}`));
  return `set -e\ncd /proc/sys/net\n${lines.join('\n')}\n`;
}
