import type { Queryable } from '../pool.ts';
import { NotApplicable } from './apply-context.ts';

/** Throws `object-unknown` for the first line about an object that was never told of; `isDoubtful` says of which it has to be looked up. */
export async function assertObjectsKnown(
  tx: Queryable,
  objects: readonly string[],
  isDoubtful: (index: number) => boolean = () => true,
): Promise<void> {
  const wanted = [...new Set(objects.filter((_object, index) => isDoubtful(index)))];
  if (wanted.length === 0) return;
  const { rows } = await tx.query<{ id: string }>(
    `SELECT n.id FROM unnest($1::text[]) AS n (id)
     WHERE NOT EXISTS (SELECT FROM inventory i WHERE i.entity = 'object' AND i.id = n.id AND i.superseded_at IS NULL AND i.remote IS NOT NULL)`,
    [wanted],
  );
  if (rows.length === 0) return;
  const unknown = new Set(rows.map(({ id }) => id));
  const index = objects.findIndex((object) => unknown.has(object));
  throw new NotApplicable('object-unknown', `${objects[index]} was never told of: its inventory line is to come first`, index);
}
