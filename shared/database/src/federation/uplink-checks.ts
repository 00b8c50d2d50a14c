/** Changes of checks that the ordered log does not tell, because they say what the change of their object says. */
import type { StateBody, TransitionPayload } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { type TransitionRow, transitionOf } from '../record/transitions.ts';

const DAY_MS = 86_400_000;

/**
 * Of objects that have one check, and of those that leave the inventory, the log tells the object's change alone: these are the changes of
 * their checks that were decided with it.
 */
export async function readUntoldChecks(db: Queryable, changes: readonly StateBody[]): Promise<TransitionPayload[]> {
  if (changes.length === 0) return [];
  const { rows } = await db.query<TransitionRow & { object: string; resolution: number; [column: string]: unknown }>(
    `SELECT t.subject, t.object_id AS object, t.from_state, t.to_state, t.at, t.earliest, t.latest, t.reason, t.decided_at, t.resolution_ms AS resolution
     FROM unnest($1::text[], $2::bigint[], $3::text[]) AS e (object, decided, reason),
       LATERAL (SELECT body -> 'checks' AS checks FROM inventory WHERE entity = 'object' AND id = e.object AND superseded_at IS NULL
                ORDER BY valid_from DESC LIMIT 1) AS v,
       LATERAL (SELECT DISTINCT c ->> 'id' AS id FROM jsonb_array_elements(v.checks) AS c) AS k,
       LATERAL (SELECT * FROM transitions WHERE subject = k.id AND superseded_at IS NULL AND decided_at = e.decided
                AND at BETWEEN e.decided - ${DAY_MS} AND e.decided) AS t
     WHERE jsonb_array_length(v.checks) = 1 OR e.reason = 'retired' ORDER BY t.id`,
    [changes.map(({ object }) => object), changes.map(({ decidedAt }) => decidedAt), changes.map(({ reason }) => reason)],
  );
  return rows.map(({ object, subject: check, resolution: resolutionMs, ...row }) => {
    const { edge, ...change } = transitionOf({ ...row, subject: check });
    return { object, check, resolutionMs, ...change, ...edge };
  });
}
