/** The network of the demo: a centre with two cores, 32 landing devices on two circuits each, exits, and lines of units. Pure. */
import type { AgentOrder } from '@beacontower/testing';
import { PROVINCES, type Province, UNITS } from './provinces.ts';

/** Where addresses lie: in a namespace of our own, where an address can go away, or on the loopback, where all always answer. */
export interface Ground {
  readonly kind: 'namespace' | 'loopback';
  /** First two numbers of every IPv4 address. */
  readonly v4: string;
  /** First part of every IPv6 address; null where there is none. */
  readonly v6: string | null;
  /** What proves that the vantage can see. */
  readonly anchors: readonly string[];
  readonly snmpPort: number;
}

/** An object that is probed by ICMP at addresses of its own. */
export interface Place {
  readonly id: string;
  readonly v4: string;
  readonly v6: string | null;
}

export interface Network {
  readonly ground: Ground;
  /** Every probed object by its id within the node. */
  readonly places: ReadonlyMap<string, Place>;
  /** Devices with an agent: `core-1`, `core-2`, `landing-<province>`. */
  readonly agents: readonly { readonly id: string; readonly order: AgentOrder }[];
}

export const NODE = 'centre';
export const COMMUNITY_VARIABLE = 'BEACONTOWER_DEMO_COMMUNITY';
export const CORES = ['core-1', 'core-2'] as const;
export const EXITS = ['exit-1', 'exit-2', 'exit-3'] as const;
const CARRIERS = [
  { id: 'carrier-a', zh: '运营商甲', en: 'Carrier A' },
  { id: 'carrier-b', zh: '运营商乙', en: 'Carrier B' },
] as const;

export const landingOf = ({ id }: Province) => `landing-${id}`;
/** The circuit of a province to a core, 1 or 2. */
export const circuitOf = ({ id }: Province, core: number) => `circuit-${id}-${core}`;
export const lineOf = ({ id }: Province) => `line-${id}`;
export const unitOf = (id: string) => `unit-${id}`;
/** Interface of a core towards a province, and of a landing device towards a core. */
export const coreInterface = ({ id }: Province) => `100GE1/0/${PROVINCES.findIndex((each) => each.id === id) + 1}`;
export const landingInterface = (core: number) => `100GE0/0/${core}`;

const GIGABIT = 1e9;

export function buildNetwork(ground: Ground, community: string): Network {
  const places = new Map<string, Place>();
  const add = (id: string, group: number, host: number) =>
    places.set(id, { id, v4: `${ground.v4}.${group}.${host}`, v6: ground.v6 === null ? null : `${ground.v6}:${group}::${host}` });
  for (const [i, id] of CORES.entries()) add(id, 1, i + 1);
  for (const [i, id] of EXITS.entries()) add(id, 2, i + 1);
  for (const [i, { id }] of UNITS.entries()) add(unitOf(id), 3, i + 1);
  PROVINCES.forEach((province, i) => {
    add(landingOf(province), 10 + i, 1);
    add(circuitOf(province, 1), 10 + i, 11);
    add(circuitOf(province, 2), 10 + i, 12);
    add(lineOf(province), 10 + i, 21);
  });
  const address = (id: string) => places.get(id)?.v4 ?? '';
  const cores = CORES.map((id, i) => ({
    id,
    order: {
      address: address(id),
      port: ground.snmpPort,
      community,
      seed: i + 1,
      system: { name: id, descr: 'Beacontower demo core router' },
      interfaces: PROVINCES.map((province) => ({ name: coreInterface(province), alias: `to ${province.en}`, speed: 100 * GIGABIT })),
    },
  }));
  const landings = PROVINCES.map((province, i) => ({
    id: landingOf(province),
    order: {
      address: address(landingOf(province)),
      port: ground.snmpPort,
      community,
      seed: 10 + i,
      system: { name: landingOf(province), descr: 'Beacontower demo landing router' },
      interfaces: [
        ...[1, 2].map((core) => ({ name: landingInterface(core), alias: `to core-${core}`, speed: 100 * GIGABIT })),
        ...[1, 2].map((port) => ({ name: `10GE0/1/${port}`, alias: `access ${port}`, speed: 10 * GIGABIT })),
      ],
    },
  }));
  return { ground, places, agents: [...cores, ...landings] };
}

