import { ENTITY_SCHEMAS, type EntityBody } from '@beacontower/contracts';
import { type BodyVersion, type DatedBody, presentAt } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';

/** Entities whose life is told by dates of the real world. */
export type DatedEntity = 'connection' | 'unit' | 'application' | 'tally';

/** A moment and its local date in the node's time zone. */
export interface Moment {
  readonly at: number;
  readonly day: string;
}

/** Versions of every entity of one sort, by id, in order of time, by what is known today. */
export async function readDatedVersions<K extends DatedEntity>(
  db: Queryable,
  entity: K,
): Promise<Map<string, BodyVersion<EntityBody<K>>[]>> {
  const result = await db.query<{ id: string; body: unknown; validFrom: number; validTo: number | null }>(
    `SELECT id, body, valid_from AS "validFrom", valid_to AS "validTo" FROM inventory
     WHERE entity = $1 AND superseded_at IS NULL ORDER BY id, valid_from`,
    [entity],
  );
  const schema = ENTITY_SCHEMAS[entity];
  const versions = new Map<string, BodyVersion<EntityBody<K>>[]>();
  for (const { id, body, validFrom, validTo } of result.rows) {
    const list = versions.get(id) ?? [];
    list.push({ body: schema.parse(body) as EntityBody<K>, validFrom, validTo });
    versions.set(id, list);
  }
  return versions;
}

/** Those of them that were there at a moment. */
export function presentOf<B extends DatedBody>(versions: ReadonlyMap<string, readonly BodyVersion<B>[]>, { at, day }: Moment): B[] {
  return [...versions.values()].flatMap((each) => presentAt(each, at, day) ?? []);
}
