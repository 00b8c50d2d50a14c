import type { Queryable } from '../pool.ts';

/** Who this database belongs to. `partitions` is fixed for ever by the first apply; `incarnation` changes when a back-up is restored. */
export interface NodeIdentity {
  readonly node: string;
  readonly incarnation: string;
  readonly partitions: number;
}

/** How many partitions a node gets when its configuration does not say. */
export const DEFAULT_PARTITIONS = 8;

/** The node's identity, or null before the first apply. */
export async function readNodeIdentity(db: Queryable): Promise<NodeIdentity | null> {
  const result = await db.query<NodeIdentity & Record<string, unknown>>(
    'SELECT node, incarnation::text AS incarnation, partitions FROM node_identity',
  );
  return result.rows[0] ?? null;
}

/** Written once, by the first apply. */
export async function createNodeIdentity(tx: Queryable, node: string, partitions: number, at: number): Promise<void> {
  await tx.query('INSERT INTO node_identity (node, incarnation, partitions, created_at) VALUES ($1, gen_random_uuid(), $2, $3)', [
    node,
    partitions,
    at,
  ]);
}
