import { createHash } from 'node:crypto';
import { activeMaintenance, lastSequence, readInventoryVersion, type Scope } from '@beacontower/database';
import { believedNow } from '../believed-now.ts';
import type { RouteContext } from '../context.ts';
import { type IndexFacts, writeIndex } from './index-columns.ts';
import { KeptByScope } from './kept.ts';
import { PackedJson } from './packed.ts';

/** Scopes whose index is kept; of a hundred thousand objects each holds some ten megabytes. */
const MOST_SCOPES = 8;

type IndexContext = Pick<RouteContext, 'database' | 'objects' | 'clock'>;

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
    const version = await readIndexVersion(this.#context, scope, now);
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
async function readIndexVersion(context: IndexContext, scope: Scope, now: number): Promise<IndexVersion> {
  const { database: db } = context;
  // Before what it is about: what came meanwhile may be in it, what came before is.
  const [sequence, inventoryVersion, maintenance, believed] = await Promise.all([
    lastSequence(db),
    readInventoryVersion(db),
    activeMaintenance(db, now),
    believedNow(context),
  ]);
  // That a node is not heard any more is told by no entry of the log.
  const silent = [...believed.nodes.pinged, ...believed.nodes.asked];
  const about = JSON.stringify([sequence, inventoryVersion, maintenance, [...scope].sort(), silent]);
  return {
    sequence,
    inventoryVersion,
    maintenance,
    believed,
    tag: `"${createHash('sha256').update(about).digest('base64url').slice(0, 27)}"`,
  };
}
