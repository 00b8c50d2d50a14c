/** How far the record of each other node is here: the watermark of its objects, in the place of a partition's (decision 0026). */
import type { Queryable } from '../pool.ts';

/** Another node whose objects lie in this record. Epoch ms; 0: nothing of it is known yet. */
export interface ObservedNode {
  readonly node: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly division: string;
  /** It does not report any more: nothing is waited for. */
  readonly isRemoved: boolean;
  /** Up to when all that is pinged there has been judged, all that agents tell as well, and all of it composed. */
  readonly pinged: number;
  readonly all: number;
  readonly composed: number;
  readonly [column: string]: unknown;
}

/** Every node there ever was, by id: of one that was removed the record stays, and how far it goes. */
export async function readObservedNodes(db: Queryable): Promise<ReadonlyMap<string, ObservedNode>> {
  const { rows } = await db.query<ObservedNode>(
    `SELECT node, name, name_en AS "nameEn", division, removed_at IS NOT NULL AS "isRemoved", observed_pinged AS pinged, observed_all AS all, observed_composed AS composed FROM federation_nodes`,
  );
  return new Map(rows.map((row) => [row.node, row]));
}

/** SQL: whether a column holds the id of an object of another node. */
export const ofOtherNode = (column: string): string => `(split_part(${column}, ':', 1) IN (SELECT node FROM federation_nodes))`;

/** SQL: the nodes of whose objects a statement of a node below is made, itself and those below it; null of this node's own, which hold for all. */
export const saidOfNodes = (table: string): string =>
  `CASE WHEN ${table}.node IS NOT NULL THEN ARRAY(SELECT ${table}.node UNION SELECT f.node FROM federation_nodes f WHERE f.via = ${table}.node) END`;
