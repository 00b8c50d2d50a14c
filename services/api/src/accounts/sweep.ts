import { appendAudit, endOverSessions, forgetSessions, readAccessPolicy } from '@beacontower/database';
import type { ApiDeps } from '../context.ts';

const MINUTE_MS = 60_000;
/** Ended sessions are shown to nobody; for half a year they can still be looked up beside the audit. */
const KEPT_MS = 183 * 86_400_000;

/** Ends sessions that are over by time, so that nobody is shown as present who is not; each is recorded. Returns how many. */
export async function sweepSessions({ database, clock }: Pick<ApiDeps, 'database' | 'clock'>): Promise<number> {
  const now = clock.now();
  const { idleMinutes } = await readAccessPolicy(database);
  const over = await database.transaction(async (tx) => {
    const ended = await endOverSessions(tx, idleMinutes * MINUTE_MS, now);
    for (const { id, name, because } of ended) {
      const entry = { at: now, actor: name, source: null, action: 'session.expired', object: id, result: 'done', detail: { because } };
      await appendAudit(tx, entry);
    }
    return ended;
  });
  await forgetSessions(database, now - KEPT_MS);
  return over.length;
}
