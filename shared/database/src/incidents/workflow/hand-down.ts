/** Hand-over between tiers: the tier above offers an incident to a node below, where a person accepts or declines it. */
import type { HandOver, IncidentPayload } from '@beacontower/contracts';
import { divisionCovers } from '@beacontower/domain';
import { addDownwardItems, supersedeHandOver } from '../../federation/downward.ts';
import { readPayloadForBelow } from '../../federation/incidents-below.ts';
import { answerUplinkItem } from '../../federation/uplink-items.ts';
import { readNodeIdentity } from '../../inventory/identity.ts';
import type { Database, Queryable } from '../../pool.ts';
import { acknowledgedWith, acknowledgement } from './acknowledge.ts';
import { WorkflowFault } from './fault.ts';
import { type Act, type ActedOn, perform } from './perform.ts';
import { refuseClosed, refuseMerged, refuseUntaken, withNote } from './rules.ts';

/** To whom an incident is given: a node, and if anybody is meant there, whom. */
export interface HandDown {
  readonly node: string;
  readonly to?: string | undefined;
  readonly note: string;
}

/** Offers the incident to a node that reports here. This tier keeps it, with its own owner and clocks; that one has it as well once it has accepted. */
export function handDownIncident(db: Database, act: Act, { node, to, note }: HandDown): Promise<number> {
  return perform(db, act, 'incident.hand-down', async (incident, { tx }) => {
    refuseUntaken(incident);
    refuseClosed(incident);
    refuseMerged(incident);
    const { down } = incident.handed;
    if (down !== null && (down.state === 'offered' || down.state === 'accepted')) {
      throw new WorkflowFault('handed-down-already', `the incident was given to ${down.node} already: it is ${down.state} there`);
    }
    const payload = await payloadFor(tx, incident, node);
    const body = { incident: payload, to: to ?? null, note, by: act.actor };
    const item = { node, kind: 'hand-over', subject: incident.id, payload: body, by: act.actor } as const;
    const [number = 0] = await addDownwardItems(tx, [item], act.now);
    const offered: HandOver = {
      ...{ node, number, at: act.now, by: act.actor, note, to: to ?? null, state: 'offered' },
      ...{ answeredAt: null, answeredBy: null, answer: null },
    };
    const detail = { node, ...(to === undefined ? {} : { to }), note };
    return { change: 'handed-down', set: { handed: { ...incident.handed, down: offered } }, detail, log: { other: node } };
  });
}

/** Takes back what was offered to a node below and nobody there has accepted, as far as is known here: from now on it is with this tier alone. */
export function withdrawHandDown(db: Database, act: Act, note: string): Promise<number> {
  return perform(db, act, 'incident.withdraw-hand-down', async (incident, { tx }) => {
    const { down } = incident.handed;
    if (down?.state !== 'offered') throw new WorkflowFault('nothing-handed-down', 'nothing was handed down that still waits for an answer');
    await supersedeHandOver(tx, down, act.now);
    return {
      ...{ change: 'hand-over-withdrawn', set: { handed: { ...incident.handed, down: withdrawn(down, act, note) } } },
      ...{ detail: { node: down.node, note }, log: { other: down.node } },
    };
  });
}

/** A hand-over as it stands once somebody here has taken it back. */
export function withdrawn(down: HandOver, { actor, now }: Pick<Act, 'actor' | 'now'>, note: string | null): HandOver {
  return { ...down, state: 'withdrawn', answeredAt: now, answeredBy: actor, answer: note };
}

async function payloadFor(tx: Queryable, { id }: ActedOn, node: string): Promise<IncidentPayload> {
  const found = await tx.query<{ division: string; via: string | null; capabilities: string[] }>(
    'SELECT division, via, capabilities FROM federation_nodes WHERE node = $1 AND removed_at IS NULL',
    [node],
  );
  const [held] = found.rows;
  if (held === undefined) throw new WorkflowFault('node-unknown', `no node "${node}" reports here`);
  if (held.via !== null) throw new WorkflowFault('node-unknown', `${node} reports through ${held.via}: hand it down to that node`);
  if (!held.capabilities.includes('hand-over')) throw new WorkflowFault('node-cannot-take', `the system of ${node} takes no hand-overs`);
  const payload = await readPayloadForBelow(tx, (await readNodeIdentity(tx))?.node ?? '', id);
  if (payload === null) throw new WorkflowFault('incident-unknown', 'there is no such incident');
  const { division } = payload.incident;
  if (!divisionCovers(held.division, division))
    throw new WorkflowFault('not-within-node', `${node} is there for ${held.division}; the incident lies in ${division}`);
  return payload;
}

/** Accepts what the tier above offered: whoever does is the owner here, and has answered for the incident; the tier above is told. */
export function acceptHandOver(db: Database, act: Act, note?: string): Promise<number> {
  return perform(db, act, 'incident.accept-hand-over', async (incident, { tx, merged }) => {
    refuseClosed(incident);
    const from = offered(incident);
    const receipt = { number: from.number, outcome: 'accepted' as const, code: null, detail: note ?? null, by: act.actor, at: act.now };
    await answerUplinkItem(tx, receipt);
    const answered: HandOver = { ...from, state: 'accepted', answeredAt: act.now, answeredBy: act.actor, answer: note ?? null };
    const owner = { owner: act.actor, pending_owner: null, ...(incident.owner === null ? { first_receiver: act.actor } : {}) };
    const set = { ...acknowledgement(incident, act), ...owner, handed: { ...incident.handed, from: answered } };
    const also = merged.flatMap((one) => acknowledgedWith(one, incident, act));
    return { change: 'hand-over-accepted', set, detail: { from: from.node, ...withNote(note) }, log: { other: from.node }, also };
  });
}

/** Sends back what the tier above offered, with the reason: it stays there, and here it is only told of unless it was this tier's own. */
export function declineHandOver(db: Database, act: Act, note: string): Promise<number> {
  return perform(db, act, 'incident.decline-hand-over', async (incident, { tx }) => {
    const from = offered(incident);
    const receipt = { number: from.number, outcome: 'declined' as const, code: null, detail: note, by: act.actor, at: act.now };
    await answerUplinkItem(tx, receipt);
    const answered: HandOver = { ...from, state: 'declined', answeredAt: act.now, answeredBy: act.actor, answer: note };
    const set = { handed: { ...incident.handed, from: answered }, ...(await givenUp(tx, incident)) };
    return { change: 'hand-over-declined', set, detail: { from: from.node, note }, log: { other: from.node } };
  });
}

// What is only told of is as far as it is where it was opened.
async function givenUp(tx: Queryable, { id, home, state }: ActedOn) {
  if (home === null) return {};
  const asked = await tx.query('SELECT 1 FROM incidents WHERE id = $1 AND asked IS NOT NULL', [id]);
  if (asked.rows.length > 0) return {};
  const { rows } = await tx.query<{ state: ActedOn['state'] }>(
    `SELECT body ->> 'state' AS state FROM incident_tiers WHERE incident_id = $1 AND node = $2`,
    [id, home],
  );
  return { taken: false, pending_owner: null, state: rows[0]?.state ?? state };
}

function offered({ handed: { from } }: ActedOn): HandOver {
  if (from?.state === 'offered') return from;
  throw new WorkflowFault('nothing-handed-over', 'the tier above has offered nothing here that waits for an answer');
}
