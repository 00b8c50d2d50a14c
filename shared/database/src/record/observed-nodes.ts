/** How far the record of each other node is here: the watermark of its objects, in the place of a partition's (decision 0026). */
import type { ObservedUntil } from '@beacontower/contracts';
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
  /** Up to when the states are observed that are shown as those of this moment: while the record is behind, a snapshot tells them ahead of it. */
  readonly shown: { readonly pinged: number; readonly all: number };
}

interface Row extends Omit<ObservedNode, 'shown'> {
  /** What the newest snapshot tells of itself and the nodes below it, while the record is behind; null: it is not. */
  readonly ahead: readonly { readonly node: string; readonly until: ObservedUntil }[] | null;
  readonly [column: string]: unknown;
}

/** Every node there ever was, by id: of one that was removed the record stays, and how far it goes. */
export async function readObservedNodes(db: Queryable): Promise<ReadonlyMap<string, ObservedNode>> {
  const { rows } = await db.query<Row>(
    `SELECT node, name, name_en AS "nameEn", division, removed_at IS NOT NULL AS "isRemoved", observed_pinged AS pinged, observed_all AS all, observed_composed AS composed,
       CASE WHEN behind_until IS NOT NULL THEN observed_pending -> -1 -> 'observed' END AS ahead FROM federation_nodes`,
  );
  const ahead = new Map(rows.flatMap((row) => row.ahead ?? []).map(({ node, until }) => [node, until]));
  return new Map(
    rows.map(({ ahead: _, ...row }) => {
      const { pinged = 0, all = 0 } = ahead.get(row.node) ?? {};
      return [row.node, { ...row, shown: { pinged: Math.max(row.pinged, pinged), all: Math.max(row.all, all) } }];
    }),
  );
}

/** SQL: whether a column holds the id of an object of another node. */
export const ofOtherNode = (column: string): string => `(split_part(${column}, ':', 1) IN (SELECT node FROM federation_nodes))`;

/** SQL: the nodes of whose objects a statement of a node below is made, itself and those below it; null of this node's own, which hold for all. */
export const saidOfNodes = (table: string): string =>
  `CASE WHEN ${table}.node IS NOT NULL THEN ARRAY(SELECT ${table}.node UNION SELECT f.node FROM federation_nodes f WHERE f.via = ${table}.node) END`;
