import { type Database, readCheckKeys, readInventoryVersion, readObjects } from '@beacontower/database';
import type { InventorySource } from './ports.ts';

/**
 * The inventory in PostgreSQL. The version is read first: should another be applied meanwhile, its entry in the stream
 * makes the pipeline load again.
 */
export function createInventorySource(database: Database): InventorySource {
  return {
    version: () => readInventoryVersion(database),
    async load() {
      const version = await readInventoryVersion(database);
      const [objects, keys] = [await readObjects(database), await readCheckKeys(database)];
      return { version, objects: objects.map((item) => item.object), keys };
    },
  };
}
