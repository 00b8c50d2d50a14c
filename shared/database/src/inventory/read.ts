/** Readers of the inventory: what is so now, what was so at a moment, and since when. */
import { ENTITY_SCHEMAS, type EntityBody, type EntityKind } from '@beacontower/contracts';
import type { MonitoredObject } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import type { Origin } from './plan.ts';

/** The version of the inventory as a whole; 0 before the first apply. */
export async function readInventoryVersion(db: Queryable): Promise<number> {
  const result = await db.query<{ version: number }>('SELECT version FROM inventory_version');
  return result.rows[0]?.version ?? 0;
}

/** All current entities of one sort, by id. */
export async function readCurrentEntities<K extends EntityKind>(db: Queryable, entity: K): Promise<EntityBody<K>[]> {
  const result = await db.query<{ body: unknown }>(
    'SELECT body FROM inventory WHERE entity = $1 AND superseded_at IS NULL AND valid_to IS NULL ORDER BY id',
    [entity],
  );
  const schema = ENTITY_SCHEMAS[entity];
  return result.rows.map((row) => schema.parse(row.body) as EntityBody<K>);
}

/** An object with the version it comes from. Times are epoch ms, half-open; `validTo` null: still so. */
export interface ObjectVersion {
  readonly object: MonitoredObject;
  readonly origin: Origin;
  readonly validFrom: number;
  readonly validTo: number | null;
}

interface VersionRow {
  readonly body: unknown;
  readonly origin: Origin;
  readonly validFrom: number;
  readonly validTo: number | null;
  readonly [column: string]: unknown;
}

const VERSION = 'SELECT id, body, origin, valid_from AS "validFrom", valid_to AS "validTo" FROM inventory';

function versionOf({ body, origin, validFrom, validTo }: VersionRow): ObjectVersion {
  return { object: ENTITY_SCHEMAS.object.parse(body), origin, validFrom, validTo };
}

/** All current objects of this node, by id. */
export async function readObjects(db: Queryable): Promise<ObjectVersion[]> {
  const result = await db.query<VersionRow>(
    `${VERSION} WHERE entity = 'object' AND remote IS NULL AND superseded_at IS NULL AND valid_to IS NULL ORDER BY id`,
  );
  return result.rows.map(versionOf);
}

/** The key of every check there ever was, by check id. */
export async function readCheckKeys(db: Queryable): Promise<Map<string, number>> {
  const result = await db.query<{ id: string; key: number }>('SELECT id, key FROM checks ORDER BY key');
  return new Map(result.rows.map((row) => [row.id, row.key]));
}

/** The object as it was, by what is known today, at `at` (epoch ms); null when it did not exist then. */
export async function readObjectAt(db: Queryable, id: string, at: number): Promise<ObjectVersion | null> {
  const result = await db.query<VersionRow>(
    `${VERSION} WHERE entity = 'object' AND id = $1 AND superseded_at IS NULL AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)`,
    [id, at],
  );
  return result.rows[0] === undefined ? null : versionOf(result.rows[0]);
}

/** Every version of the objects that touches `[from, to)`, in order of time, not cut to it; ids without one are left out. */
export async function readObjectValidity(
  db: Queryable,
  ids: readonly string[],
  from: number,
  to: number,
): Promise<Map<string, ObjectVersion[]>> {
  const result = await db.query<VersionRow & { id: string }>(
    `${VERSION} WHERE entity = 'object' AND id = ANY ($1) AND superseded_at IS NULL
       AND valid_from < $3 AND (valid_to IS NULL OR valid_to > $2) ORDER BY id, valid_from`,
    [ids, from, to],
  );
  const versions = new Map<string, ObjectVersion[]>();
  for (const row of result.rows) {
    const list = versions.get(row.id) ?? [];
    list.push(versionOf(row));
    versions.set(row.id, list);
  }
  return versions;
}
