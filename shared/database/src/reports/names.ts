import type { Queryable } from '../pool.ts';
import { ENGLISH_NAME_OF_ANY } from '../queries/english-name.ts';

/** What something is called; `nameEn` null where it has no English name. */
export interface EntityName {
  readonly id: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly [column: string]: unknown;
}

/** Names of entities that are or once were in the inventory, as last known; ids that never were are absent. */
export async function readEntityNames(db: Queryable, entity: string, ids: readonly string[]): Promise<Map<string, EntityName>> {
  if (ids.length === 0) return new Map();
  const result = await db.query<EntityName>(
    `SELECT DISTINCT ON (id) id, coalesce(name, id) AS name, ${ENGLISH_NAME_OF_ANY} AS "nameEn" FROM inventory
     WHERE entity = $1 AND id = ANY ($2::text[]) AND superseded_at IS NULL ORDER BY id, valid_from DESC`,
    [entity, [...new Set(ids)]],
  );
  return new Map(result.rows.map((row) => [row.id, row]));
}
