import { HandedIncident, type HandOver, type IncidentBody } from '@beacontower/contracts';
import { insertIncidentEvents } from '../incidents/incidents.ts';
import { appendLog, type NewLogEntry } from '../log.ts';
import type { Queryable } from '../pool.ts';
import { supersedeHandOver } from './downward.ts';

type Held = Pick<IncidentBody, 'number' | 'state' | 'severity' | 'cause'> & {
  readonly id: string;
  readonly kind: NonNullable<IncidentBody['kind']>;
  readonly handed: unknown;
  readonly [column: string]: unknown;
};

/**
 * Takes back everything that was handed down to a node that is put out, in the caller's transaction, accepted or not: nobody hears of it from there any more, so
 * it is with this tier alone.
 */
export async function takeBackFrom(
  tx: Queryable,
  node: string,
  { actor, note, now }: { readonly actor: string; readonly note: string; readonly now: number },
): Promise<void> {
  const { rows } = await tx.query<Held>(
    `SELECT id, number, state, severity, cause_object AS cause, kind, handed FROM incidents
     WHERE handed #>> '{down,node}' = $1 AND handed #>> '{down,state}' IN ('offered', 'accepted') ORDER BY id FOR NO KEY UPDATE`,
    [node],
  );
  const entries: NewLogEntry[] = [];
  for (const { id, handed: kept, ...head } of rows) {
    const handed = HandedIncident.parse(kept ?? {});
    if (handed.down === null) continue;
    const down: HandOver = { ...handed.down, state: 'withdrawn', answeredAt: now, answeredBy: actor, answer: note };
    await supersedeHandOver(tx, down, now);
    await tx.query('UPDATE incidents SET handed = $2, revision = revision + 1 WHERE id = $1', [id, JSON.stringify({ ...handed, down })]);
    await insertIncidentEvents(tx, [{ incident: id, at: now, kind: 'hand-over-withdrawn', actor, detail: { node, note } }]);
    const body: IncidentBody = { ...head, incident: id, change: 'hand-over-withdrawn', object: null, other: node };
    entries.push({ kind: 'incident', subject: id, body, eventAt: now });
  }
  await appendLog(tx, entries, now);
}
