/** Hand-over with acceptance (首问负责): who has an incident stays accountable until another accepts it, or it is closed. */
import { insertNotices } from '../../notices/notices.ts';
import type { Database, Queryable } from '../../pool.ts';
import { acknowledgedWith, acknowledgement } from './acknowledge.ts';
import { WorkflowFault } from './fault.ts';
import { type Act, type ActedOn, perform } from './perform.ts';
import { firstReceiver, isMeant, isPerson, refuseClosed, refuseMerged, refuseOffered, refuseUntaken, withNote } from './rules.ts';

/**
 * Offers the incident to another, who is told; the present owner stays accountable until that one accepts. Who offers one that nobody
 * had is its first receiver. An offer that stands already changes nothing, unless there is a note to add: then it is told anew.
 */
export function assignIncident(db: Database, act: Act, to: string, note?: string): Promise<number> {
  return perform(db, act, 'incident.assign', async (incident, { tx }) => {
    refuseUntaken(incident);
    refuseOffered(incident);
    refuseClosed(incident);
    refuseMerged(incident);
    if (!(await isPerson(tx, to, act.now))) {
      throw new WorkflowFault('person-unknown', `nobody is called "${to}": name a contact, one of its accounts, or a token that is valid`);
    }
    const stands = incident.pendingOwner === to || (incident.owner === to && incident.pendingOwner === null);
    if (stands && note === undefined) return null;
    const received = firstReceiver(incident, act);
    // Who takes what nobody had need not accept it from himself.
    if (received.owner === to) return { change: 'assigned', set: received, detail: { to, ...withNote(note) } };
    await tell(tx, incident, act, to, note);
    return { change: 'assigned', set: { ...received, pending_owner: to }, detail: { to, ...withNote(note) } };
  });
}

/** Accepts what was offered to the actor, who is the owner from now on, and has answered for the incident. */
export function acceptIncident(db: Database, act: Act, note?: string): Promise<number> {
  return perform(db, act, 'incident.accept', async (incident, { tx, merged }) => {
    refuseUntaken(incident);
    refuseClosed(incident);
    refuseMerged(incident);
    if (!(await isMeant(tx, incident.pendingOwner, act.actor))) {
      throw new WorkflowFault('nothing-to-accept', 'the incident was not assigned to you');
    }
    const set = { ...acknowledgement(incident, act), owner: act.actor, pending_owner: null };
    const also = merged.flatMap((one) => acknowledgedWith(one, incident, act));
    return { change: 'accepted', set, detail: { from: incident.owner, ...withNote(note) }, also };
  });
}

/** Declines what was offered to the actor, or takes back what he, its owner, offered: the owner keeps it, and is told. */
export function declineIncident(db: Database, act: Act, note: string): Promise<number> {
  return perform(db, act, 'incident.decline', async (incident, { tx }) => {
    refuseUntaken(incident);
    refuseClosed(incident);
    const { pendingOwner, owner } = incident;
    const isOffered = await isMeant(tx, pendingOwner, act.actor);
    if (pendingOwner === null || !(isOffered || owner === act.actor)) {
      throw new WorkflowFault('nothing-to-decline', 'the incident was neither offered to you nor by you');
    }
    if (owner !== null && owner !== act.actor) await tell(tx, incident, act, owner, note);
    return { change: 'declined', set: { pending_owner: null }, detail: { to: pendingOwner, owner, ...withNote(note) } };
  });
}

function tell(tx: Queryable, { id, revision }: ActedOn, { actor, now }: Act, to: string, note: string | undefined): Promise<void> {
  const body = { to, by: actor, ...(note === undefined ? {} : { note }) };
  const occasion = `${to} ${revision + 1}`;
  return insertNotices(tx, [{ incident: id, step: 'assigned', occasion, body, decidedAt: now, dueAt: now }], now);
}
