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
import { KeptByScope } from './kept.ts';
import { PackedJson } from './packed.ts';

const MOST_OBJECTS = 200_000;

/** Scopes whose index is kept; of a hundred thousand objects each holds some ten megabytes. */
const MOST_SCOPES = 8;

/** What an index is of: another one has another tag. */
interface IndexVersion {
  readonly sequence: number;
  readonly inventoryVersion: number;
  readonly maintenance: readonly MaintenanceCover[];
  readonly tag: string;
}

interface Kept {
  tag: string | null;
  json: Promise<PackedJson> | undefined;
}

/** Makes indexes: one a scope and state of affairs, however many ask. */
export class IndexReader {
  readonly #db: Database;
  readonly #kept = new KeptByScope<Kept>(MOST_SCOPES, () => ({ tag: null, json: undefined }));

  constructor(db: Database) {
    this.#db = db;
  }

  /** The tag of what is so now, and what makes the index of it when it is wanted. */
  async at(scope: Scope, now: number): Promise<{ tag: string; read: () => Promise<PackedJson> }> {
    const version = await readIndexVersion(this.#db, scope, now);
    return { tag: version.tag, read: () => this.#read(scope, version) };
  }

  #read(scope: Scope, version: IndexVersion): Promise<PackedJson> {
    const kept = this.#kept.of(scope);
    if (kept.tag === version.tag && kept.json !== undefined) return kept.json;
    const json = readObjectIndex(this.#db, scope, version).then((text) => new PackedJson(text));
    kept.tag = version.tag;
    kept.json = json;
    json.catch(() => {
      // Whoever asks next tries again.
      if (kept.json === json) kept.tag = null;
    });
    return json;
  }
}

/** Cheap beside the index itself. */
async function readIndexVersion(db: Database, scope: Scope, now: number): Promise<IndexVersion> {
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
async function readObjectIndex(db: Database, scope: Scope, version: IndexVersion): Promise<string> {
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
