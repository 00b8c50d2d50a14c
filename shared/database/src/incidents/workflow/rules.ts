/** What acts have in common: what forbids them, and who people are. */
import type { Queryable } from '../../pool.ts';
import { WorkflowFault } from './fault.ts';
import type { Act, ActedOn } from './perform.ts';

export function isUnderWay(incident: Pick<ActedOn, 'state'>): boolean {
  return incident.state === 'open' || incident.state === 'acknowledged';
}

export function refuseEnded(incident: ActedOn): void {
  if (!isUnderWay(incident)) throw new WorkflowFault('not-under-way', 'the incident is already resolved or closed');
}

export function refuseClosed(incident: ActedOn): void {
  if (incident.state === 'closed') throw new WorkflowFault('closed', 'the incident is closed: reopen it first');
}

/** What this tier is only told of is worked on where it was opened; whoever has it there may ask this tier for help. */
export function refuseUntaken(incident: ActedOn): void {
  if (incident.taken) return;
  throw new WorkflowFault('not-taken', `this tier is only told of the incident: it is worked on at ${incident.home ?? 'its node'}`);
}

/** What the tier above offered waits for an answer to it before anything else; of what was opened here work goes on meanwhile. */
export function refuseOffered(incident: ActedOn): void {
  if (incident.home === null || incident.handed.from?.state !== 'offered') return;
  throw new WorkflowFault('hand-over-offered', `${incident.handed.from.node} offers the incident: accept it, or decline it, first`);
}

/** What an incident is about is the word of the node where it was opened. */
export function refuseForeign(incident: ActedOn, why: string): void {
  if (incident.home !== null) throw new WorkflowFault('opened-elsewhere', `the incident was opened at ${incident.home}: ${why}`);
}

/** A merged incident is worked on in the one it was merged into. */
export function refuseMerged(incident: ActedOn): void {
  if (incident.mergedInto === null) return;
  throw new WorkflowFault('merged', 'the incident was merged into another (mergedInto): act on that one, or take it out again (unmerge)');
}

export function withNote(note: string | undefined): Readonly<Record<string, unknown>> {
  return note === undefined ? {} : { note };
}

/** Whoever acts first on an incident is its first receiver, and accountable from then on (首问负责). */
export function firstReceiver(incident: ActedOn, act: Act): { readonly owner?: string; readonly first_receiver?: string } {
  return incident.owner === null ? { owner: act.actor, first_receiver: act.actor } : {};
}

const CONTACTS = `inventory WHERE entity = 'contact' AND superseded_at IS NULL AND valid_to IS NULL`;

/** Whether anybody goes by that name: a contact, an account of one, somebody who may sign in, or a token that is valid. `bootstrap` is the token of the environment. */
export async function isPerson(tx: Queryable, name: string, now: number): Promise<boolean> {
  if (name === 'bootstrap') return true;
  const found = await tx.query(
    `SELECT 1 FROM ${CONTACTS} AND (id = $1 OR body -> 'accounts' ? $1)
     UNION ALL SELECT 1 FROM accounts WHERE name = $1 AND disabled_at IS NULL
     UNION ALL SELECT 1 FROM api_tokens WHERE name = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2) LIMIT 1`,
    [name, now],
  );
  return found.rows.length > 0;
}

/** Whether the one who acts as `actor` is meant by `name`: by that very name, or as the contact whose account it is. */
export async function isMeant(tx: Queryable, name: string | null, actor: string): Promise<boolean> {
  if (name === null || name === actor) return name !== null;
  const found = await tx.query(
    `SELECT 1 FROM ${CONTACTS} AND (id = $1 OR body -> 'accounts' ? $1) AND (id = $2 OR body -> 'accounts' ? $2)`,
    [name, actor],
  );
  return found.rows.length > 0;
}
