import { forgetAccounts, forgetDivisionAccounts } from '../accounting/forget.ts';
import { appendLog, statementEntry } from '../log.ts';
import type { Database, Queryable } from '../pool.ts';
import { insertReclassification, type NewReclassification, withdrawReclassification } from './reclassifications.ts';

/** Writes one and takes away the accounts it makes untrue, in one transaction; the same id again changes nothing. */
export async function recordReclassification(
  db: Database,
  id: string,
  stated: NewReclassification,
  actor: string,
  now: number,
): Promise<void> {
  await db.transaction(async (tx) => {
    if (!(await insertReclassification(tx, id, stated, actor, now))) return;
    await forget(tx, stated);
    await appendLog(tx, [statementEntry('reclassification', id, now)], now);
  });
}

/** Takes one back and takes away the accounts it made. Returns whether it was in force until now. */
export async function revokeReclassification(
  db: Database,
  stated: NewReclassification & { readonly id: string },
  reason: string,
  actor: string,
  now: number,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const done = await withdrawReclassification(tx, stated.id, reason, actor, now);
    if (!done) return false;
    await forget(tx, stated);
    await appendLog(tx, [statementEntry('reclassification', stated.id, now)], now);
    return true;
  });
}

async function forget(tx: Queryable, stated: NewReclassification): Promise<void> {
  const { startsAt: from, endsAt: to } = stated;
  // What is said of a device is said of its interfaces.
  const found = await tx.query<{ id: string }>(
    `SELECT DISTINCT id FROM inventory WHERE entity = 'object' AND superseded_at IS NULL AND (id = ANY ($1) OR split_part(id, '/', 1) = ANY ($1))`,
    [stated.objects],
  );
  await forgetAccounts(
    tx,
    found.rows.map(({ id }) => ({ objectId: id, from, to })),
  );
  await forgetDivisionAccounts(tx, stated.divisions, from, to);
}