/** The node's configuration for this network, as JSON (which is YAML), with the sections of who is told. */
export function configurationOf({ ground, places }: Network, telling: Readonly<Record<string, readonly object[]>>): string {
  const addresses = (id: string) => {
    const place = places.get(id);
    return { addresses: { ipv4: place?.v4, ...(place?.v6 == null ? {} : { ipv6: place.v6 }) } };
  };
  const snmp = { snmp: true };
  const configuration = {
    node: { id: NODE, name: '国家中心节点', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' },
    zones: [{ id: 'centre', name: '国家中心探测点', anchors: ground.anchors }],
    credentials: [{ id: 'demo', version: '2c', community: { env: COMMUNITY_VARIABLE } }],
    defaults: {
      zone: 'centre',
      party: 'centre',
      policy: { interval: '2s' },
      snmp: { credential: 'demo', port: ground.snmpPort, interval: '5s', timeout: '500ms', retries: 1 },
    },
    divisions: [
      { id: 'cn', name: '全国', nameEn: 'China', code: '000000' },
      ...PROVINCES.map(({ id, zh, en, code }) => ({ id: `cn.${id}`, name: zh, nameEn: en, code })),
    ],
    parties: [
      { id: 'centre', name: '国家中心', nameEn: 'National centre', tier: 'national' },
      ...CARRIERS.map(({ id, zh, en }) => ({ id, name: zh, nameEn: en, tier: 'carrier' })),
      ...PROVINCES.map(({ id, zh, en }) => ({ id, name: `${zh}运维中心`, nameEn: `${en} operations centre`, tier: 'province' })),
    ],
    devices: [
      ...CORES.map((id, i) => ({
        id,
        name: `核心路由器${'一二'[i]}`,
        nameEn: `Core router ${i + 1}`,
        class: 'backbone',
        role: 'core',
        ...addresses(id),
        ...snmp,
      })),
      ...PROVINCES.map((province) => ({
        id: landingOf(province),
        name: `${province.zh}落地设备`,
        nameEn: `Landing device of ${province.en}`,
        division: `cn.${province.id}`,
        class: 'backbone',
        role: 'landing',
        ...addresses(landingOf(province)),
        ...snmp,
        parents: { any: [circuitOf(province, 1), circuitOf(province, 2)] },
      })),
    ],
    circuits: PROVINCES.flatMap((province) => [1, 2].map((core) => circuit(province, core, addresses(circuitOf(province, core))))),
    internetExits: EXITS.map((id, i) => ({ id, name: `统一互联网出口${'一二三'[i]}`, nameEn: `Internet exit ${i + 1}`, ...addresses(id) })),
    accessLines: [
      ...UNITS.map(({ id, zh, en }) => ({
        id: unitOf(id),
        name: `${zh}接入`,
        nameEn: `${en}, access`,
        unit: zh,
        ...addresses(unitOf(id)),
      })),
      ...PROVINCES.map((province) => ({
        id: lineOf(province),
        name: `${province.zh}政务服务接入`,
        nameEn: `Government services of ${province.en}, access`,
        unit: `${province.zh}政务服务中心`,
        division: `cn.${province.id}`,
        party: province.id,
        parents: landingOf(province),
        ...addresses(lineOf(province)),
      })),
    ],
    objectives: [
      { id: 'backbone', name: '中央广域骨干网', nameEn: 'Central backbone', class: 'backbone', target: '99.97%' },
      { id: 'internet-exit', name: '统一互联网出口', nameEn: 'Internet exits', class: 'internet-exit', target: '99.97%' },
      { id: 'user-access', name: '用户接入', nameEn: 'User access', class: 'user-access', target: '99.91%' },
      {
        id: 'central-units',
        name: '中央单位接入',
        nameEn: 'Central units, access',
        objects: UNITS.map(({ id }) => unitOf(id)),
        target: '99.91%',
      },
    ],
    ...telling,
  };
  return `${JSON.stringify(configuration, null, 1)}\n`;
}

/** A circuit is of one carrier on each side, ends at an interface of both routers, and is probed at its far end. */
function circuit(province: Province, core: number, addresses: object) {
  const carrier = CARRIERS[core - 1] ?? CARRIERS[0];
  return {
    id: circuitOf(province, core),
    name: `${province.zh}骨干电路${'甲乙'[core - 1]}`,
    nameEn: `Backbone circuit ${province.en} ${'AB'[core - 1]}`,
    division: `cn.${province.id}`,
    party: carrier.id,
    class: 'backbone',
    carrier: carrier.zh,
    circuitNumber: `骨干${province.code.slice(0, 2)}${'甲乙'[core - 1]}0001`,
    hotline: `010-0000-000${core}`,
    runbook: 'https://wiki.example.cn/runbooks/backbone-circuit',
    bandwidth: '100G',
    parents: `core-${core}`,
    ends: [
      { object: `core-${core}`, interface: coreInterface(province) },
      { object: landingOf(province), interface: landingInterface(core) },
    ],
    ...addresses,
  };
}
