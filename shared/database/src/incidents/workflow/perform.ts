/** How every act on an incident is done: one transaction with its lines in timelines, its log rows and its audit row. */
import { type EscalatedIncident, HandedIncident, type IncidentBody, type IncidentKind, type TimelineKind } from '@beacontower/contracts';
import { appendAudit } from '../../access/audit.ts';
import { forgetIncidentAccounts } from '../../accounting/forget.ts';
import { appendLog } from '../../log.ts';
import type { Database, Transaction } from '../../pool.ts';
import { insertIncidentEvents } from '../incidents.ts';
import { WorkflowFault } from './fault.ts';

/** Who acts, from where, and on which revision (`If-Match`; null: whatever it is). `now` is epoch ms. */
export interface Act {
  readonly incident: string;
  readonly actor: string;
  readonly source: string | null;
  readonly revision: number | null;
  readonly now: number;
}

/** An incident as acts see it, locked until their transaction ends. */
export interface ActedOn {
  readonly id: string;
  readonly number: number;
  readonly state: IncidentBody['state'];
  readonly severity: IncidentBody['severity'];
  readonly cause: string;
  readonly kind: IncidentKind;
  readonly revision: number;
  readonly owner: string | null;
  readonly pendingOwner: string | null;
  readonly causeCategory: string | null;
  readonly chargedParty: string | null;
  readonly mergedInto: string | null;
  readonly acknowledgedAt: number | null;
  /** The node where it was opened, whose word its facts are; null: this one. */
  readonly home: string | null;
  /** Whether this tier acts on it, or is only told of it. */
  readonly taken: boolean;
  readonly escalated: EscalatedIncident | null;
  readonly handed: HandedIncident;
  readonly [column: string]: unknown;
}

/** Columns that acts may set. */
interface Settable {
  readonly state?: IncidentBody['state'];
  readonly acknowledged_at?: number;
  readonly resolved_at?: number;
  readonly closed_at?: number | null;
  readonly owner?: string;
  readonly first_receiver?: string;
  readonly pending_owner?: string | null;
  readonly cause_category?: string;
  readonly charged_party?: string | null;
  readonly merged_into?: string | null;
  readonly taken?: boolean;
  readonly escalated?: EscalatedIncident;
  readonly handed?: HandedIncident;
}

/** What an act changes of one incident: columns to set, what is said about it, and what befalls others with it. */
export interface Change {
  readonly change: TimelineKind & IncidentBody['change'];
  readonly set: Settable;
  readonly detail: Readonly<Record<string, unknown>>;
  /** For the log row, beside what every one has. */
  readonly log?: Pick<IncidentBody, 'objects' | 'other'>;
  readonly also?: readonly { readonly incident: ActedOn; readonly change: Change }[];
}

/** Everything a decision sees. */
export interface Scene {
  readonly tx: Transaction;
  /** Incidents that were merged into the one acted on. */
  readonly merged: readonly ActedOn[];
  /** Incidents named beside it, by id; one that is not there is unknown. */
  readonly named: ReadonlyMap<string, ActedOn>;
}

/** Says what changes (null: it is so already); throws a `WorkflowFault` when it cannot be. */
export type Decide = (incident: ActedOn, scene: Scene) => Change | null | Promise<Change | null>;

/** Changes after which outages may be charged otherwise. */
const CHARGING: ReadonlySet<IncidentBody['change']> = new Set(['resolved', 'closed', 'reopened']);

/** Locks the incident, lets `decide` say what changes, and writes it with everything that goes with it. Returns the revision afterwards. */
export function perform(db: Database, act: Act, action: string, decide: Decide, named: readonly string[] = []): Promise<number> {
  return db.transaction(async (tx) => {
    const found = await lock(tx, act.incident, named);
    const incident = found.get(act.incident);
    if (!incident) throw new WorkflowFault('incident-unknown', 'there is no such incident');
    const { actor, source, now } = act;
    if (act.revision !== null && act.revision !== incident.revision) {
      throw new WorkflowFault('revision-changed', `the incident is at revision ${incident.revision}, not ${act.revision}: read it again`);
    }
    const merged = [...found.values()].filter((one) => one.mergedInto === incident.id);
    const change = await decide(incident, { tx, merged, named: new Map(named.flatMap((id) => entryOf(found, id))) });
    const detail = change === null ? { unchanged: true } : auditOf(change);
    const revision = change === null ? incident.revision : await write(tx, act, incident, change);
    await appendAudit(tx, { at: now, actor, source, action, object: incident.id, result: 'done', detail });
    return revision;
  });
}

// All at once and in the order of their ids, so that two acts on the same incidents cannot wait for each other. What only points at an
// incident (a line of its timeline) need not wait: the key is not touched.
async function lock(tx: Transaction, id: string, named: readonly string[]): Promise<Map<string, ActedOn>> {
  const result = await tx.query<ActedOn>(
    `SELECT id, number, state, severity, cause_object AS cause, kind, revision, owner, pending_owner AS "pendingOwner",
       cause_category AS "causeCategory", charged_party AS "chargedParty", merged_into AS "mergedInto", acknowledged_at AS "acknowledgedAt",
       home, taken, escalated, handed
     FROM incidents WHERE id = ANY ($1::uuid[]) OR merged_into = $2 ORDER BY id FOR NO KEY UPDATE`,
    [[id, ...named], id],
  );
  return new Map(result.rows.map((row) => [row.id, { ...row, handed: HandedIncident.parse(row.handed ?? {}) }]));
}

// What befell others with it is part of what was done.
function auditOf({ detail, also = [] }: Change): Readonly<Record<string, unknown>> {
  return also.length === 0 ? detail : { ...detail, also: also.map((other) => other.incident.id) };
}

function entryOf(found: ReadonlyMap<string, ActedOn>, id: string): [string, ActedOn][] {
  const incident = found.get(id);
  return incident === undefined ? [] : [[id, incident]];
}

async function write(tx: Transaction, act: Act, incident: ActedOn, { change, set, detail, log, also }: Change): Promise<number> {
  const { actor, now } = act;
  const columns = Object.entries(set);
  const assignments = columns.map(([column], index) => `${column} = $${index + 2}, `).join('');
  const updated = await tx.query<Pick<ActedOn, 'revision' | 'state'>>(
    `UPDATE incidents SET ${assignments}revision = revision + 1 WHERE id = $1 RETURNING revision, state`,
    [incident.id, ...columns.map(([, value]) => value)],
  );
  const { revision, state } = updated.rows[0] ?? incident;
  if (CHARGING.has(change)) await forgetIncidentAccounts(tx, [incident.id]);
  await insertIncidentEvents(tx, [{ incident: incident.id, at: now, kind: change, actor, detail }]);
  const { number, severity, cause, kind } = incident;
  const body: IncidentBody = { incident: incident.id, number, change, state, severity, cause, kind, object: null, ...log };
  await appendLog(tx, [{ kind: 'incident', subject: incident.id, body, eventAt: now }], now);
  for (const other of also ?? []) await write(tx, act, other.incident, other.change);
  return revision;
}
