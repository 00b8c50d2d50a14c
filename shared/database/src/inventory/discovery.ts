/** What devices were seen to have: interface objects and what devices say of themselves (origin `discovery`). */
import { ENTITY_SCHEMAS, type SeenDeviceBody, SeenDeviceBody as SeenDeviceSchema } from '@beacontower/contracts';
import { type InterfaceChange, type MonitoredObject, type SettledInterfaces, settleInterfaces } from '@beacontower/domain';
import { assertLeases, type Lease } from '../lease.ts';
import { appendLog, type NewLogEntry } from '../log.ts';
import type { Database, Queryable, Transaction } from '../pool.ts';
import { canonical } from './difference.ts';
import { readNodeIdentity } from './identity.ts';
import { readInventoryVersion } from './read.ts';
import { type ApplyOptions, type FreshEntity, finishChange, lockInventory, type VersionChanges, writeVersions } from './write.ts';

/** What is to be settled. */
export interface Discovery {
  /** What devices were seen to have, by device. */
  readonly seen: ReadonlyMap<string, SeenDeviceBody>;
  /** Devices of which nothing new was seen, but whose interfaces may have to be others: their configuration changed, time passed. */
  readonly again: readonly string[];
}

export interface DiscoveryOptions extends ApplyOptions {
  /** Whoever does not hold it any more changes nothing (`FencedOut`). */
  readonly lease: Lease;
}

/** `applied` is false when nothing had to be written; `version` is the inventory's after the call. */
export interface DiscoveryResult {
  readonly applied: boolean;
  readonly version: number;
  readonly partitions: number;
  readonly changes: readonly InterfaceChange[];
  /** Devices that were seen and are not in the inventory, or not asked by SNMP there. */
  readonly unknown: readonly string[];
  /** Devices of which something was written. */
  readonly changed: readonly string[];
}

/**
 * Brings the interface objects of the named devices, and of these alone, to what was seen and what the configuration says now: one
 * transaction, one version of the inventory. Idempotent. After it resolves with `applied`, tell the partitions (`InventoryChanged`).
 */
export function applyDiscovery(db: Database, discovery: Discovery, options: DiscoveryOptions): Promise<DiscoveryResult> {
  return db.transaction(async (tx) => {
    const now = await lockInventory(tx, options.now);
    await assertLeases(tx, [options.lease]);
    const identity = await readNodeIdentity(tx);
    const version = await readInventoryVersion(tx);
    const devices = [...new Set([...discovery.seen.keys(), ...discovery.again])];
    const stored = await readStored(tx, devices);
    const outcome = settleAll(devices, discovery.seen, stored, now);
    const { versions, changes, unknown, changed } = outcome;
    const partitions = identity?.partitions ?? 0;
    if (versions.added.length + versions.changed.length + versions.retired.length === 0)
      return { applied: false, version, partitions, changes: [], unknown, changed };
    const done = { ...options, now };
    const counts = await writeVersions(tx, versions, done);
    await finishChange(tx, { action: 'inventory.discover', version: version + 1, counts }, done);
    await appendLog(
      tx,
      changes.map((change) => logEntry(change, now)),
      now,
    );
    return { applied: true, version: version + 1, partitions, changes, unknown, changed };
  });
}

/** What is stored of the devices. */
interface Stored {
  readonly devices: ReadonlyMap<string, MonitoredObject>;
  readonly tables: ReadonlyMap<string, SeenDeviceBody>;
  readonly interfaces: ReadonlyMap<string, readonly MonitoredObject[]>;
  readonly ends: ReadonlyMap<string, ReadonlySet<string>>;
}

interface ToldChange extends InterfaceChange {
  readonly device: string;
}

interface Outcome {
  readonly versions: VersionChanges & { added: FreshEntity[]; changed: FreshEntity[]; retired: FreshEntity[] };
  readonly changes: ToldChange[];
  readonly unknown: string[];
  readonly changed: string[];
}

function settleAll(devices: readonly string[], seen: ReadonlyMap<string, SeenDeviceBody>, stored: Stored, now: number): Outcome {
  const outcome = {
    versions: { added: [], changed: [], retired: [], origin: 'discovery' },
    changes: [],
    unknown: [],
    changed: [],
  } as Outcome;
  for (const id of devices) {
    const device = stored.devices.get(id) ?? null;
    const asked = device?.checks.some((check) => check.kind === 'snmp') ?? false;
    if (!asked && seen.has(id)) outcome.unknown.push(id);
    const before = stored.tables.get(id);
    const table = seen.get(id) ?? before;
    const known = stored.interfaces.get(id) ?? [];
    const ends = stored.ends.get(id) ?? new Set<string>();
    const settled = settleInterfaces({ device, table: table?.interfaces ?? null, known, ends, now });
    const wrote = [writeDevice(outcome, before, asked ? table : undefined), writeInterfaces(outcome, known, settled)];
    if (wrote.includes(true)) outcome.changed.push(id);
    for (const change of settled.changes) outcome.changes.push({ ...change, device: id });
  }
  return outcome;
}

function writeDevice({ versions }: Outcome, before: SeenDeviceBody | undefined, after: SeenDeviceBody | undefined): boolean {
  const entity = (body: SeenDeviceBody): FreshEntity => ({ entity: 'seen-device', id: body.id, body });
  if (after === undefined) {
    if (before) versions.retired.push(entity(before));
    return before !== undefined;
  }
  if (before === undefined) versions.added.push(entity(after));
  else if (canonical(before) === canonical(after)) return false;
  else versions.changed.push(entity(after));
  return true;
}

