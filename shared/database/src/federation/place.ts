/** How far the log of a node below is applied: the row is locked while a batch is, and saved in the transaction of its effects. */
import type { LogPlace } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import type { PendingObserved } from './snapshot.ts';

/** A node below as the inbox knows it. Times are epoch ms. */
export interface FederatedNode {
  readonly node: string;
  readonly via: string | null;
  readonly division: string;
  readonly name: string;
  readonly removedAt: number | null;
  readonly incarnation: string | null;
  readonly sequence: number;
  readonly hash: string | null;
  readonly keptUntil: number | null;
  readonly snapshotVersion: number;
  /** While the log is behind this line, the states shown are the snapshot's. */
  readonly behindUntil: number | null;
  readonly pending: readonly PendingObserved[];
  readonly [column: string]: unknown;
}

const COLUMNS = `node, via, division, name, removed_at AS "removedAt", incarnation::text AS incarnation, sequence, hash, kept_until AS "keptUntil",
  snapshot_version AS "snapshotVersion", behind_until AS "behindUntil", observed_pending AS pending`;

export async function readFederatedNode(db: Queryable, node: string): Promise<FederatedNode | null> {
  const { rows } = await db.query<FederatedNode>(`SELECT ${COLUMNS} FROM federation_nodes WHERE node = $1`, [node]);
  return rows[0] ?? null;
}

/** The same, and nobody else applies anything of the node until the transaction ends. */
export async function lockFederatedNode(tx: Queryable, node: string): Promise<FederatedNode | null> {
  const { rows } = await tx.query<FederatedNode>(`SELECT ${COLUMNS} FROM federation_nodes WHERE node = $1 FOR NO KEY UPDATE`, [node]);
  return rows[0] ?? null;
}

/** Saves the place that is applied now, and remembers it. */
export async function savePlace(tx: Queryable, node: string, { incarnation, sequence, hash }: LogPlace, now: number): Promise<void> {
  await tx.query('UPDATE federation_nodes SET incarnation = $2, sequence = $3, hash = $4, heard_at = $5, refused = NULL WHERE node = $1', [
    node,
    incarnation,
    sequence,
    hash,
    now,
  ]);
  await tx.query(
    `INSERT INTO federation_marks (node, incarnation, sequence, hash, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [node, incarnation, sequence, hash, now],
  );
}
