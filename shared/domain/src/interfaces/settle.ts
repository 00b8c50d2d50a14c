import { type MonitoredObject, snmpChecks } from '../inventory.ts';
import { type KnownInterface, reconcileInterfaces } from './reconcile.ts';
import type { TableRow } from './seen.ts';
import { createSelector } from './select.ts';

/** How long an interface that a device no longer has stays in the inventory, ms. */
export const VANISHED_STAYS_MS = 7 * 86_400_000;

/**
 * So many of those stay at once; a whole table has no more. Sessions that come and go as interfaces, each under a name of its own, would
 * otherwise fill the inventory. One that left early and comes back is the same object again, as its id is.
 */
export const MOST_VANISHED = 5_000;

/** What a device's interface objects are made of. */
export interface InterfaceBasis {
  /** The device as it is in the inventory; null when it is not (any more). */
  readonly device: MonitoredObject | null;
  /** The interface table as it was seen last; null when it never was. Names are unique. */
  readonly table: readonly TableRow[] | null;
  /** The interface objects there are of the device. */
  readonly known: readonly MonitoredObject[];
  /** Names of the device's interfaces that are ends of circuits: those speak for them, so that one cut is one incident. */
  readonly ends: ReadonlySet<string>;
  readonly now: number;
}

/** Something to be told about one interface. */
export interface InterfaceChange {
  readonly object: string;
  readonly change: 'appeared' | 'renamed' | 'vanished' | 'returned' | 'retired';
  readonly name: string;
  /** The name before a renaming. */
  readonly before: string | null;
}

/** The interface objects a device shall have, those that leave, and what is to be told. */
export interface SettledInterfaces {
  readonly objects: readonly MonitoredObject[];
  readonly retired: readonly string[];
  readonly changes: readonly InterfaceChange[];
}

interface Known extends KnownInterface {
  readonly object: MonitoredObject;
  readonly descr: string;
  readonly vanishedAt: string | null;
}

/**
 * Brings the interface objects of a device to what its table, its selection and the circuits say (decision 0010). The same basis
 * gives the same objects again. A device that is not asked by SNMP (any more) has none.
 */
export function settleInterfaces({ device, table, known, ends, now }: InterfaceBasis): SettledInterfaces {
  const agent = device && snmpChecks([device]).get(device.id);
  const before = known.map(knownOf);
  if (!device || !agent)
    return {
      objects: [],
      retired: known.map(({ id }) => id),
      changes: before.map(({ object, name }) => changeOf(object.id, 'retired', name)),
    };
  if (table === null) return { objects: known, retired: [], changes: [] };
  const select = createSelector(agent.interfaces);
  const settled = new Settled(device, (row) => select(row) === 'watched' && !ends.has(row.name));
  const { kept, renamed, appeared, vanished } = reconcileInterfaces(before, table);
  for (const { known: one, row } of [...kept, ...renamed]) {
    if (select(row) === 'ignored') settled.retire(one);
    else settled.keep(one, row);
  }
  const leaving = leavingOf(vanished, (one) => select(one) === 'watched', now);
  for (const one of vanished) {
    if (leaving.has(one) || select(one) === 'ignored') settled.retire(one);
    else settled.miss(one, now);
  }
  for (const row of appeared) if (select(row) !== 'ignored') settled.add(row);
  return settled;
}

/** Those that vanished long ago; and of too many those that are not watched before those that are, the longest gone first. */
function leavingOf(vanished: readonly Known[], watched: (one: Known) => boolean, now: number): Set<Known> {
  const gone = vanished.map((one) => ({ one, watched: watched(one), at: one.vanishedAt === null ? now : Date.parse(one.vanishedAt) }));
  const worth = [...gone].sort((a, b) => Number(b.watched) - Number(a.watched) || b.at - a.at);
  return new Set(worth.filter(({ at }, place) => place >= MOST_VANISHED || now - at >= VANISHED_STAYS_MS).map(({ one }) => one));
}

class Settled implements SettledInterfaces {
  readonly objects: MonitoredObject[] = [];
  readonly retired: string[] = [];
  readonly changes: InterfaceChange[] = [];
  readonly #device: MonitoredObject;
  readonly #watched: (row: TableRow) => boolean;
  readonly #taken = new Set<string>();

