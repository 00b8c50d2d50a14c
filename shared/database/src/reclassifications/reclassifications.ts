import type { Queryable } from '../pool.ts';
import { saidOfNodes } from '../record/observed-nodes.ts';

/** What may be said of the past: this was planned work; this does count after all; these outages are charged to another party. */
export type ReclassificationEffect = 'exclude' | 'count' | 'charge';

/** The past restated, by somebody, with a reason (decision 0014). Times are epoch ms, the span half-open. */
export interface Reclassification {
  readonly id: string;
  /** The node below that states it; null: this one. */
  readonly node: string | null;
  readonly effect: ReclassificationEffect;
  readonly objects: readonly string[];
  readonly divisions: readonly string[];
  /** Of a node below: it is said of the objects of these nodes alone. */
  readonly nodes?: readonly string[];
  readonly startsAt: number;
  readonly endsAt: number;
  /** Whom the outages are charged to; null unless the effect is `charge`. */
  readonly party: string | null;
  readonly reason: string;
  readonly recordedAt: number;
  readonly recordedBy: string;
  readonly withdrawnAt: number | null;
  readonly withdrawnBy: string | null;
  readonly withdrawnReason: string | null;
}

/** The columns of a row as the fields of a `Reclassification`. */
export const RECLASSIFICATION_COLUMNS = `id, node, effect, objects, divisions, starts_at AS "startsAt", ends_at AS "endsAt", party, reason,
  recorded_at AS "recordedAt", recorded_by AS "recordedBy", withdrawn_at AS "withdrawnAt", withdrawn_by AS "withdrawnBy",
  withdrawn_reason AS "withdrawnReason"`;

export type ReclassificationRow = { [K in keyof Omit<Reclassification, 'nodes'>]: Reclassification[K] };

/** Those in force now that touch `[from, to)`, in the order in which they were made. */
export async function readReclassifications(db: Queryable, from: number, to: number): Promise<Reclassification[]> {
  const result = await db.query<ReclassificationRow & { nodes: string[] | null }>(
    `SELECT ${RECLASSIFICATION_COLUMNS}, ${saidOfNodes('reclassifications')} AS nodes FROM reclassifications
     WHERE withdrawn_at IS NULL AND starts_at < $2 AND ends_at > $1 ORDER BY recorded_at, id`,
    [from, to],
  );
  return result.rows.map(({ nodes, ...stated }) => (nodes === null ? stated : { ...stated, nodes }));
}

/** What somebody states of the past. */
export type NewReclassification = Pick<Reclassification, 'effect' | 'objects' | 'divisions' | 'startsAt' | 'endsAt' | 'party' | 'reason'>;

/** Writes one; the same id again changes nothing, so that a repeated request is harmless. Returns whether it was written. */
export async function insertReclassification(
  tx: Queryable,
  id: string,
  stated: NewReclassification,
  actor: string,
  now: number,
): Promise<boolean> {
  const result = await tx.query(
    `INSERT INTO reclassifications (id, effect, objects, divisions, starts_at, ends_at, party, reason, recorded_at, recorded_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (id) DO NOTHING`,
    [id, stated.effect, stated.objects, stated.divisions, stated.startsAt, stated.endsAt, stated.party, stated.reason, now, actor],
  );
  return result.rowCount === 1;
}

/** Takes one of this node back, with a reason; both stay in the record. Returns whether it was in force until now. */
export async function withdrawReclassification(tx: Queryable, id: string, reason: string, actor: string, now: number): Promise<boolean> {
  const result = await tx.query(
    `UPDATE reclassifications SET withdrawn_at = $2, withdrawn_by = $3, withdrawn_reason = $4 WHERE id = $1 AND node IS NULL AND withdrawn_at IS NULL`,
    [id, now, actor, reason],
  );
  return result.rowCount === 1;
}
