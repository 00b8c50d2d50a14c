/** How far the log of a node below is applied: the row is locked while a batch is, and saved in the transaction of its effects. */
import type { LogPlace } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { rememberPlace } from './marks.ts';
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
  /** What it said in its hello that it can. */
  readonly capabilities: readonly string[];
  readonly snapshotVersion: number;
  /** While the log is behind this line, the states shown are the snapshot's. */
  readonly behindUntil: number | null;
  /** Last row of transitions when it fell behind. */
  readonly behindFrom: number | null;
  readonly pending: readonly PendingObserved[];
  readonly [column: string]: unknown;
}

const COLUMNS = `node, via, division, name, removed_at AS "removedAt", incarnation::text AS incarnation, sequence, hash, kept_until AS "keptUntil", capabilities,
  snapshot_version AS "snapshotVersion", behind_until AS "behindUntil", behind_from AS "behindFrom", observed_pending AS pending`;

export async function readFederatedNode(db: Queryable, node: string): Promise<FederatedNode | null> {
  const { rows } = await db.query<FederatedNode>(`SELECT ${COLUMNS} FROM federation_nodes WHERE node = $1`, [node]);
  return rows[0] ?? null;
}

/** The same, and nobody else applies anything of the node until the transaction ends. */
export async function lockFederatedNode(tx: Queryable, node: string): Promise<FederatedNode | null> {
  const { rows } = await tx.query<FederatedNode>(`SELECT ${COLUMNS} FROM federation_nodes WHERE node = $1 FOR NO KEY UPDATE`, [node]);
  return rows[0] ?? null;
}

/** Saves the place that is applied now. What was refused before it holds no more. */
export async function savePlace(tx: Queryable, node: string, place: LogPlace, now: number): Promise<void> {
  const { incarnation, sequence, hash } = place;
  await tx.query('UPDATE federation_nodes SET incarnation = $2, sequence = $3, hash = $4, heard_at = $5, refused = NULL WHERE node = $1', [
    node,
    incarnation,
    sequence,
    hash,
    now,
  ]);
  await rememberPlace(tx, node, place, now);
}

/** What was last refused of a node. */
export interface RefusedMessage {
  /** Epoch ms. */
  readonly at: number;
  readonly code: string;
  readonly detail: string;
  readonly sequence: number | null;
  /** The call: a refusal of the log stands until something of the log is taken, whatever else is. */
  readonly call: string;
}

/** What stays of a refusal after something else than a batch of the log was taken. */
export const REFUSAL_LEFT = `CASE WHEN refused ->> 'call' = 'log' THEN refused END`;

/** Notes what was refused: it stands with the node until something of it is taken again. */
export async function noteRefused(db: Queryable, node: string, refused: RefusedMessage): Promise<void> {
  await db.query('UPDATE federation_nodes SET refused = $2 WHERE node = $1', [node, JSON.stringify(refused)]);
}

/** Number of the last item for a node that it has still to answer; 0: there is none. */
export async function lastDownward(db: Queryable, node: string): Promise<number> {
  const { rows } = await db.query<{ last: number | null }>(
    'SELECT max(number) AS last FROM federation_downward WHERE node = $1 AND outcome IS NULL AND superseded_at IS NULL',
    [node],
  );
  return rows[0]?.last ?? 0;
}
