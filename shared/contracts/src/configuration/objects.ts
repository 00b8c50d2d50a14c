/** Objects: references, parents, addresses and policies looked at, and the normalised bodies. */
import type { AddressFamily, IcmpPolicy, ObjectClass, ObjectKind } from '@beacontower/domain';
import type { ObjectBody } from '../entities.ts';
import type { Collected, Item } from './collect.ts';
import { combinationBody, type Links, readCombination, refuseCycles } from './composites.ts';
import { inheritParents } from './division-parents.ts';
import { type Fault, placeText, text } from './fault.ts';
import { resolvePolicy } from './policy.ts';
import type { References } from './references.ts';
import { PARENT_WORDS, type Rule, readRule } from './rules.ts';
import { ATTRIBUTE_KEYS, OBJECT_SECTIONS, type ObjectSection, type ObjectYaml } from './schema.ts';
import { createSnmpReader } from './snmp.ts';
import type { CheckTemplate } from './templates.ts';

const DEFAULT_CLASS: Readonly<Record<ObjectKind, ObjectClass>> = {
  device: 'backbone',
  circuit: 'backbone',
  'access-line': 'user-access',
  'internet-exit': 'internet-exit',
  service: 'other',
  site: 'other',
  interface: 'other',
};

export interface Surroundings {
  readonly collected: Collected;
  readonly references: References;
  readonly faults: Fault[];
  readonly nodeId: string;
  readonly nodeDivision: string;
  /** False when a file could not be understood: then what is missing may stand there, and is not complained of. */
  readonly complete: boolean;
  /** Absent: templates are not looked at. */
  readonly checkTemplate?: CheckTemplate;
}

type ObjectItem = Item<ObjectYaml>;

/** Bodies of all objects that are whole. Faults go to `around.faults`. */
export function readObjects(around: Surroundings): ObjectBody[] {
  const usual = usualPlace(around);
  const policyOf = policies(around);
  const snmp = createSnmpReader(around);
  const links = new Map<string, Links>();
  const addresses = new Map<string, { item: ObjectItem; family: string }>();
  const bodies: ObjectBody[] = [];
  for (const [section, kind] of Object.entries(OBJECT_SECTIONS) as [ObjectSection, ObjectKind][]) {
    for (const item of around.collected.items[section] as ObjectItem[]) {
      const yaml = item.value;
      if (yaml === null) continue;
      const dependency = readParents(around, item, yaml);
      const combination = readCombination(around, item, yaml);
      if (!links.has(yaml.id)) links.set(yaml.id, { item, parents: dependency.ids, members: combination?.ids ?? [] });
      const zone = yaml.zone === undefined ? usual.zone(item) : around.references.resolve('zone', yaml.zone, item, ['zone']);
      const policy = policyOf(yaml.policy);
      watchAddresses(around, item, yaml, addresses);
      const id = `${around.nodeId}:${yaml.id}`;
      const ends = endsOf(around, item, yaml);
      bodies.push({
        id,
        kind,
        name: yaml.name,
        division:
          yaml.division === undefined ? usual.division : (around.references.resolve('division', yaml.division, item, ['division']) ?? ''),
        class: yaml.class ?? DEFAULT_CLASS[kind],
        party: yaml.party === undefined ? usual.party : around.references.resolve('party', yaml.party, item, ['party']),
        servingRule: yaml.servingRule ?? 'any',
        dependency: { parents: dependency.ids.map((parent) => `${around.nodeId}:${parent}`), rule: dependency.rule },
        checks: [
          ...icmpChecks(id, yaml, zone ?? '', policy),
          ...snmp.agent(item, yaml, id, zone ?? ''),
          ...snmp.ends(item, yaml, id, ends),
        ],
        weight: yaml.weight ?? 1,
        runbook: yaml.runbook ?? null,
        ...(combination === null ? {} : { combines: combinationBody(combination, around.nodeId) }),
        attributes: attributesOf(around, yaml, ends),
      });
    }
  }
  refuseCycles(around, links);
  return inheritParents(around, bodies, links);
}

/** What an object gets when it does not say: `defaults`, then the node's division and the first zone. */
function usualPlace(around: Surroundings) {
  const { collected, references, faults } = around;
  const item = collected.defaults;
  const defaults = item?.value ?? null;
  const named = (kind: 'zone' | 'party' | 'division', name: string | undefined) =>
    item === null || name === undefined ? null : references.resolve(kind, name, item, [kind]);
  const zone = named('zone', defaults?.zone) ?? collected.items.zones[0]?.id ?? null;
  let said = false;
  return {
    division: named('division', defaults?.division) ?? around.nodeDivision,
    party: named('party', defaults?.party),
    zone: (object: ObjectItem): string | null => {
      const probed = object.value?.addresses !== undefined ? 'addresses' : object.value?.snmp !== undefined ? 'snmp' : null;
      if (zone === null && !said && around.complete && probed !== null) {
        said = true;
        faults.push(object.document.fault([...object.path, probed], NO_ZONE));
      }
      return zone;
    },
  };
}

