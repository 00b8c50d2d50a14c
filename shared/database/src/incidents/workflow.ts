/** What people do with incidents and deliveries: each call is one transaction with its timeline line, log row and audit row. */
import type { IncidentBody, IncidentKind } from '@beacontower/contracts';
import { appendAudit } from '../access/audit.ts';
import { forgetIncidentAccounts } from '../accounting/forget.ts';
import { appendLog } from '../log.ts';
import { insertNotices } from '../notices/notices.ts';
import type { Database, Transaction } from '../pool.ts';
import type { DueDelivery } from './deliveries.ts';
import { insertIncidentEvents } from './incidents.ts';

/** Who acts, from where, and on which revision (`If-Match`; null: whatever it is). `now` is epoch ms. */
export interface Act {
  readonly incident: string;
  readonly actor: string;
  readonly source: string | null;
  readonly revision: number | null;
  readonly now: number;
}

export const WORKFLOW_FAULTS = [
  'incident-unknown',
  'revision-changed',
  'not-under-way',
  'not-resolved',
  'not-closed',
  'closed',
  'nothing-to-accept',
  'cause-still-bad',
  'delivery-unknown',
  'delivery-not-dead',
] as const;
export type WorkflowFaultCode = (typeof WORKFLOW_FAULTS)[number];

/** The act cannot be done; the code is stable, the message says what to do. Nothing was written. */
export class WorkflowFault extends Error {
  override readonly name = 'WorkflowFault';
  readonly code: WorkflowFaultCode;
  constructor(code: WorkflowFaultCode, message: string) {
    super(message);
    this.code = code;
  }
}

interface Row {
  readonly id: string;
  readonly number: number;
  readonly state: IncidentBody['state'];
  readonly severity: IncidentBody['severity'];
  readonly cause: string;
  readonly kind: IncidentKind;
  readonly revision: number;
  readonly owner: string | null;
  readonly pendingOwner: string | null;
  readonly [column: string]: unknown;
}