function writeInterfaces({ versions }: Outcome, known: readonly MonitoredObject[], settled: SettledInterfaces): boolean {
  const before = new Map(known.map((object) => [object.id, object]));
  const entity = (object: MonitoredObject): FreshEntity => ({ entity: 'object', id: object.id, body: object as FreshEntity['body'] });
  let wrote = false;
  for (const object of settled.objects) {
    const old = before.get(object.id);
    if (old !== undefined && canonical(old) === canonical(object)) continue;
    wrote = true;
    (old === undefined ? versions.added : versions.changed).push(entity(object));
  }
  for (const id of settled.retired) {
    const old = before.get(id);
    if (old) versions.retired.push(entity(old));
  }
  return wrote || settled.retired.length > 0;
}

function logEntry({ device, object, change, name, before }: ToldChange, now: number): NewLogEntry {
  return { kind: 'interface', subject: object, body: { device, object, change, name, before }, eventAt: now };
}

const CURRENT = 'superseded_at IS NULL AND valid_to IS NULL';

async function readStored(tx: Transaction, devices: readonly string[]): Promise<Stored> {
  const bodies = async (where: string) =>
    (await tx.query<{ body: unknown }>(`SELECT body FROM inventory WHERE ${where} AND ${CURRENT} ORDER BY id`, [devices])).rows;
  const objects = (await bodies("entity = 'object' AND remote IS NULL AND id = ANY ($1::text[])")).map(({ body }) =>
    ENTITY_SCHEMAS.object.parse(body),
  );
  const tables = (await bodies("entity = 'seen-device' AND id = ANY ($1::text[])")).map(({ body }) => SeenDeviceSchema.parse(body));
  const interfaces = new Map<string, MonitoredObject[]>();
  for (const { body } of await bodies(`${INTERFACES} AND body -> 'dependency' -> 'parents' ?| $1::text[]`)) {
    const object: MonitoredObject = ENTITY_SCHEMAS.object.parse(body);
    const device = object.dependency.parents[0] ?? '';
    const list = interfaces.get(device);
    if (list) list.push(object);
    else interfaces.set(device, [object]);
  }
  return {
    devices: new Map(objects.map((object) => [object.id, object])),
    tables: new Map(tables.map((table) => [table.id, table])),
    interfaces,
    ends: await readEnds(tx),
  };
}

const INTERFACES = "entity = 'object' AND kind = 'interface' AND origin = 'discovery'";

/** The names of interfaces that are ends of circuits, by device. */
async function readEnds(db: Queryable): Promise<Map<string, Set<string>>> {
  const result = await db.query<{ device: string; name: string }>(
    `SELECT c ->> 'device' AS device, c ->> 'ifName' AS name FROM inventory, jsonb_array_elements(body -> 'checks') AS c
     WHERE entity = 'object' AND kind <> 'interface' AND remote IS NULL AND ${CURRENT} AND c ->> 'kind' = 'interface'`,
  );
  const ends = new Map<string, Set<string>>();
  for (const { device, name } of result.rows) {
    const names = ends.get(device);
    if (names) names.add(name);
    else ends.set(device, new Set([name]));
  }
  return ends;
}

/**
 * Everything but their tables that the interface objects of devices follow from, as one text a device, to tell whether it changed: of
 * devices that are asked by SNMP, and of those that are not (any more) and still have something of the discovery's.
 */
export async function readDiscoveryBasis(db: Queryable): Promise<Map<string, string>> {
  const ends = await readEnds(db);
  const result = await db.query<{ id: string; basis: unknown }>(
    `SELECT i.id, jsonb_build_array(i.name, i.division, i.body -> 'party', i.body -> 'runbook', i.body -> 'attributes' -> 'nameEn', c -> 'interfaces') AS basis
     FROM inventory i, jsonb_array_elements(i.body -> 'checks') AS c
     WHERE i.entity = 'object' AND i.remote IS NULL AND i.${CURRENT.replace('valid_to', 'i.valid_to')} AND c ->> 'kind' = 'snmp'`,
  );
  const basis = new Map(result.rows.map((row) => [row.id, `${canonical(row.basis)} ${[...(ends.get(row.id) ?? [])].sort().join('\n')}`]));
  const left = await db.query<{ device: string }>(
    `SELECT DISTINCT id AS device FROM inventory WHERE entity = 'seen-device' AND ${CURRENT}
     UNION SELECT DISTINCT body -> 'dependency' -> 'parents' ->> 0 FROM inventory WHERE ${INTERFACES} AND ${CURRENT}`,
  );
  for (const { device } of left.rows) if (!basis.has(device)) basis.set(device, '');
  return basis;
}

/** Devices with an interface that vanished before `moment` (epoch ms). */
export async function readDevicesWithVanished(db: Queryable, moment: number): Promise<string[]> {
  const result = await db.query<{ device: string }>(
    `SELECT DISTINCT body -> 'dependency' -> 'parents' ->> 0 AS device FROM inventory
     WHERE ${INTERFACES} AND ${CURRENT} AND body -> 'attributes' ->> 'vanishedAt' <= $1`,
    [new Date(moment).toISOString()],
  );
  return result.rows.map((row) => row.device);
}
