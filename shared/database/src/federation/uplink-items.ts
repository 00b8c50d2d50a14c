/** Items that came from the node above, and the receipts for them, which are told until they are taken. */
import type { DownwardItem, Receipt } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';

/** Channel notified when there are receipts to be told. */
export const RECEIPTS_CHANNEL = 'beacontower_receipts';

/** The number of the last item that is here; null when this node reports to none. */
export async function readDownwardPlace(db: Queryable): Promise<number | null> {
  const { rows } = await db.query<{ downward: number }>('SELECT downward FROM uplink');
  return rows[0]?.downward ?? null;
}

/** An item as it came, whatever its kind. */
export interface CameItem {
  readonly number: number;
  readonly kind: string;
  /** Id of the incident or entity it is about. */
  readonly subject: string;
  readonly payload: unknown;
}

/** What an item is about: the id of the incident or entity; empty of what has none. */
export function cameItem(item: DownwardItem): CameItem {
  const { number, kind, payload } = item;
  return { number, kind, subject: subjectOf(item), payload };
}

function subjectOf(item: DownwardItem): string {
  if (item.kind === 'objective' || item.kind === 'calendar') return item.payload.id;
  if (item.kind === 'digests') return `${item.payload.from} ${item.payload.to}`;
  const { incident } = item.payload as { incident?: { incident?: { id?: unknown } } };
  return typeof incident?.incident?.id === 'string' ? incident.incident.id : '';
}

/** Notes that an item has come, in the transaction of what became of it; `receipt` null: a person has still to decide, or it is still to be done. */
export async function saveUplinkItem(tx: Queryable, item: CameItem, receipt: Receipt | null, now: number): Promise<void> {
  await tx.query(
    `INSERT INTO uplink_items (number, kind, subject, payload, received_at, outcome, receipt) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (number) DO UPDATE SET outcome = coalesce(uplink_items.outcome, excluded.outcome),
       receipt = coalesce(uplink_items.receipt, excluded.receipt), told_at = NULL`,
    [
      item.number,
      item.kind,
      item.subject,
      JSON.stringify(item.payload),
      now,
      receipt?.outcome ?? null,
      receipt === null ? null : JSON.stringify(receipt),
    ],
  );
  await tx.query('UPDATE uplink SET downward = greatest(downward, $1)', [item.number]);
  if (receipt !== null) await tx.query('SELECT pg_notify($1, $2)', [RECEIPTS_CHANNEL, '']);
}

/** A person, or a later event, has decided about an item. What was decided before stands. */
export async function answerUplinkItem(tx: Queryable, receipt: Receipt): Promise<void> {
  await tx.query('UPDATE uplink_items SET outcome = $2, receipt = $3, told_at = NULL WHERE number = $1 AND outcome IS NULL', [
    receipt.number,
    receipt.outcome,
    JSON.stringify(receipt),
  ]);
  await tx.query('SELECT pg_notify($1, $2)', [RECEIPTS_CHANNEL, '']);
}

/** Receipts that the node above has not taken yet, in the order of their items. */
export async function readUntoldReceipts(db: Queryable, limit: number): Promise<Receipt[]> {
  const { rows } = await db.query<{ receipt: Receipt }>(
    'SELECT receipt FROM uplink_items WHERE outcome IS NOT NULL AND told_at IS NULL ORDER BY number LIMIT $1',
    [limit],
  );
  return rows.map(({ receipt }) => receipt);
}

export async function receiptsTold(db: Queryable, numbers: readonly number[], now: number): Promise<void> {
  await db.query('UPDATE uplink_items SET told_at = $2 WHERE number = ANY ($1::bigint[])', [numbers, now]);
}

/** Days (UTC, the last one included) that the node above asks to compare, and that are not compared yet, in the order in which it asked. */
export async function readDigestsAsked(db: Queryable): Promise<{ readonly item: number; readonly from: string; readonly to: string }[]> {
  const { rows } = await db.query<{ item: number; from: string; to: string }>(
    `SELECT number AS item, payload ->> 'from' AS from, payload ->> 'to' AS to FROM uplink_items WHERE kind = 'digests' AND outcome IS NULL ORDER BY number LIMIT 1`,
  );
  return rows;
}

/** Forgets items that came before `before` and whose receipts are told, but for what a person was asked. At most so many at once. */
export async function pruneUplinkItems(db: Queryable, before: number, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM uplink_items WHERE number IN (SELECT number FROM uplink_items
       WHERE kind IN ('incident', 'digests') AND received_at < $1 AND told_at IS NOT NULL ORDER BY number LIMIT $2)`,
    [before, limit],
  );
  return rowCount ?? 0;
}
