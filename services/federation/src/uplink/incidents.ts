/** From incidents of the record to lines of kind `incident` (decision 0027). */
import type { IncidentPayload, LogEntry } from '@beacontower/contracts';
import { type Queryable, readIncidentsNumbered, type TellingScope, tellIncidents } from '@beacontower/database';
import type { Said } from '../protocol/chain.ts';

/**
 * What entries of the log come to, of the incidents that they name: each as it stands now, once, at the place of the last entry that names it.
 * Call it in the transaction in which the lines are made; what is handed back counts as told.
 */
export async function buildIncidents(tx: Queryable, scope: TellingScope, entries: readonly LogEntry[]): Promise<Map<number, Said[]>> {
  const last = new Map<string, LogEntry>();
  for (const entry of entries) if (entry.kind === 'incident') last.set(entry.body.incident, entry);
  const told = await tellIncidents(tx, scope, [...last.keys()]);
  const said = new Map<number, Said[]>();
  for (const payload of told) {
    const entry = last.get(payload.incident.id);
    if (entry === undefined) continue;
    const before = said.get(entry.sequence) ?? [];
    said.set(entry.sequence, [...before, saidOf(payload, entry.eventAt, entry.recordedAt)]);
  }
  return said;
}

/** What is said of incidents that were there before this node first reported: those after a number, and how far that goes. */
export async function buildIncidentHistory(
  tx: Queryable,
  scope: TellingScope,
  { after, limit, now }: { readonly after: number; readonly limit: number; readonly now: number },
): Promise<{ readonly said: readonly Said[]; readonly last: number; readonly isWhole: boolean }> {
  const { ids, last, isWhole } = await readIncidentsNumbered(tx, after, limit);
  const told = await tellIncidents(tx, scope, ids);
  return { said: told.map((payload) => saidOf(payload, payload.incident.started.at, now)), last, isWhole };
}

function saidOf(payload: IncidentPayload, eventAt: number, recordedAt: number): Said {
  return { kind: 'incident', eventAt, recordedAt, payload };
}
