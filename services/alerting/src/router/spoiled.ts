import { FencedOut, insertIncidentEvents, type Notice, type Queryable, takeNotices } from '@beacontower/database';
import type { RoutedTurn } from './turn.ts';

/** Whether an error is the fault of what was to be told (a row that cannot be read or written), which trying again does not mend. */
export function isSpoiled(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof FencedOut) return false;
  const code = 'code' in error ? error.code : undefined;
  // SQLSTATE classes 22 (data exception) and 23 (integrity constraint); what has no code was not met by a server.
  return code === undefined || (typeof code === 'string' && /^2[23]\w{3}$/.test(code));
}

/** Takes a notice that cannot be told: the timeline of its incident says so, and the counter of what failed. */
export async function giveUp(tx: Queryable, { id, incident, step }: Notice, error: unknown, now: number): Promise<RoutedTurn> {
  const detail = { step, reason: 'routing-failed', error: error instanceof Error ? error.message.slice(0, 500) : String(error) };
  if (incident !== null) await insertIncidentEvents(tx, [{ incident, at: now, kind: 'nobody-told', actor: 'system', detail }]);
  await takeNotices(tx, [{ id, outcome: 'failed' }], now);
  return { due: [], taken: [{ id, step, outcome: 'failed' }], released: 0, carriers: 0 };
}
