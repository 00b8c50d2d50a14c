import { type Database, ObjectCache, readInventoryVersion } from '@beacontower/database';
import type { InventorySource } from './ports.ts';

/** The inventory in PostgreSQL; from the second time on only what changed is read. */
export function createInventorySource(database: Database): InventorySource {
  const cache = new ObjectCache();
  return { version: () => readInventoryVersion(database), load: () => cache.load(database) };
}
