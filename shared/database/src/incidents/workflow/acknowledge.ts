import type { Database, Transaction } from '../../pool.ts';
import { type Act, type ActedOn, type Change, perform } from './perform.ts';
import { firstReceiver, isUnderWay, refuseEnded, refuseMerged, refuseOffered, refuseUntaken, withNote } from './rules.ts';

/**
 * The first to acknowledge becomes owner and first receiver (首问负责). Acknowledging again only adds a note that was not given
 * before; without one nothing changes, the revision neither. What is merged into it is acknowledged with it.
 */
export function acknowledgeIncident(db: Database, act: Act, note?: string): Promise<number> {
  return perform(db, act, 'incident.acknowledge', async (incident, { tx, merged }) => {
    refuseUntaken(incident);
    refuseOffered(incident);
    refuseEnded(incident);
    refuseMerged(incident);
    if (incident.state === 'acknowledged' && (await hasAcknowledged(tx, act, note))) return null;
    const also = merged.flatMap((one) => acknowledgedWith(one, incident, act));
    const set = { ...acknowledgement(incident, act), ...firstReceiver(incident, act) };
    return { change: 'acknowledged', set, detail: withNote(note), also };
  });
}

/** What of an incident is set when somebody answers for it; nothing when that was done before. */
export function acknowledgement(incident: ActedOn, act: Pick<Act, 'now'>): Pick<Change['set'], 'state' | 'acknowledged_at'> {
  return incident.state === 'open' ? { state: 'acknowledged', acknowledged_at: act.now } : {};
}

/** Of an incident merged into `other`: that somebody answers for that one; nothing when it has been answered for. */
export function acknowledgedWith(
  incident: ActedOn,
  other: Pick<ActedOn, 'number'>,
  act: Pick<Act, 'now'>,
): { readonly incident: ActedOn; readonly change: Change }[] {
  if (!isUnderWay(incident) || incident.state === 'acknowledged') return [];
  return [{ incident, change: { change: 'acknowledged', set: acknowledgement(incident, act), detail: { with: other.number } } }];
}

async function hasAcknowledged(tx: Transaction, act: Act, note: string | undefined): Promise<boolean> {
  const said = await tx.query<{ note: string | null }>(
    `SELECT detail ->> 'note' AS note FROM incident_events WHERE incident_id = $1 AND actor = $2 AND kind = 'acknowledged'`,
    [act.incident, act.actor],
  );
  return said.rows.some((row) => note === undefined || row.note === note);
}
