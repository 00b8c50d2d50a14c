/**
 * What a lab consists of, worked out before anything is built: namespaces, links with their addresses and routes, and the
 * objects a collector in the centre can watch. Pure. All addresses are private (10/8) or ULA (fd10::/16) and exist only
 * inside the namespaces, so two labs may use the same ones side by side.
 *
 *   c ── centre link ── core ──┬─ uplink-a ─┬─ p1 ──── line-01 … line-N (one namespace each)
 *                              └─ uplink-b ─┘
 *                       core ──── flat-01 … flat-N (lines without a province, for latency tests)
 */

/** How large a lab is. A flat lab has no provinces and only lines hung straight on the core. */
export interface LabLayout {
  readonly provinces: number;
  readonly linesPerProvince: number;
  readonly flatLines: number;
}

export const DEFAULT_LAYOUT: LabLayout = { provinces: 3, linesPerProvince: 4, flatLines: 0 };

/** Addresses of both families, without prefix length. */
export interface DualAddress {
  readonly v4: string;
  readonly v6: string;
}

/** A static route that needs one link: `prefix` as `ip route` takes it ("default" included), via the gateway on that link. */
export interface LabRoute {
  readonly family: 4 | 6;
  readonly prefix: string;
  readonly gateway: string;
  readonly metric: number;
}

export interface LinkSide {
  readonly namespace: string;
  readonly device: string;
  readonly address: DualAddress;
  readonly routes: readonly LabRoute[];
}

/** A veth pair. `near` is the end closer to the centre: it is the one taken down by a cut. Addresses are /30 and /126. */
export interface LabLink {
  readonly name: string;
  /** Hardware addresses are given, and neighbours known beforehand: a lost ARP request would delay a recovery by a second. */
  readonly mac: { readonly near: string; readonly far: string };
  readonly near: LinkSide;
  readonly far: LinkSide;
}

/** A namespace: `loopback` addresses, and the prefixes it drops in silence when no better route is left (a WAN answers nothing). */
export interface LabNamespace {
  readonly name: string;
  readonly router: boolean;
  readonly loopback: DualAddress | null;
  readonly blackholes: readonly string[];
}

/** Something to be watched. `paths`: the ways to reach it from the core, each a list of links that must all be whole. */
export interface LabObject {
  readonly id: string;
  readonly kind: 'device' | 'circuit' | 'access-line';
  readonly class: 'backbone' | 'user-access' | 'other';
  readonly name: string;
  readonly division: string;
  readonly address: DualAddress;
  readonly parents: readonly string[];
  readonly paths: readonly (readonly string[])[];
}

export interface LabPlan {
  readonly layout: LabLayout;
  readonly namespaces: readonly LabNamespace[];
  readonly links: readonly LabLink[];
  readonly objects: readonly LabObject[];
  /** The centre's gateway: the address that proves that the collector's own line is whole. */
  readonly anchor: DualAddress;
}

export const CENTRE = 'c';
export const CORE = 'core';
export const CENTRE_LINK = 'centre';

const V4_ALL = '10.0.0.0/8';
const V6_ALL = 'fd10::/16';
const PROVINCE_V4 = 100;

interface Pair {
  readonly near: DualAddress;
  readonly far: DualAddress;
}

/** The n-th /30 below `10.<block>.<third>.0` and the /126 `fd10:<block>:<n>::/126`; near is .1, far is .2. */
function pair(block: number, n: number): Pair {
  const v4 = (host: number) => `10.${block}.${n >> 6}.${(n & 63) * 4 + host}`;
  const v6 = (host: number) => `fd10:${block.toString(16)}:${n.toString(16)}::${host}`;
  return { near: { v4: v4(1), v6: v6(1) }, far: { v4: v4(2), v6: v6(2) } };
}

function loopback(block: number): DualAddress {
  return { v4: `10.${block}.255.1`, v6: `fd10:${block.toString(16)}:ffff::1` };
}

function routesTo(prefixes: { v4: string; v6: string }, gateway: DualAddress, metric: number): LabRoute[] {
  return [
    { family: 4, prefix: prefixes.v4, gateway: gateway.v4, metric },
    { family: 6, prefix: prefixes.v6, gateway: gateway.v6, metric },
  ];
}

const EVERYWHERE = { v4: V4_ALL, v6: V6_ALL };

interface Draft {
  readonly namespaces: LabNamespace[];
  readonly links: Omit<LabLink, 'mac'>[];
  readonly objects: LabObject[];
}

/** Locally administered addresses (02:…), unique within the lab. */
function macs(index: number): LabLink['mac'] {
  const octet = (value: number) => (value & 0xff).toString(16).padStart(2, '0');
  const stem = `02:be:ac:${octet(index >> 8)}:${octet(index)}`;
  return { near: `${stem}:01`, far: `${stem}:02` };
}

