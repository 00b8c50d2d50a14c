import { NOTICES_CHANNEL } from '../notices/notices.ts';
import type { Queryable } from '../pool.ts';

/**
 * Once all that a node had to say is taken in, people are told of what it asked for and still lasts, in the caller's transaction: until then that was held
 * back, since its end might have come with the next lines.
 */
export async function releaseHeldBack(tx: Queryable, node: string, now: number): Promise<void> {
  const { rowCount } = await tx.query(
    `UPDATE notices SET due_at = $2 FROM incidents n
     WHERE n.id = notices.incident_id AND n.asked ->> 'node' = $1 AND notices.taken_at IS NULL AND notices.due_at > $2 AND notices.step IN ('opened', 'escalated')`,
    [node, now],
  );
  if ((rowCount ?? 0) > 0) await tx.query(`SELECT pg_notify('${NOTICES_CHANNEL}', '')`);
}