  constructor(device: MonitoredObject, watched: (row: TableRow) => boolean) {
    this.#device = device;
    this.#watched = watched;
  }

  keep(known: Known, row: TableRow): void {
    const { id } = known.object;
    this.#put(id, row, null);
    if (known.name !== row.name) this.changes.push({ ...changeOf(id, 'renamed', row.name), before: known.name });
    if (known.vanishedAt !== null) this.changes.push(changeOf(id, 'returned', row.name));
  }

  miss(known: Known, now: number): void {
    const { attributes, id } = known.object;
    const row: TableRow = {
      index: Number(attributes.ifIndex ?? 0),
      name: known.name,
      alias: known.alias,
      descr: known.descr,
      type: Number(attributes.ifType ?? 0),
      speed: Number(attributes.ifHighSpeed ?? 0),
    };
    this.#put(id, row, known.vanishedAt ?? new Date(now).toISOString());
    if (known.vanishedAt === null) this.changes.push(changeOf(id, 'vanished', known.name));
  }

  add(row: TableRow): void {
    const id = freeId(this.#device.id, row.name, this.#taken);
    this.#put(id, row, null);
    this.changes.push(changeOf(id, 'appeared', row.name));
  }

  retire({ object, name }: Known): void {
    this.retired.push(object.id);
    this.#taken.add(object.id);
    this.changes.push(changeOf(object.id, 'retired', name));
  }

  #put(id: string, row: TableRow, vanishedAt: string | null): void {
    this.#taken.add(id);
    this.objects.push(interfaceObject(id, this.#device, row, { quiet: !this.#watched(row), vanishedAt }));
  }
}

function interfaceObject(
  id: string,
  device: MonitoredObject,
  row: TableRow,
  { quiet, vanishedAt }: { quiet: boolean; vanishedAt: string | null },
): MonitoredObject {
  const { nameEn } = device.attributes;
  const attributes = {
    ...(nameEn === undefined ? {} : { nameEn: `${nameEn} ${row.name}` }),
    ifIndex: String(row.index),
    ifName: row.name,
    ...(row.alias === '' ? {} : { ifAlias: row.alias }),
    ...(row.descr === '' ? {} : { ifDescr: row.descr }),
    ifType: String(row.type),
    ...(row.speed === 0 ? {} : { ifHighSpeed: String(row.speed) }),
    ...(vanishedAt === null ? {} : { vanishedAt }),
  };
  return {
    id,
    kind: 'interface',
    name: `${device.name} ${row.name}`,
    division: device.division,
    class: 'other',
    party: device.party,
    servingRule: 'all',
    dependency: { parents: [device.id], rule: { require: 'any' } },
    checks: [{ id: `${id}/status`, objectId: id, kind: 'interface', device: device.id, ifName: row.name }],
    weight: 1,
    runbook: device.runbook,
    ...(quiet ? { quiet: true } : {}),
    attributes,
  };
}

function knownOf(object: MonitoredObject): Known {
  const { attributes } = object;
  const check = object.checks.find((each) => each.kind === 'interface');
  return {
    object,
    name: check?.ifName ?? attributes.ifName ?? object.id,
    alias: attributes.ifAlias ?? '',
    descr: attributes.ifDescr ?? '',
    vanishedAt: attributes.vanishedAt ?? null,
  };
}

function changeOf(object: string, change: InterfaceChange['change'], name: string): InterfaceChange {
  return { object, change, name, before: null };
}

/** Names of checks: an object called like one would be taken for it. */
const NAMES_OF_CHECKS = /(^|\/)(icmp4|icmp6|snmp|status|end1|end2)$/i;

/** `<device>/<name>`, with as many `~` behind as it takes to be no other object's and no check's. */
function freeId(device: string, name: string, taken: ReadonlySet<string>): string {
  let id = `${device}/${name}`;
  if (NAMES_OF_CHECKS.test(name)) id += '~';
  while (taken.has(id)) id += '~';
  return id;
}
