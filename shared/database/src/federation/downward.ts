/** Items for nodes below: kept here until they are fetched and answered; a newer one about the same subject takes the place of the older. */
import type { DownwardItem, HandOver, Receipt } from '@beacontower/contracts';
import { HandedIncident } from '@beacontower/contracts';
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

/** Adds items in the caller's transaction. Returns their numbers, in the order given. */
export async function addDownwardItems(tx: Queryable, items: readonly NewDownwardItem[], now: number): Promise<number[]> {
  if (items.length === 0) return [];
  // What is asked by a hand-over is answered, or taken back; what became of an incident is said anew each time.
  await tx.query(
    `UPDATE federation_downward d SET superseded_at = $4 FROM unnest($1::text[], $2::text[], $3::text[]) AS n (node, kind, subject)
     WHERE d.node = n.node AND d.kind = n.kind AND d.subject = n.subject AND d.superseded_at IS NULL`,
    [items.map(({ node }) => node), items.map(({ kind }) => kind), items.map(({ subject }) => subject), now],
  );
  const { rows } = await tx.query<{ number: number }>(
    `INSERT INTO federation_downward (node, kind, subject, payload, created_at, created_by)
     SELECT node, kind, subject, payload, $2, by
     FROM ROWS FROM (jsonb_to_recordset($1) AS (node text, kind text, subject text, payload jsonb, by text))
       WITH ORDINALITY AS i (node, kind, subject, payload, by, position) ORDER BY position RETURNING number`,
    [JSON.stringify(items), now],
  );
  for (const node of new Set(items.map((item) => item.node))) await tx.query('SELECT pg_notify($1, $2)', [DOWNWARD_CHANNEL, node]);
  return rows.map(({ number }) => number).sort((a, b) => a - b);
}

/** Items for a node after a number, in order. One that a newer one took the place of is not among them. */
export async function readDownwardItems(db: Queryable, node: string, after: number, limit: number, now: number): Promise<DownwardItem[]> {
  const { rows } = await db.query<{ number: number; at: number; kind: string; payload: unknown }>(
    `SELECT number, created_at AS at, kind, payload FROM federation_downward
     WHERE node = $1 AND number > $2 AND superseded_at IS NULL ORDER BY number LIMIT $3`,
    [node, after, limit],
  );
  if (rows.length > 0) {
    await db.query('UPDATE federation_downward SET fetched_at = $2 WHERE number = ANY ($1::bigint[]) AND fetched_at IS NULL', [
      rows.map(({ number }) => number),
      now,
    ]);
  }
  return rows as unknown as DownwardItem[];
}

/** What came of a receipt: `unknown`, it was never sent to that node; `differs`, the item was answered otherwise before. */
export type ReceiptOutcome = 'taken' | 'known' | 'unknown' | 'differs';

/** Takes a receipt in the caller's transaction; of a hand-over, the incident says so from then on. */
export async function takeReceipt(tx: Queryable, node: string, receipt: Receipt): Promise<ReceiptOutcome> {
  const { rows } = await tx.query<{ kind: string; subject: string; outcome: string | null }>(
    'SELECT kind, subject, outcome FROM federation_downward WHERE number = $1 AND node = $2 FOR UPDATE',
    [receipt.number, node],
  );
  const item = rows[0];
  if (item === undefined) return 'unknown';
  if (item.outcome !== null) return item.outcome === receipt.outcome ? 'known' : 'differs';
  await tx.query('UPDATE federation_downward SET outcome = $2, receipt = $3 WHERE number = $1', [
    receipt.number,
    receipt.outcome,
    JSON.stringify(receipt),
  ]);
  if (item.kind === 'hand-over') await answerHandOver(tx, item.subject, receipt);
  return 'taken';
}

const ANSWERS = { accepted: 'accepted', declined: 'declined', refused: 'refused', applied: null } as const;

async function answerHandOver(tx: Queryable, incident: string, { number, outcome, by, at, detail }: Receipt): Promise<void> {
  const state = ANSWERS[outcome];
  if (state === null) return;
  const { rows } = await tx.query<{ handed: unknown }>('SELECT handed FROM incidents WHERE id = $1::uuid FOR NO KEY UPDATE', [incident]);
  const handed = HandedIncident.parse(rows[0]?.handed ?? {});
  if (handed.down?.number !== number) return;
  const down: HandOver = { ...handed.down, state, answeredAt: at, answeredBy: by, answer: detail };
  await tx.query('UPDATE incidents SET handed = $2, revision = revision + 1 WHERE id = $1::uuid', [
    incident,
    JSON.stringify({ ...handed, down }),
  ]);
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