function addLeaf(draft: Draft, router: string, name: string, addresses: Pair): void {
  const unit = name.replace('/', '-');
  draft.namespaces.push({ name: unit, router: false, loopback: null, blackholes: [] });
  draft.links.push({
    name,
    near: { namespace: router, device: unit, address: addresses.near, routes: [] },
    far: { namespace: unit, device: 'wan', address: addresses.far, routes: routesTo(EVERYWHERE, addresses.near, 10) },
  });
}

function addUplink(draft: Draft, province: string, which: 'a' | 'b', addresses: Pair, aggregate: { v4: string; v6: string }): void {
  const metric = which === 'a' ? 10 : 20;
  draft.links.push({
    name: `${province}/uplink-${which}`,
    near: {
      namespace: CORE,
      device: `${province}-${which}`,
      address: addresses.near,
      routes: routesTo(aggregate, addresses.far, metric),
    },
    far: { namespace: province, device: `core-${which}`, address: addresses.far, routes: routesTo(EVERYWHERE, addresses.near, metric) },
  });
}

function addProvince(draft: Draft, number: number, lines: number): void {
  const province = `p${number}`;
  const block = PROVINCE_V4 + number;
  const aggregate = { v4: `10.${block}.0.0/16`, v6: `fd10:${block.toString(16)}::/32` };
  const division = `cn.${province}`;
  const uplinks = [`${province}/uplink-a`, `${province}/uplink-b`] as const;
  draft.namespaces.push({ name: province, router: true, loopback: loopback(block), blackholes: [aggregate.v4, aggregate.v6] });
  for (const [index, which] of (['a', 'b'] as const).entries()) {
    const addresses = pair(2, number * 2 + index);
    addUplink(draft, province, which, addresses, aggregate);
    draft.objects.push({
      id: `${province}-uplink-${which}`,
      kind: 'circuit',
      class: 'backbone',
      name: `Province ${number} uplink ${which.toUpperCase()}`,
      division,
      address: addresses.far,
      parents: [CORE],
      paths: [[`${province}/uplink-${which}`]],
    });
  }
  draft.objects.push({
    id: province,
    kind: 'device',
    class: 'other',
    name: `Province ${number} router`,
    division,
    address: loopback(block),
    parents: uplinks.map((link) => link.replace('/', '-')),
    paths: uplinks.map((link) => [link]),
  });
  for (let line = 1; line <= lines; line++) {
    const name = `${province}/line-${String(line).padStart(2, '0')}`;
    const addresses = pair(block, line);
    addLeaf(draft, province, name, addresses);
    draft.objects.push({
      id: name.replace('/', '-'),
      kind: 'access-line',
      class: 'user-access',
      name: `Province ${number} unit ${line}`,
      division,
      address: addresses.far,
      parents: [province],
      paths: uplinks.map((link) => [link, name]),
    });
  }
}

function addFlatLine(draft: Draft, line: number): void {
  const name = `flat-${String(line).padStart(2, '0')}`;
  const addresses = pair(3, line);
  addLeaf(draft, CORE, name, addresses);
  draft.objects.push({
    id: name,
    kind: 'access-line',
    class: 'user-access',
    name: `Unit ${line}`,
    division: 'cn.flat',
    address: addresses.far,
    parents: [],
    paths: [[name]],
  });
}

/** Works out a lab of the given size. Throws a RangeError when the layout does not fit the address plan. */
export function planLab(layout: LabLayout): LabPlan {
  if (layout.provinces < 0 || layout.provinces > 32) throw new RangeError('a lab has 0 to 32 provinces');
  if (layout.linesPerProvince < 0 || layout.linesPerProvince > 250) throw new RangeError('a province has 0 to 250 lines');
  if (layout.flatLines < 0 || layout.flatLines > 250) throw new RangeError('a lab has 0 to 250 flat lines');
  const centre = pair(1, 0);
  const core = loopback(1);
  const draft: Draft = {
    namespaces: [
      { name: CENTRE, router: false, loopback: null, blackholes: [] },
      { name: CORE, router: true, loopback: core, blackholes: [V4_ALL, V6_ALL] },
    ],
    links: [
      {
        name: CENTRE_LINK,
        near: { namespace: CORE, device: CENTRE, address: centre.near, routes: [] },
        far: { namespace: CENTRE, device: CORE, address: centre.far, routes: routesTo(EVERYWHERE, centre.near, 10) },
      },
    ],
    objects: [],
  };
  if (layout.provinces > 0) {
    draft.objects.push({
      id: CORE,
      kind: 'device',
      class: 'other',
      name: 'Core router',
      division: 'cn',
      address: core,
      parents: [],
      paths: [[]],
    });
  }
  for (let number = 1; number <= layout.provinces; number++) addProvince(draft, number, layout.linesPerProvince);
  for (let line = 1; line <= layout.flatLines; line++) addFlatLine(draft, line);
  const links = draft.links.map((link, index) => ({ ...link, mac: macs(index) }));
  return { layout, ...draft, links, anchor: centre.near };
}
