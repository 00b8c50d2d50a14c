/** Items for nodes below: kept here until they are fetched and answered; a newer one about the same subject takes the place of the older. */
import type { DownwardItem } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';

/** Channel notified, with the id of the node, when there is an item for it. */
export const DOWNWARD_CHANNEL = 'beacontower_downward';

export interface NewDownwardItem {
  readonly node: string;
  readonly kind: DownwardItem['kind'];
  /** Id of the incident, objective or calendar. */
  readonly subject: string;
  readonly payload: unknown;
  readonly by: string;
}

/**
 * Adds items in the caller's transaction. Returns their numbers, in the order given. Numbers are given one transaction after the other, so that none is
 * committed after a higher one was fetched; and by the clock, so that those of a back-up that was restored here lie above what was fetched before.
 */
export async function addDownwardItems(tx: Queryable, items: readonly NewDownwardItem[], now: number): Promise<number[]> {
  if (items.length === 0) return [];
  await tx.query("SELECT pg_advisory_xact_lock(hashtext('beacontower downward'))");
  // What is asked by a hand-over is answered, or taken back; what became of an incident is said anew each time.
  await tx.query(
    `UPDATE federation_downward d SET superseded_at = $4 FROM unnest($1::text[], $2::text[], $3::text[]) AS n (node, kind, subject)
     WHERE d.node = n.node AND d.kind = n.kind AND d.subject = n.subject AND d.superseded_at IS NULL`,
    [items.map(({ node }) => node), items.map(({ kind }) => kind), items.map(({ subject }) => subject), now],
  );
  const { rows } = await tx.query<{ number: number }>(
    `INSERT INTO federation_downward (number, node, kind, subject, payload, created_at, created_by) OVERRIDING SYSTEM VALUE
     SELECT greatest((SELECT coalesce(max(number), 0) FROM federation_downward), $2::bigint - 1) + position, node, kind, subject, payload, $2, by
     FROM ROWS FROM (jsonb_to_recordset($1) AS (node text, kind text, subject text, payload jsonb, by text))
       WITH ORDINALITY AS i (node, kind, subject, payload, by, position) ORDER BY position RETURNING number`,
    [JSON.stringify(items), now],
  );
  for (const node of new Set(items.map((item) => item.node))) await tx.query('SELECT pg_notify($1, $2)', [DOWNWARD_CHANNEL, node]);
  return rows.map(({ number }) => number).sort((a, b) => a - b);
}

/** What was offered is not offered any more, in the caller's transaction: who has not fetched it never hears of it. */
export async function supersedeHandOver(
  tx: Queryable,
  { node, number }: { readonly node: string; readonly number: number },
  now: number,
): Promise<void> {
  await tx.query('UPDATE federation_downward SET superseded_at = $3 WHERE number = $1 AND node = $2 AND superseded_at IS NULL', [
    number,
    node,
    now,
  ]);
}

/** One answer holds no more than this, but for a single item that is larger: a message has its limit, and what is over it would never be fetched. */
const ANSWER_BYTES = 8 * 1024 * 1024;

/**
 * Items for a node after a number, in order. One that a newer one took the place of is not among them. What was accepted says so: whoever asks for it
 * again was restored from a back-up.
 */
export async function readDownwardItems(db: Queryable, node: string, after: number, limit: number, now: number): Promise<DownwardItem[]> {
  const { rows } = await db.query<{ number: number; at: number; kind: string; payload: unknown }>(
    `SELECT number, at, kind, payload FROM (
       SELECT i.*, sum(octet_length(payload::text)) OVER (ORDER BY number) AS bytes, row_number() OVER (ORDER BY number) AS place FROM (
         SELECT number, created_at AS at, kind, CASE WHEN kind = 'hand-over' AND outcome = 'accepted' THEN payload || jsonb_build_object('answered',
             jsonb_build_object('number', number, 'state', outcome, 'by', receipt -> 'by', 'at', receipt -> 'at', 'note', receipt -> 'detail'))
           ELSE payload END AS payload
         FROM federation_downward
         WHERE node = $1 AND number > $2 AND superseded_at IS NULL AND (kind <> 'hand-over' OR outcome IS NULL OR outcome = 'accepted')
         ORDER BY number LIMIT $3) AS i) AS sized
     WHERE place = 1 OR bytes <= $4 ORDER BY number`,
    [node, after, limit, ANSWER_BYTES],
  );
  if (rows.length > 0) {
    await db.query('UPDATE federation_downward SET fetched_at = $2 WHERE number = ANY ($1::bigint[]) AND fetched_at IS NULL', [
      rows.map(({ number }) => number),
      now,
    ]);
  }
  return rows as unknown as DownwardItem[];
}

/** Forgets what was said of incidents before `before` and has been answered, or said anew since; at most so many at once. */
export async function pruneDownward(db: Queryable, before: number, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM federation_downward WHERE number IN (SELECT number FROM federation_downward
       WHERE kind IN ('incident', 'digests') AND created_at < $1 AND (superseded_at IS NOT NULL OR outcome IS NOT NULL) ORDER BY number LIMIT $2)`,
    [before, limit],
  );
  return rowCount ?? 0;
}