/** What an act changes: columns to set, and what is said about it. */
interface Change {
  readonly change: IncidentBody['change'];
  readonly set: Readonly<Record<string, unknown>>;
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * The first to acknowledge becomes owner and first receiver (首问负责). Acknowledging again only adds a note that was not given
 * before; without one nothing changes, the revision neither.
 */
export function acknowledgeIncident(db: Database, act: Act, note?: string): Promise<number> {
  return perform(db, act, 'incident.acknowledge', async (row, tx) => {
    if (row.state !== 'open' && row.state !== 'acknowledged')
      throw new WorkflowFault('not-under-way', 'the incident is already resolved or closed');
    if (row.state === 'acknowledged' && (await hasAcknowledged(tx, act, note))) return null;
    const set = row.state === 'open' ? { state: 'acknowledged', acknowledged_at: act.now } : {};
    const owner = row.owner === null ? { owner: act.actor, first_receiver: act.actor } : {};
    return { change: 'acknowledged', set: { ...set, ...owner }, detail: withNote(note) };
  });
}

async function hasAcknowledged(tx: Transaction, act: Act, note: string | undefined): Promise<boolean> {
  const said = await tx.query<{ note: string | null }>(
    `SELECT detail ->> 'note' AS note FROM incident_events WHERE incident_id = $1 AND actor = $2 AND kind = 'acknowledged'`,
    [act.incident, act.actor],
  );
  return said.rows.some((row) => note === undefined || row.note === note);
}

/** Offers the incident to another; the present owner stays accountable until that one accepts. */
export function assignIncident(db: Database, act: Act, to: string, note?: string): Promise<number> {
  return perform(db, act, 'incident.assign', (row) => {
    refuseClosed(row);
    const owner = row.owner === null ? { owner: act.actor, first_receiver: act.actor } : {};
    return { change: 'assigned', set: { ...owner, pending_owner: to }, detail: { to, ...withNote(note) } };
  });
}

/** Accepts what was offered to the actor, who is the owner from now on. */
export function acceptIncident(db: Database, act: Act, note?: string): Promise<number> {
  return perform(db, act, 'incident.accept', (row) => {
    refuseClosed(row);
    if (row.pendingOwner !== act.actor) throw new WorkflowFault('nothing-to-accept', 'the incident was not assigned to you');
    return { change: 'accepted', set: { owner: act.actor, pending_owner: null }, detail: { from: row.owner, ...withNote(note) } };
  });
}

export function commentIncident(db: Database, act: Act, text: string): Promise<number> {
  return perform(db, act, 'incident.comment', () => ({ change: 'commented', set: {}, detail: { text } }));
}

/**
 * Resolves by hand an incident whose cause nobody sees any more. One whose cause is down or degraded resolves by its recovery
 * only. Those who were told of it are told.
 */
export function resolveIncident(db: Database, act: Act, note: string): Promise<number> {
  return perform(db, act, 'incident.resolve', async (row, tx) => {
    if (row.state !== 'open' && row.state !== 'acknowledged')
      throw new WorkflowFault('not-under-way', 'the incident is already resolved or closed');
    if (row.kind === 'early-warning') {
      throw new WorkflowFault('cause-still-bad', 'an early warning resolves by itself once the error budget no longer burns too fast');
    }
    const cause = await tx.query<{ state: string }>('SELECT state FROM current_states WHERE subject = $1', [row.cause]);
    const state = cause.rows[0]?.state;
    if (state === 'down' || state === 'degraded') {
      throw new WorkflowFault('cause-still-bad', `the cause is still ${state}: the incident resolves when it serves again`);
    }
    await tx.query(
      `UPDATE incident_members SET left_at = greatest($2, joined_at) WHERE incident_id = $1 AND role = 'cause' AND left_at IS NULL`,
      [row.id, act.now],
    );
    const body = { resolution: 'by-hand' as const };
    await insertNotices(tx, [{ incident: row.id, step: 'resolved', occasion: '', body, decidedAt: act.now, dueAt: act.now }], act.now);
    return { change: 'resolved', set: { state: 'resolved', resolved_at: act.now }, detail: withNote(note) };
  });
}

export interface ClosingWords {
  readonly causeCategory?: string | undefined;
  readonly chargedParty?: string | null | undefined;
  readonly note?: string | undefined;
}

/** Ends the work on a resolved incident, saying what caused it and to whom it is charged. */
export function closeIncident(db: Database, act: Act, words: ClosingWords): Promise<number> {
  return perform(db, act, 'incident.close', (row) => {
    refuseClosed(row);
    if (row.state !== 'resolved')
      throw new WorkflowFault('not-resolved', 'the outage still goes on: only a resolved incident can be closed');
    const category = words.causeCategory === undefined ? {} : { cause_category: words.causeCategory };
    const party = words.chargedParty === undefined ? {} : { charged_party: words.chargedParty };
    const { causeCategory, chargedParty, note } = words;
    return {
      change: 'closed',
      set: { state: 'closed', closed_at: act.now, ...category, ...party },
      detail: { causeCategory, chargedParty, ...withNote(note) },
    };
  });
}

/** Takes a closed incident up again: it is resolved as before (its cause serves), and there is work to do on it. */
export function reopenIncident(db: Database, act: Act, note: string): Promise<number> {
  return perform(db, act, 'incident.reopen', (row) => {
    if (row.state !== 'closed') throw new WorkflowFault('not-closed', 'only a closed incident can be reopened');
    return { change: 'reopened', set: { state: 'resolved', closed_at: null }, detail: withNote(note) };
  });
}

/**
 * Makes a delivery due at once, with all its attempts anew: a dead one, or one that waits for its next attempt. A resolution that
 * was cancelled because of it is due after it.
 * The sweeper tells the bus within about three seconds. Returns the attempts made so far.
 */
export function retryDelivery(
  db: Database,
  id: string,
  by: { readonly actor: string; readonly source: string | null; readonly now: number },
): Promise<{ readonly attempt: number }> {
  const { actor, source, now } = by;
  return db.transaction(async (tx) => {
    const found = await tx.query<{ state: string; incident: string; step: string }>(
      'SELECT state, incident_id AS incident, step FROM deliveries WHERE id = $1 FOR UPDATE',
      [id],
    );
    const row = found.rows[0];
    if (!row) throw new WorkflowFault('delivery-unknown', 'there is no such delivery');
    if (row.state !== 'dead' && row.state !== 'retrying') {
      throw new WorkflowFault('delivery-not-dead', `only a delivery that is dead or retrying can be sent again; this one is ${row.state}`);
    }
    const revived = await tx.query<DueDelivery>(
      `UPDATE deliveries SET state = CASE WHEN id = $1 AND attempt > 0 THEN 'retrying' ELSE 'pending' END, attempt_base = attempt, due_at = $2, finished_at = NULL,
         last_error = CASE WHEN id = $1 THEN last_error END
       WHERE id = $1 OR (follows = $1 AND state = 'cancelled') RETURNING id, attempt, due_at AS "dueAt"`,
      [id, now],
    );
    await appendLog(
      tx,
      revived.rows.map((one) => ({
        kind: 'delivery',
        subject: one.id,
        body: { delivery: one.id, incident: row.incident, state: one.id === id ? 'retrying' : 'pending', attempt: one.attempt },
        eventAt: now,
      })),
      now,
    );
    await insertIncidentEvents(tx, [
      { incident: row.incident, at: now, kind: 'delivery-retried', actor, detail: { delivery: id, step: row.step } },
    ]);
    await appendAudit(tx, { at: now, actor, source, action: 'delivery.retry', object: id, result: 'done', detail: {} });
    return { attempt: revived.rows.find((one) => one.id === id)?.attempt ?? 0 };
  });
}

function withNote(note: string | undefined): Readonly<Record<string, unknown>> {
  return note === undefined ? {} : { note };
}

function refuseClosed(row: Row): void {
  if (row.state === 'closed') throw new WorkflowFault('closed', 'the incident is closed: reopen it first');
}

/** Changes after which outages may be charged otherwise. */
const CHARGING: ReadonlySet<IncidentBody['change']> = new Set(['resolved', 'closed', 'reopened']);

const COLUMNS = new Set([
  'state',
  'acknowledged_at',
  'resolved_at',
  'closed_at',
  'owner',
  'first_receiver',
  'pending_owner',
  'cause_category',
  'charged_party',
]);

// Locks the incident, lets `decide` say what changes (null: it is so already), and writes it with everything that goes with it.
// Returns the revision afterwards.
function perform(
  db: Database,
  act: Act,
  action: string,
  decide: (row: Row, tx: Transaction) => Change | null | Promise<Change | null>,
): Promise<number> {
  return db.transaction(async (tx) => {
    const found = await tx.query<Row>(
      `SELECT id, number, state, severity, cause_object AS cause, kind, revision, owner, pending_owner AS "pendingOwner"
       FROM incidents WHERE id = $1 FOR UPDATE`,
      [act.incident],
    );
    const row = found.rows[0];
    if (!row) throw new WorkflowFault('incident-unknown', 'there is no such incident');
    if (act.revision !== null && act.revision !== row.revision) {
      throw new WorkflowFault('revision-changed', `the incident is at revision ${row.revision}, not ${act.revision}: read it again`);
    }
    const decided = await decide(row, tx);
    const { actor, source, now } = act;
    if (decided === null) {
      await appendAudit(tx, { at: now, actor, source, action, object: row.id, result: 'done', detail: { unchanged: true } });
      return row.revision;
    }
    const { change, set, detail } = decided;
    const columns = Object.keys(set).filter((column) => COLUMNS.has(column));
    const assignments = columns.map((column, index) => `${column} = $${index + 2}, `).join('');
    const updated = await tx.query<{ revision: number; state: Row['state'] }>(
      `UPDATE incidents SET ${assignments}revision = revision + 1 WHERE id = $1 RETURNING revision, state`,
      [row.id, ...columns.map((column) => set[column])],
    );
    const { revision, state } = updated.rows[0] ?? { revision: row.revision, state: row.state };
    if (CHARGING.has(change)) await forgetIncidentAccounts(tx, [row.id]);
    await insertIncidentEvents(tx, [{ incident: row.id, at: now, kind: change, actor, detail }]);
    const body: IncidentBody = {
      incident: row.id,
      number: row.number,
      change,
      state,
      severity: row.severity,
      cause: row.cause,
      object: null,
    };
    await appendLog(tx, [{ kind: 'incident', subject: row.id, body, eventAt: now }], now);
    await appendAudit(tx, { at: now, actor, source, action, object: row.id, result: 'done', detail });
    return revision;
  });
}
