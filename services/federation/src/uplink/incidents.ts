/** From incidents of the record to lines of kind `incident` (decision 0027). */
import type { IncidentPayload, LogEntry } from '@beacontower/contracts';
import { type Queryable, readBelowAmong, readIncidentsNumbered, type TellingScope, tellIncidents } from '@beacontower/database';
import type { Said } from '../protocol/chain.ts';

/**
 * What entries of the log come to, of the incidents that they name: each as it stands now, once. Call it in the transaction in which the lines
 * are made; what is handed back counts as told.
 */
export async function sayIncidents(tx: Queryable, scope: TellingScope, entries: readonly LogEntry[]): Promise<Said[]> {
  const last = new Map<string, LogEntry>();
  for (const entry of await withoutEchoes(tx, entries)) if (entry.kind === 'incident') last.set(entry.body.incident, entry);
  const told = await tellIncidents(tx, scope, [...last.keys()]);
  return told.map((payload) => {
    const { eventAt = 0, recordedAt = 0 } = last.get(payload.incident.id) ?? {};
    return saidOf(payload, eventAt, recordedAt);
  });
}

// What the tiers above said is no news to them.
async function withoutEchoes(tx: Queryable, entries: readonly LogEntry[]): Promise<LogEntry[]> {
  const tellerOf = (entry: LogEntry) => (entry.kind === 'incident' && entry.body.change === 'told' ? entry.body.other : undefined);
  const tellers = entries.flatMap((entry) => tellerOf(entry) ?? []);
  const below = await readBelowAmong(tx, [...new Set(tellers)]);
  return entries.filter((entry) => {
    const teller = tellerOf(entry);
    return teller === undefined || below.has(teller);
  });
}

/** Incidents that were there before this node first reported, numbered after `after`: what says them, and how far that goes. */
export async function incidentHistory(
  db: Queryable,
  scope: TellingScope,
  { after, limit, now }: { readonly after: number; readonly limit: number; readonly now: number },
): Promise<{ readonly say: (tx: Queryable) => Promise<Said[]>; readonly last: number; readonly isWhole: boolean }> {
  const { ids, last, isWhole } = await readIncidentsNumbered(db, after, limit);
  const say = async (tx: Queryable) =>
    (await tellIncidents(tx, scope, ids)).map((payload) => saidOf(payload, payload.incident.started.at, now));
  return { say, last, isWhole };
}

function saidOf(payload: IncidentPayload, eventAt: number, recordedAt: number): Said {
  return { kind: 'incident', eventAt, recordedAt, payload };
}
