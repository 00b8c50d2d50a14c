import type { Queryable } from '../pool.ts';

/**
 * The moment (epoch ms) at or before `from` at which no edge of the subjects is open: what is computed from their transitions from there
 * on hangs on nothing before it but their states.
 */
export async function widenToEdges(db: Queryable, subjects: readonly string[], from: number): Promise<number> {
  let moment = from;
  for (;;) {
    const result = await db.query<{ earliest: number | null }>(
      `SELECT min(earliest) AS earliest FROM transitions
       WHERE subject = ANY ($1) AND superseded_at IS NULL AND latest >= $2 AND earliest < $2`,
      [subjects, moment],
    );
    const earliest = result.rows[0]?.earliest ?? null;
    if (earliest === null) return moment;
    moment = earliest;
  }
}

/** The coarsest resolution at which any of the objects is seen now, ms; 0 when nothing is known of any. */
export async function readResolutionOf(db: Queryable, objects: readonly string[]): Promise<number> {
  const result = await db.query<{ resolution: number | null }>(
    `SELECT max(t.resolution_ms) AS resolution FROM current_states c JOIN transitions t ON t.id = c.transition
     WHERE c.subject = ANY ($1) AND c.subject_kind = 'object'`,
    [objects],
  );
  return result.rows[0]?.resolution ?? 0;
}
