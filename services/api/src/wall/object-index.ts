import { createHash } from 'node:crypto';
import {
  activeMaintenance,
  type Database,
  type IndexColumns,
  lastSequence,
  type MaintenanceCover,
  readIndexColumns,
  readInventoryVersion,
  type Scope,
} from '@beacontower/database';
import { OBJECT_CLASSES, OBJECT_KINDS, STATES } from '@beacontower/domain';

const MOST_OBJECTS = 200_000;

/** What an index is of: another one has another tag. */
export interface IndexVersion {
  readonly sequence: number;
  readonly inventoryVersion: number;
  readonly maintenance: readonly MaintenanceCover[];
  readonly tag: string;
}

/** Cheap beside the index itself. */
export async function readIndexVersion(db: Database, scope: Scope, now: number): Promise<IndexVersion> {
  // Before what it is about: what came meanwhile may be in it, what came before is.
  const [sequence, inventoryVersion, maintenance] = await Promise.all([
    lastSequence(db),
    readInventoryVersion(db),
    activeMaintenance(db, now),
  ]);
  const about = JSON.stringify([sequence, inventoryVersion, maintenance, [...scope].sort()]);
  return { sequence, inventoryVersion, maintenance, tag: `"${createHash('sha256').update(about).digest('base64url').slice(0, 27)}"` };
}

/** The JSON of an `ObjectIndex`: its columns come from the database as text and are put together as they are. */
export async function readObjectIndex(db: Database, scope: Scope, version: IndexVersion): Promise<string> {
  const { total, ...columns } = await readIndexColumns(db, scope, version.maintenance, MOST_OBJECTS);
  const head = {
    sequence: version.sequence,
    inventoryVersion: version.inventoryVersion,
    total,
    truncated: total > MOST_OBJECTS,
    kinds: OBJECT_KINDS,
    classes: OBJECT_CLASSES,
    states: STATES,
  };
  return `${JSON.stringify(head).slice(0, -1)},${columnsOf(columns)}}`;
}

function columnsOf(columns: Omit<IndexColumns, 'total'>): string {
  return Object.entries(columns)
    .map(([name, values]) => `"${name}":${values}`)
    .join(',');
}
