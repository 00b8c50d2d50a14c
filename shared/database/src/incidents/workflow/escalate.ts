import type { EscalatedIncident } from '@beacontower/contracts';
import { divisionCovers } from '@beacontower/domain';
import type { Database, Queryable } from '../../pool.ts';
import { WorkflowFault } from './fault.ts';
import { type Act, type ActedOn, perform } from './perform.ts';
import { refuseEnded, refuseMerged, refuseUntaken } from './rules.ts';

/**
 * Asks the tier above to act on the incident too: there it gets an owner and clocks of that tier's own, and whoever the routes there name is told. Who
 * has it here keeps it. It is told with the next line of this node's log, however long the link is down; asked again, nothing changes.
 */
export function escalateIncident(db: Database, act: Act, note: string): Promise<number> {
  return perform(db, act, 'incident.escalate', async (incident, { tx }) => {
    refuseUntaken(incident);
    refuseEnded(incident);
    refuseMerged(incident);
    if (incident.escalated !== null) return null;
    await refuseWithoutTierAbove(tx, incident);
    const escalated: EscalatedIncident = { at: act.now, by: act.actor, note };
    return { change: 'asked-above', set: { escalated }, detail: { note } };
  });
}

// The tier above is told of what lies in the division that this node speaks for, and of nothing else.
async function refuseWithoutTierAbove(tx: Queryable, { id }: ActedOn): Promise<void> {
  const uplink = await tx.query<{ state: string }>('SELECT state FROM uplink');
  if (uplink.rows[0]?.state !== 'enrolled') throw new WorkflowFault('no-tier-above', 'this node reports to no other');
  const { rows } = await tx.query<{ division: string; own: string | null }>(
    `SELECT n.division, (SELECT body ->> 'division' FROM inventory WHERE entity = 'node' AND valid_to IS NULL AND superseded_at IS NULL) AS own
     FROM incidents n WHERE n.id = $1`,
    [id],
  );
  const [row] = rows;
  if (row !== undefined && !divisionCovers(row.own ?? '', row.division)) {
    throw new WorkflowFault('no-tier-above', `the tier above is told of ${row.own ?? 'nothing'}; the incident lies in ${row.division}`);
  }
}
