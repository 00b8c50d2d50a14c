import {
  type Database,
  ObjectCache,
  type Queryable,
  readCurrentEntities,
  readInventoryVersion,
  readNodeIdentity,
} from '@beacontower/database';
import type { MonitoredObject } from '@beacontower/domain';
import {
  depthsOf,
  type InventorySource,
  type ScheduledAgent,
  type ScheduledCheck,
  type ScheduledInterface,
  type ScheduledInventory,
} from './inventory-source.ts';

/** The inventory as it lies in PostgreSQL; from the second time on only the objects that changed are read. */
export function createDatabaseSource(database: Database): InventorySource {
  const cache = new ObjectCache();
  return { version: () => readInventoryVersion(database), load: () => load(database, cache) };
}

async function load(database: Database, cache: ObjectCache): Promise<ScheduledInventory> {
  // The version first: should an apply come in between, the version seen is the older one and the next look loads again.
  const { version, objects, keys } = await cache.load(database);
  const identity = await readNodeIdentity(database);
  const nothing = { checks: [], agents: [], interfaces: [], credentials: new Map(), anchors: new Map() };
  if (!identity) return { version, partitions: 1, ...nothing };
  const [zones, credentials, digests] = await Promise.all([
    readCurrentEntities(database, 'zone'),
    readCurrentEntities(database, 'credential'),
    readDigests(database),
  ]);
  return {
    version,
    partitions: identity.partitions,
    ...checksOf(objects, keys, digests),
    credentials: new Map(credentials.map((credential) => [credential.id, credential])),
    anchors: new Map(zones.map((zone) => [zone.id, zone.anchors])),
  };
}

/** The digest of each device's interface table. The tables themselves, thousands of rows, are not of interest here. */
async function readDigests(db: Queryable): Promise<Map<string, string>> {
  const result = await db.query<{ id: string; digest: string }>(
    `SELECT id, body ->> 'digest' AS digest FROM inventory
     WHERE entity = 'seen-device' AND superseded_at IS NULL AND valid_to IS NULL`,
  );
  return new Map(result.rows.map((row) => [row.id, row.digest]));
}

/** The checks of all objects by the kind of round that takes them; one without a key is not yet in the record and left out. */
function checksOf(
  objects: readonly MonitoredObject[],
  keys: ReadonlyMap<string, number>,
  digests: ReadonlyMap<string, string>,
): Pick<ScheduledInventory, 'checks' | 'agents' | 'interfaces'> {
  const depths = depthsOf(new Map(objects.map((object) => [object.id, object.dependency.parents])));
  const checks: ScheduledCheck[] = [];
  const agents: ScheduledAgent[] = [];
  const interfaces: ScheduledInterface[] = [];
  for (const object of objects) {
    const depth = depths.get(object.id) ?? 0;
    for (const check of object.checks) {
      const key = keys.get(check.id);
      if (key === undefined) continue;
      const { objectId } = check;
      if (check.kind === 'interface') interfaces.push({ key, objectId, device: check.device, ifName: check.ifName });
      else if (check.kind === 'icmp') checks.push({ key, objectId, zone: check.zone, address: check.address, policy: check.policy, depth });
      else {
        const { zone, address, port, credential, policy } = check;
        agents.push({ key, objectId, zone, address, port, credential, policy, depth, digest: digests.get(objectId) ?? null });
      }
    }
  }
  return { checks, agents, interfaces };
}