/** Resolved policies, one object for each distinct override, so that ten thousand equal ones cost nothing. */
function policies(around: Surroundings) {
  const defaults = around.collected.defaults?.value?.policy;
  const usual = resolvePolicy(undefined, defaults);
  return (own: ObjectYaml['policy']): IcmpPolicy => (own === undefined ? usual : resolvePolicy(own, defaults));
}

function icmpChecks(id: string, yaml: ObjectYaml, zone: string, policy: IcmpPolicy): ObjectBody['checks'] {
  const families: [AddressFamily, string | undefined][] = [
    [4, yaml.addresses?.ipv4],
    [6, yaml.addresses?.ipv6],
  ];
  return families.flatMap(([family, address]) =>
    address === undefined
      ? []
      : [{ id: `${id}/icmp${family}`, objectId: id, kind: 'icmp' as const, family, address, zone, policy: { ...policy } }],
  );
}

/** The local ids of the objects at the ends of a circuit; null where there is none. */
function endsOf(around: Surroundings, item: ObjectItem, yaml: ObjectYaml): (string | null)[] {
  return (yaml.ends ?? []).map((end, i) =>
    'object' in end ? around.references.resolve('object', end.object, item, ['ends', i, 'object']) : null,
  );
}

function attributesOf(around: Surroundings, yaml: ObjectYaml, ends: readonly (string | null)[]): Record<string, string> {
  const attributes: Record<string, string> = { ...yaml.facts };
  for (const key of ATTRIBUTE_KEYS) {
    const value = yaml[key];
    if (typeof value === 'string') attributes[key] = value;
  }
  yaml.ends?.forEach((end, i) => {
    const name = `end${i + 1}`;
    const local = ends[i] ?? null;
    if ('place' in end) attributes[name] = end.place;
    else if (local !== null) attributes[name] = `${around.nodeId}:${local}${end.interface === undefined ? '' : `/${end.interface}`}`;
  });
  return attributes;
}

function readParents(around: Surroundings, item: ObjectItem, yaml: ObjectYaml): Rule {
  return yaml.parents === undefined ? { ids: [], rule: { require: 'any' } } : readRule(around, item, 'parents', yaml.parents, PARENT_WORDS);
}

function watchAddresses(
  around: Surroundings,
  item: ObjectItem,
  yaml: ObjectYaml,
  seen: Map<string, { item: ObjectItem; family: string }>,
): void {
  const given = [
    ['ipv4', yaml.addresses?.ipv4],
    ['ipv6', yaml.addresses?.ipv6],
  ] as const;
  const entries = given.flatMap(([family, address]) => (address === undefined ? [] : [{ family, address }]));
  const isOtherwiseWatched = yaml.snmp !== undefined || yaml.ends?.some((end) => 'object' in end && end.interface !== undefined) === true;
  const isWatched = entries.length > 0 || isOtherwiseWatched || yaml.combines !== undefined;
  if (!isWatched && item.whole && !item.path.includes('sites')) {
    around.faults.push(item.document.fault(item.path, NOT_WATCHED));
  }
  for (const { family, address } of entries) {
    const first = seen.get(address);
    if (first === undefined) {
      seen.set(address, { item, family });
      continue;
    }
    const place = placeText(first.item.document.locate([...first.item.path, 'addresses', first.family]));
    around.faults.push(
      item.document.fault([...item.path, 'addresses', family], {
        severity: 'warning',
        code: 'duplicate-address',
        problem: text(
          `two objects have this address: "${first.item.id}" and "${yaml.id}"`,
          `两个对象使用同一地址："${first.item.id}" 与 "${yaml.id}"`,
        ),
        expected: text(`an address of its own; the first is at ${place}`, `各自不同的地址；首次出现在 ${place}`),
      }),
    );
  }
}

const NO_ZONE = {
  code: 'no-zone',
  problem: text('no zone is defined, so nothing can be probed', '未定义探测区，无法探测'),
  expected: text('a section "zones:" with at least one zone and its anchors', '"zones:" 段中至少一个探测区及其锚点'),
  found: null,
};
const NOT_WATCHED = {
  severity: 'warning' as const,
  code: 'not-watched',
  problem: text('the object has no address, so it is never looked at', '对象没有地址，不会被探测'),
  expected: text('addresses: {ipv4: …, ipv6: …}', 'addresses: {ipv4: …, ipv6: …}'),
  found: null,
};
