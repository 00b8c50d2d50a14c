import { readInventoryVersion } from '../inventory/read.ts';
import { finishChange, lockInventory, writeVersions } from '../inventory/write.ts';
import type { Transaction } from '../pool.ts';

/** Objectives and calendars that a node above gave hold no more once this node reports to another: that one gives its own. */
export async function retireGiven(tx: Transaction, now: number): Promise<void> {
  const at = await lockInventory(tx, now);
  const { rows: retired } = await tx.query<{ entity: 'objective' | 'calendar'; id: string }>(
    `SELECT entity, id FROM inventory WHERE origin = 'federation' AND entity IN ('objective', 'calendar') AND valid_to IS NULL AND superseded_at IS NULL
     ORDER BY entity, id`,
  );
  if (retired.length === 0) return;
  const options = { now: at, by: 'federation' };
  const counts = await writeVersions(tx, { added: [], changed: [], retired, origin: 'federation' }, options);
  await finishChange(tx, { action: 'inventory.apply', version: (await readInventoryVersion(tx)) + 1, counts }, options);
}
