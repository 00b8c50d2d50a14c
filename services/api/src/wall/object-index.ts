import { createHash } from 'node:crypto';
import { activeMaintenance, type Database, lastSequence, readInventoryVersion, type Scope } from '@beacontower/database';
import type { RouteContext } from '../context.ts';
import { type IndexFacts, writeIndex } from './index-columns.ts';
import { KeptByScope } from './kept.ts';
import { PackedJson } from './packed.ts';

/** Scopes whose index is kept; of a hundred thousand objects each holds some ten megabytes. */
const MOST_SCOPES = 8;

type IndexContext = Pick<RouteContext, 'database' | 'objects'>;

/** What an index is of: another one has another tag. */
interface IndexVersion extends IndexFacts {
  readonly tag: string;
}

interface Kept {
  tag: string | null;
  json: Promise<PackedJson> | undefined;
}

/** Makes indexes: one a scope and state of affairs, however many ask. */
export class IndexReader {
  readonly #context: IndexContext;
  readonly #kept = new KeptByScope<Kept>(MOST_SCOPES, () => ({ tag: null, json: undefined }));

  constructor(context: IndexContext) {
    this.#context = context;
  }

  /** The tag of what is so now, and what makes the index of it when it is wanted. */
  async at(scope: Scope, now: number): Promise<{ tag: string; read: () => Promise<PackedJson> }> {
    const version = await readIndexVersion(this.#context.database, scope, now);
    return { tag: version.tag, read: () => this.#read(scope, version) };
  }

  #read(scope: Scope, version: IndexVersion): Promise<PackedJson> {
    const kept = this.#kept.of(scope);
    if (kept.tag === version.tag && kept.json !== undefined) return kept.json;
    const json = this.#context.objects.read().then((objects) => new PackedJson(writeIndex(objects, scope, version)));
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
