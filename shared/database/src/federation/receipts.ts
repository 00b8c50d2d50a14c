/** What became of items at nodes below: taken in once, and noted with what the item was about. */
import { HandedIncident, type HandOver, type IncidentBody, type Receipt } from '@beacontower/contracts';
import { appendLog } from '../log.ts';
import { insertNotices } from '../notices/notices.ts';
import type { Queryable } from '../pool.ts';
import { endForgotten } from './incidents-forgotten.ts';

/** What came of a receipt: `unknown`, it was never sent to that node; `differs`, the item was answered otherwise before. */
export type ReceiptOutcome = 'taken' | 'known' | 'unknown' | 'differs';

/** Takes receipts of a node in the caller's transaction, in the order of their items, up to the first that cannot be taken; null: all of them were. */
export async function takeReceipts(
  tx: Queryable,
  node: string,
  receipts: readonly Receipt[],
  now: number,
): Promise<{ readonly number: number; readonly outcome: 'unknown' | 'differs' } | null> {
  const ordered = [...receipts].sort((a, b) => a.number - b.number);
  await lockIncidents(
    tx,
    ordered.map(({ number }) => number),
  );
  for (const receipt of ordered) {
    const outcome = await takeReceipt(tx, node, receipt, now);
    if (outcome === 'unknown' || outcome === 'differs') return { number: receipt.number, outcome };
  }
  return null;
}

// Incidents before items, as whoever takes back what was offered does.
async function lockIncidents(tx: Queryable, numbers: readonly number[]): Promise<void> {
  await tx.query(
    `SELECT FROM incidents WHERE id IN (SELECT subject::uuid FROM federation_downward WHERE number = ANY ($1::bigint[]) AND kind IN ('hand-over', 'incident'))
     ORDER BY id FOR NO KEY UPDATE`,
    [numbers],
  );
}

async function takeReceipt(tx: Queryable, node: string, receipt: Receipt, now: number): Promise<ReceiptOutcome> {
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
  if (item.kind === 'hand-over') await answerHandOver(tx, item.subject, { ...receipt, node, now });
  if (item.kind === 'incident' && receipt.code === 'incident-unknown') await endForgotten(tx, item.subject, node, now);
  return 'taken';
}

const ANSWERS = { accepted: 'accepted', declined: 'declined', refused: 'refused', applied: null } as const;

interface Held extends Pick<IncidentBody, 'number' | 'state' | 'severity' | 'cause'> {
  readonly kind: NonNullable<IncidentBody['kind']>;
  readonly owner: string | null;
  readonly handed: unknown;
  readonly [column: string]: unknown;
}

// What was taken back meanwhile stays so: whoever accepted it in the meantime is told as soon as he hears of anything.
async function answerHandOver(
  tx: Queryable,
  incident: string,
  { number, outcome, by, at, detail, node, now }: Receipt & { readonly node: string; readonly now: number },
): Promise<void> {
  const state = ANSWERS[outcome];
  if (state === null) return;
  const { rows } = await tx.query<Held>(
    'SELECT number, state, severity, cause_object AS cause, kind, owner, handed FROM incidents WHERE id = $1::uuid FOR NO KEY UPDATE',
    [incident],
  );
  const [row] = rows;
  const handed = HandedIncident.parse(row?.handed ?? {});
  if (row === undefined || handed.down?.number !== number || handed.down.state !== 'offered') return;
  const down: HandOver = { ...handed.down, state, answeredAt: at, answeredBy: by, answer: detail };
  await tx.query('UPDATE incidents SET handed = $2, revision = revision + 1 WHERE id = $1::uuid', [
    incident,
    JSON.stringify({ ...handed, down }),
  ]);
  const { handed: _, owner, ...head } = row;
  const body: IncidentBody = { ...head, incident, change: 'told', object: null, other: node };
  await appendLog(tx, [{ kind: 'incident', subject: incident, body, eventAt: now }], now);
  if (state !== 'accepted') await tellSentBack(tx, { incident, owner: owner ?? down.by, number, by, node, detail, now });
}

// Whoever counted on the node below must know that the incident is with him alone.
async function tellSentBack(
  tx: Queryable,
  of: {
    readonly incident: string;
    readonly owner: string;
    readonly number: number;
    readonly by: string | null;
    readonly node: string;
    readonly detail: string | null;
    readonly now: number;
  },
): Promise<void> {
  const { incident, owner, number, by, node, detail, now } = of;
  const body = { to: owner, by: by === null ? node : `${by} (${node})`, ...(detail === null ? {} : { note: detail }) };
  await insertNotices(tx, [{ incident, step: 'assigned', occasion: `sent back ${number}`, body, decidedAt: now, dueAt: now }], now);
}
