import type { IncidentKind } from '@beacontower/contracts';
import { insertNotices } from '../../notices/notices.ts';
import type { Database, Queryable } from '../../pool.ts';
import { WorkflowFault } from './fault.ts';
import { type Act, type ActedOn, perform } from './perform.ts';
import { refuseEnded, refuseForeign, withNote } from './rules.ts';

/** Incidents of these kinds end with what they are about, and what that is still holds while they last. */
const BY_THEMSELVES: Readonly<Partial<Record<IncidentKind, string>>> = {
  'early-warning': 'an early warning resolves by itself once the error budget no longer burns too fast',
  condition: 'the incident resolves by itself once its condition no longer holds, or leaves the configuration',
  flapping: 'the incident resolves by itself once the object no longer comes and goes',
  link: 'the incident resolves by itself once the node is heard again, or is removed',
};

/**
 * Resolves by hand an incident whose cause nobody sees any more. One whose cause is down or degraded resolves by its recovery
 * only. Those who were told of it are told.
 */
export function resolveIncident(db: Database, act: Act, note: string): Promise<number> {
  return perform(db, act, 'incident.resolve', async (incident, { tx }) => {
    if (!(await isHomeGone(tx, incident))) refuseForeign(incident, 'it ends there');
    refuseEnded(incident);
    const why = BY_THEMSELVES[incident.kind];
    if (why !== undefined && incident.home === null) throw new WorkflowFault('cause-still-bad', why);
    const cause = await tx.query<{ state: string }>('SELECT state FROM current_states WHERE subject = $1', [incident.cause]);
    const state = cause.rows[0]?.state;
    if (state === 'down' || state === 'degraded') {
      throw new WorkflowFault('cause-still-bad', `the cause is still ${state}: the incident resolves when it serves again`);
    }
    await tx.query(
      `UPDATE incident_members SET left_at = greatest($2, joined_at) WHERE incident_id = $1 AND role = 'cause' AND left_at IS NULL`,
      [incident.id, act.now],
    );
    const body = { resolution: 'by-hand' as const };
    await insertNotices(tx, [{ incident: incident.id, step: 'resolved', occasion: '', body, decidedAt: act.now, dueAt: act.now }], act.now);
    return { change: 'resolved', set: { state: 'resolved', resolved_at: act.now }, detail: withNote(note) };
  });
}

// Of a node that was put out, or that this one left, nobody will ever hear that it is over.
async function isHomeGone(tx: Queryable, { home }: ActedOn): Promise<boolean> {
  if (home === null) return false;
  const { rows } = await tx.query<{ gone: boolean }>(
    `SELECT CASE WHEN f.node IS NULL THEN NOT EXISTS (SELECT FROM uplink WHERE state <> 'left') ELSE f.removed_at IS NOT NULL END AS gone
     FROM (SELECT 1) AS one LEFT JOIN federation_nodes f ON f.node = $1`,
    [home],
  );
  return rows[0]?.gone === true;
}
