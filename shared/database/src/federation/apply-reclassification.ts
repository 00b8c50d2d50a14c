/** The past as a node below restates it. */
import type { ReclassificationPayload } from '@beacontower/contracts';
import type { z } from 'zod';
import { forgetCovered } from '../accounting/forget.ts';
import { appendLog, statementEntry } from '../log.ts';
import { type ApplyContext, NotApplicable } from './apply-context.ts';

/** Writes it, or that it was withdrawn; what it says does not change otherwise. Takes away the accounts that it makes untrue. */
export async function applyReclassification(
  { tx, held, now }: ApplyContext,
  told: z.infer<typeof ReclassificationPayload>,
  index: number,
): Promise<void> {
  const node = told.node ?? held.node;
  const { rows } = await tx.query<{ node: string | null }>('SELECT node FROM reclassifications WHERE id = $1 FOR UPDATE', [told.id]);
  const [before] = rows;
  if (before !== undefined && before.node !== node)
    throw new NotApplicable('out-of-scope', `${told.id} is a statement of another node`, index);
  const { rowCount } = await tx.query(
    `INSERT INTO reclassifications AS r (id, node, effect, objects, divisions, starts_at, ends_at, party, reason, recorded_at, recorded_by, withdrawn_at, withdrawn_by, withdrawn_reason, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
     ON CONFLICT (id) DO UPDATE SET withdrawn_at = excluded.withdrawn_at, withdrawn_by = excluded.withdrawn_by, withdrawn_reason = excluded.withdrawn_reason,
       received_at = excluded.received_at
     WHERE r.withdrawn_at IS NULL AND excluded.withdrawn_at IS NOT NULL`,
    [
      told.id,
      node,
      told.effect,
      told.objects,
      told.divisions,
      told.startsAt,
      told.endsAt,
      told.party,
      told.reason,
      told.recordedAt,
      told.recordedBy,
      told.withdrawnAt,
      told.withdrawnBy,
      told.withdrawnReason,
      now,
    ],
  );
  if (rowCount === 0) return;
  await forgetCovered(tx, told, told.startsAt, told.endsAt);
  await appendLog(tx, [statementEntry('reclassification', told.id, now)], now);
}
