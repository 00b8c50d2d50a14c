/** The current objects of this node and keys of checks, kept by a reader that needs them anew at every change of the inventory. */
import { ENTITY_SCHEMAS } from '@beacontower/contracts';
import type { MonitoredObject } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { readInventoryVersion } from './read.ts';

/** One version of the inventory, or a little more: what was applied while it was read may be in it too. */
export interface CurrentObjects {
  readonly version: number;
  /** By id. */
  readonly objects: readonly MonitoredObject[];
  /** Check id → key, of every check there ever was. */
  readonly keys: ReadonlyMap<string, number>;
}

interface Row {
  readonly id: string;
  /** Null when the version has ended: the entity is gone unless another row says how it goes on. */
  readonly body: unknown;
  readonly [column: string]: unknown;
}

/**
 * Reads whole the first time, and from then on only the rows written since: while interfaces are being discovered the inventory has
 * another version every few seconds, and reading 25,000 objects takes a third of a second. Rows are written under one lock, so
 * that their numbers come in the order of the commits; none is ever changed but to be superseded. Objects of other nodes are left out:
 * whoever has this cache plans, judges or correlates, and their node has done that (decision 0026).
 */
export class ObjectCache {
  #objects = new Map<string, MonitoredObject>();
  #keys = new Map<string, number>();
  #sorted: readonly MonitoredObject[] = [];
  #version = 0;
  #lastRow = 0;
  #lastKey = 0;

  async load(db: Queryable): Promise<CurrentObjects> {
    // The version first: should a change come in between, the version is the older one and the next load brings nothing new.
    const version = await readInventoryVersion(db);
    if (version < this.#version) this.#forget();
    await this.#readObjects(db);
    await this.#readKeys(db);
    this.#version = version;
    return { version, objects: this.#sorted, keys: this.#keys };
  }

  async #readObjects(db: Queryable): Promise<void> {
    // Rows of other nodes come by the hundred thousand: they are passed over once and not at every reading.
    const newest = await db.query<{ last: number | null }>('SELECT max(row_id) AS last FROM inventory');
    const last = newest.rows[0]?.last ?? 0;
    if (last <= this.#lastRow) return;
    const { rows } = await db.query<Row>(
      `SELECT id, CASE WHEN valid_to IS NULL THEN body END AS body FROM inventory
       WHERE entity = 'object' AND superseded_at IS NULL AND row_id > $1 AND row_id <= $2 AND ($1 > 0 OR valid_to IS NULL) AND origin <> 'import'
         AND remote IS NULL ORDER BY row_id`,
      [this.#lastRow, last],
    );
    this.#lastRow = last;
    if (rows.length === 0) return;
    // A changed object has two rows: the end of what was, and what is. The second has the higher number. A row of an import is of the
    // past, whatever its number.
    const next = new Map(this.#objects);
    for (const { id, body } of rows) {
      if (body === null) next.delete(id);
      else next.set(id, ENTITY_SCHEMAS.object.parse(body));
    }
    this.#objects = next;
    this.#sorted = [...next.values()].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  }

  async #readKeys(db: Queryable): Promise<void> {
    const { rows } = await db.query<{ id: string; key: number }>('SELECT id, key FROM checks WHERE key > $1 ORDER BY key', [this.#lastKey]);
    if (rows.length === 0) return;
    // What was handed out stays as it was.
    this.#keys = new Map(this.#keys);
    for (const { id, key } of rows) this.#keys.set(id, key);
    this.#lastKey = rows.at(-1)?.key ?? this.#lastKey;
  }

  #forget(): void {
    this.#objects = new Map();
    this.#keys = new Map();
    this.#sorted = [];
    this.#lastRow = 0;
    this.#lastKey = 0;
  }
}
