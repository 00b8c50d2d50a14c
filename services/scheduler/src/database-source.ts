import {
  type Database,
  readCheckKeys,
  readCurrentEntities,
  readInventoryVersion,
  readNodeIdentity,
  readObjects,
} from '@beacontower/database';
import { depthsOf, type InventorySource, type ScheduledCheck, type ScheduledInventory } from './inventory-source.ts';

/** The inventory as it lies in PostgreSQL. */
export function createDatabaseSource(database: Database): InventorySource {
  return { version: () => readInventoryVersion(database), load: () => load(database) };
}

async function load(database: Database): Promise<ScheduledInventory> {
  // The version first: should an apply come in between, the version seen is the older one and the next look loads again.
  const version = await readInventoryVersion(database);
  const identity = await readNodeIdentity(database);
  if (!identity) return { version, partitions: 1, checks: [], anchors: new Map() };
  const [objects, keys, zones] = await Promise.all([readObjects(database), readCheckKeys(database), readCurrentEntities(database, 'zone')]);
  const depths = depthsOf(new Map(objects.map(({ object }) => [object.id, object.dependency.parents])));
  const checks: ScheduledCheck[] = [];
  for (const { object } of objects) {
    const depth = depths.get(object.id) ?? 0;
    for (const check of object.checks) {
      if (check.kind !== 'icmp') continue;
      const { id, objectId, zone, address, policy } = check;
      const key = keys.get(id);
      if (key !== undefined) checks.push({ key, objectId, zone, address, policy, depth });
    }
  }
  return { version, partitions: identity.partitions, checks, anchors: new Map(zones.map((zone) => [zone.id, zone.anchors])) };
}
