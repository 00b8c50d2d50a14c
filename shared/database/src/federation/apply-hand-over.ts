import { HandedIncident, type HandOver, type HandOverStanding, type IncidentPayload, type Receipt } from '@beacontower/contracts';
import { appendLog } from '../log.ts';
import { insertNotices, type NewNotice } from '../notices/notices.ts';
import type { Transaction } from '../pool.ts';
import type { ItemContext } from './apply-items.ts';
import { applyToldIncidents } from './incidents.ts';

/** An incident that the tier above asks this one to take. */
export interface OfferedIncident {
  readonly number: number;
  readonly payload: IncidentPayload;
  readonly to: string | null;
  readonly note: string;
  readonly by: string;
  /** It was accepted here before: this node was restored from a back-up since. */
  readonly answered?: HandOverStanding | undefined;
}

interface Row {
  readonly number: number;
  readonly state: 'open' | 'acknowledged' | 'resolved' | 'closed';
  readonly severity: 'critical' | 'major' | 'minor' | 'warning';
  readonly cause: string;
  readonly kind: IncidentPayload['incident']['kind'];
  readonly owner: string | null;
  readonly taken: boolean;
  readonly handed: unknown;
  readonly [column: string]: unknown;
}

/**
 * Lays an incident before people here, in the caller's transaction: from now on this tier has it, until somebody declines. Those whom the routes name
 * are told, unless it is over already. Null: the receipt waits for a person.
 */
export async function applyHandOver(
  tx: Transaction,
  { number, payload, to, note, by, answered }: OfferedIncident,
  { own, parent, now }: ItemContext,
): Promise<Receipt | null> {
  const { id, home } = payload.incident;
  const teller = { own, from: parent, nodes: null, now };
  const before = await tx.query<{ taken: boolean }>('SELECT taken FROM incidents WHERE id = $1::uuid', [id]);
  if (before.rows.length === 0 && home === own) {
    return { number, outcome: 'refused', code: 'incident-unknown', detail: 'there is no such incident here', by: null, at: now };
  }
  await applyToldIncidents(tx, [payload], teller);
  const from: HandOver = {
    ...{ node: parent, number, at: now, by, note, to, state: answered?.state ?? 'offered' },
    ...{ answeredAt: answered?.at ?? null, answeredBy: answered?.by ?? null, answer: answered?.note ?? null },
  };
  const { rows } = await tx.query<Row>(
    `UPDATE incidents SET handed = $2, revision = revision + 1,
       state = CASE WHEN taken THEN state WHEN resolved_at IS NULL THEN 'open' ELSE 'resolved' END,
       acknowledged_at = CASE WHEN taken THEN acknowledged_at END, closed_at = CASE WHEN taken THEN closed_at END, taken = true,
       owner = coalesce(owner, $3), first_receiver = coalesce(first_receiver, $3)
     WHERE id = $1::uuid RETURNING number, state, severity, cause_object AS cause, kind, owner, taken`,
    [id, JSON.stringify({ ...(await handedOf(tx, id)), from }), from.answeredBy],
  );
  const row = rows[0];
  if (row === undefined) return null;
  if (answered === undefined) await insertNotices(tx, noticesOf(id, row, { number, to, note, by, parent, now }), now);
  const { number: incidentNumber, state, severity, cause, kind } = row;
  const body = {
    incident: id,
    number: incidentNumber,
    change: 'taken' as const,
    state,
    severity,
    cause,
    kind,
    object: null,
    other: parent,
  };
  await appendLog(tx, [{ kind: 'incident', subject: id, body, eventAt: now }], now);
  return null;
}

async function handedOf(tx: Transaction, id: string): Promise<HandedIncident> {
  const { rows } = await tx.query<{ handed: unknown }>('SELECT handed FROM incidents WHERE id = $1::uuid', [id]);
  return HandedIncident.parse(rows[0]?.handed ?? {});
}

// Somebody is asked by name: he whom the tier above means, or who has it already. Otherwise those whom the routes name.
function noticesOf(
  incident: string,
  { state, owner }: Row,
  of: {
    readonly number: number;
    readonly to: string | null;
    readonly note: string;
    readonly by: string;
    readonly parent: string;
    readonly now: number;
  },
): NewNotice[] {
  if (state !== 'open' && state !== 'acknowledged') return [];
  const at = { incident, decidedAt: of.now, dueAt: of.now };
  const occasion = `hand-over ${of.number}`;
  const named = of.to ?? owner;
  const alarm: NewNotice = { ...at, step: 'opened', occasion, body: {} };
  if (named === null) return [alarm];
  const body = { to: named, by: `${of.by} (${of.parent})`, ...(of.note === '' ? {} : { note: of.note }) };
  const asking: NewNotice = { ...at, step: 'assigned', occasion, body };
  return owner === null ? [alarm, asking] : [asking];
}
