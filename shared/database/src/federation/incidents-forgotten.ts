/** Incidents that the node where they were opened knows no more: a back-up was restored there, and nobody else could ever say that they are over. */
import type { IncidentBody } from '@beacontower/contracts';
import { forgetIncidentAccounts } from '../accounting/forget.ts';
import { insertIncidentEvents } from '../incidents/incidents.ts';
import { appendLog } from '../log.ts';
import { insertNotices } from '../notices/notices.ts';
import type { Queryable } from '../pool.ts';

type Ended = Pick<IncidentBody, 'number' | 'state' | 'severity' | 'cause'> & {
  readonly kind: NonNullable<IncidentBody['kind']>;
  readonly taken: boolean;
  readonly [column: string]: unknown;
};

/**
 * Ends an incident that its home, `node`, does not know any more, in the caller's transaction. What still lasts there was opened there anew. Of what was
 * not opened at that node nothing is changed.
 */
export async function endForgotten(tx: Queryable, incident: string, node: string, now: number): Promise<void> {
  const { rows } = await tx.query<Ended>(
    `UPDATE incidents SET resolved_at = greatest($3, started_at), state = CASE WHEN state IN ('open', 'acknowledged') THEN 'resolved' ELSE state END,
       revision = revision + 1
     WHERE id = $1::uuid AND home = $2 AND resolved_at IS NULL RETURNING number, state, severity, cause_object AS cause, kind, taken`,
    [incident, node, now],
  );
  const [row] = rows;
  if (row === undefined) return;
  await tx.query('UPDATE incident_members SET left_at = greatest($2, joined_at) WHERE incident_id = $1::uuid AND left_at IS NULL', [
    incident,
    now,
  ]);
  await forgetIncidentAccounts(tx, [incident]);
  const detail = { reason: 'home-forgot', node };
  await insertIncidentEvents(tx, [{ incident, at: now, kind: 'resolved', actor: 'system', detail }]);
  const { taken, ...head } = row;
  const body: IncidentBody = { ...head, incident, change: 'told', object: null };
  await appendLog(tx, [{ kind: 'incident', subject: incident, body, eventAt: now }], now);
  if (!taken) return;
  const resolution = { resolution: 'unwatched' as const };
  await insertNotices(tx, [{ incident, step: 'resolved', occasion: '', body: resolution, decidedAt: now, dueAt: now }], now);
}
