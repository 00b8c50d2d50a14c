/** SNMP in objects: the agent's check of a device, the ends of a circuit that are interfaces, and what is wrong with either. */
import { type AddressFamily, SNMP_TIMEOUT_GROWTH } from '@beacontower/domain';
import type { ObjectBody } from '../entities.ts';
import type { Item } from './collect.ts';
import { type Path, valueAt } from './document.ts';
import { type Complaint, placeText, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import type { ObjectYaml } from './schema.ts';
import { resolveSnmpPolicy, SNMP_INTERVAL_RANGE, snmpRoundFits, snmpRoundLength } from './snmp-policy.ts';
import type { DefaultSnmpYaml, SnmpYaml } from './snmp-schema.ts';
import { readAddress } from './values.ts';

type ObjectItem = Item<ObjectYaml>;
type CheckBody<K> = Extract<ObjectBody['checks'][number], { kind: K }>;

/** Reads the SNMP of objects; faults go to the surroundings it was made with. */
export interface SnmpReader {
  /** The agent's check, or none. */
  agent(item: ObjectItem, yaml: ObjectYaml, id: string, zone: string): CheckBody<'snmp'>[];
  /** A check for each end of a circuit that is an interface. `locals` are the ends' objects as they were resolved. */
  ends(item: ObjectItem, yaml: ObjectYaml, id: string, locals: readonly (string | null)[]): CheckBody<'interface'>[];
}

/** The reader of one configuration. */
export function createSnmpReader(around: Surroundings): SnmpReader {
  const { collected, references, faults } = around;
  const defaultsItem = collected.defaults;
  const defaults = defaultsItem?.value?.snmp;
  const defaultsAreSound = defaultsItem?.whole !== false;
  const usualCredential =
    defaultsItem === null || defaults?.credential === undefined
      ? null
      : references.resolve('credential', defaults.credential, defaultsItem, ['snmp', 'credential']);
  const usualFits = defaultsItem === null || defaults === undefined || checkPolicy(around, defaultsItem, undefined, defaults);

  const credentialOf = (item: ObjectItem, snmp: SnmpYaml): string => {
    if (snmp.credential !== undefined) return references.resolve('credential', snmp.credential, item, pathOf(item, 'credential')) ?? '';
    if (defaults?.credential === undefined && defaultsAreSound && item.whole)
      faults.push(item.document.fault([...item.path, 'snmp'], NO_CREDENTIAL));
    return usualCredential ?? '';
  };

  return {
    agent(item, yaml, id, zone) {
      const { snmp } = yaml;
      if (snmp === undefined) return [];
      const credential = credentialOf(item, snmp);
      if (defaultsAreSound && (usualFits || snmp.interval !== undefined) && hasOwnTiming(snmp)) checkPolicy(around, item, snmp, defaults);
      const target = targetOf(yaml, snmp, snmp.family ?? defaults?.family);
      if ('code' in target) {
        if (item.whole) faults.push(item.document.fault([...item.path, 'snmp'], target));
        return [];
      }
      const policy = resolveSnmpPolicy(snmp, defaults);
      const interfaces = {
        watch: snmp.interfaces?.watch ?? defaults?.interfaces?.watch ?? [],
        ignore: snmp.interfaces?.ignore ?? defaults?.interfaces?.ignore ?? [],
      };
      const port = snmp.port ?? defaults?.port ?? 161;
      return [{ id: `${id}/snmp`, objectId: id, kind: 'snmp', ...target, port, zone, credential, policy: { ...policy }, interfaces }];
    },

    ends: createEndReader(around),
  };
}

/** Reads the ends of circuits that are interfaces; one interface ends one circuit. */
function createEndReader(around: Surroundings): SnmpReader['ends'] {
  const { faults } = around;
  const asked = devicesAsked(around);
  const named = new Map<string, { item: ObjectItem; path: Path }>();
  return (item, yaml, id, locals) => {
    return (yaml.ends ?? []).flatMap((end, i): CheckBody<'interface'>[] => {
      const local = locals[i] ?? null;
      if (!('object' in end) || end.interface === undefined || local === null) return [];
      const path = ['ends', i, 'interface'];
      if (!asked.has(local)) {
        faults.push(item.document.fault([...item.path, ...path], notAsked(local)));
        return [];
      }
      const name = `${local}/${end.interface}`;
      const first = named.get(name);
      if (first === undefined) named.set(name, { item, path: [...item.path, ...path] });
      else faults.push(item.document.fault([...item.path, ...path], interfaceTwice(placeText(first.item.document.locate(first.path)))));
      const device = `${around.nodeId}:${local}`;
      return [{ id: `${id}/end${i + 1}`, objectId: id, kind: 'interface', device, ifName: end.interface }];
    });
  };
}

/** Where something stands in `snmp`, which may be a bare id. */
function pathOf(item: ObjectItem, key: string): Path {
  return typeof valueAt(item.document.value, [...item.path, 'snmp']) === 'string' ? ['snmp'] : ['snmp', key];
}

/** Devices that have an agent's check; those whose `snmp` was at fault count as having one, since that has been said. */
function devicesAsked(around: Surroundings): Set<string> {
  const { devices } = around.collected.items;
  return new Set(devices.flatMap(({ id, value, whole }) => (id !== null && (value?.snmp !== undefined || !whole) ? [id] : [])));
}

const hasOwnTiming = (snmp: SnmpYaml) => [snmp.interval, snmp.timeout, snmp.retries].some((value) => value !== undefined);

type Target = { family: AddressFamily; address: string };

/** The address a device is asked at: the one given for it, else the device's of the family wanted; IPv4 when there are both. */
function targetOf(yaml: ObjectYaml, snmp: SnmpYaml, wanted: 'ipv4' | 'ipv6' | undefined): Target | Complaint {
  if (snmp.address !== undefined) {
    const family = 'address' in readAddress(snmp.address, 4) ? 4 : 6;
    return snmp.family !== undefined && snmp.family !== `ipv${family}` ? WRONG_FAMILY : { family, address: snmp.address };
  }
  const { ipv4, ipv6 } = yaml.addresses ?? {};
  if (ipv4 !== undefined && wanted !== 'ipv6') return { family: 4, address: ipv4 };
  if (ipv6 !== undefined && wanted !== 'ipv4') return { family: 6, address: ipv6 };
  // What `defaults` prefer gives way to the only address there is; what the device says itself does not.
  const only = snmp.family === undefined ? (ipv4 ?? ipv6) : undefined;
  if (only !== undefined) return { family: only === ipv4 ? 4 : 6, address: only };
  return ipv4 === undefined && ipv6 === undefined ? NO_ADDRESS : WRONG_FAMILY;
}

function checkPolicy(
  around: Surroundings,
  item: Item<unknown>,
  own: DefaultSnmpYaml | undefined,
  defaults: DefaultSnmpYaml | undefined,
): boolean {
  const policy = resolveSnmpPolicy(own, defaults);
  const written = own ?? defaults;
  const report = (key: string, complaint: Complaint) => {
    around.faults.push(item.document.fault([...item.path, 'snmp', key], complaint));
    return false;
  };
  const { least, most } = SNMP_INTERVAL_RANGE;
  if (policy.intervalMs < least || policy.intervalMs > most) return report('interval', OUT_OF_RANGE);
  if (snmpRoundFits(policy)) return true;
  const key = ['interval', 'timeout', 'retries'].find((name) => written !== undefined && name in written);
  const length = snmpRoundLength(policy);
  const limit = Math.floor(policy.intervalMs * 0.9);
  return report(key ?? 'interval', {
    code: 'round-too-long',
    problem: text(
      `a silent device takes up to ${length} ms: ${1 + policy.retries} requests, the first waiting ${policy.timeoutMs} ms, each further one ${SNMP_TIMEOUT_GROWTH} times as long as the one before`,
      `无应答设备最长耗时 ${length} 毫秒：共 ${1 + policy.retries} 次请求，首次等待 ${policy.timeoutMs} 毫秒，此后每次为前一次的 ${SNMP_TIMEOUT_GROWTH} 倍`,
    ),
    expected: text(
      `at most ${limit} ms, nine tenths of the interval of ${policy.intervalMs} ms`,
      `不超过 ${limit} 毫秒，即间隔 ${policy.intervalMs} 毫秒的九成`,
    ),
  });
}

const OUT_OF_RANGE: Complaint = {
  code: 'interval-out-of-range',
  problem: text('the interval is out of range', '间隔超出范围'),
  expected: text('from 2s to 1h', '2s 至 1h'),
};
const NO_CREDENTIAL: Complaint = {
  code: 'snmp-without-credential',
  problem: text('it is not said with which credential the device is asked', '未指明询问该设备所用的凭据'),
  expected: text(
    'snmp: ID of a credential, or {credential: ID, …}, or "credential" in "defaults.snmp"',
    'snmp: 凭据标识，或 {credential: 标识, …}，或在 "defaults.snmp" 中给出 "credential"',
  ),
};
const NO_ADDRESS: Complaint = {
  code: 'snmp-without-address',
  problem: text('the device has no address at which its SNMP agent could be asked', '设备没有可供 SNMP 询问的地址'),
  expected: text('addresses: {ipv4: …, ipv6: …}, or snmp: {address: …}', 'addresses: {ipv4: …, ipv6: …}，或 snmp: {address: …}'),
  found: null,
};
const WRONG_FAMILY: Complaint = {
  code: 'snmp-family',
  problem: text('the device has no address of the family it is to be asked by', '设备没有所指定地址族的地址'),
  expected: text('"family" of an address that is there', '"family" 与已有地址一致'),
};
const notAsked = (local: string): Complaint => ({
  code: 'interface-without-snmp',
  problem: text(
    `nobody looks at the interfaces of "${local}": it is no device with "snmp"`,
    `"${local}" 的接口无人查看：它不是配置了 "snmp" 的设备`,
  ),
  expected: text('a device of this configuration with "snmp"', '本配置中带有 "snmp" 的设备'),
});
const interfaceTwice = (place: string): Complaint => ({
  severity: 'warning',
  code: 'interface-twice',
  problem: text('this interface is an end twice: its trouble would be that of both', '该接口被用作两个端点：其故障会同时计入两者'),
  expected: text(`an interface of its own; the first is at ${place}`, `各自不同的接口；首次出现在 ${place}`),
});
