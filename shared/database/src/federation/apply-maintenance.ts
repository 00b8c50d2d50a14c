/** Planned work of a node below, as it stands there. */
import type { MaintenancePayload } from '@beacontower/contracts';
import type { z } from 'zod';
import { forgetCovered } from '../accounting/forget.ts';
import { appendLog, statementEntry } from '../log.ts';
import { type ApplyContext, NotApplicable } from './apply-context.ts';

type Told = z.infer<typeof MaintenancePayload>;

interface Before {
  readonly node: string | null;
  readonly objects: string[];
  readonly divisions: string[];
  readonly starts: number;
  readonly ends: number;
  readonly [column: string]: unknown;
}

/** Writes it in the place of what was told before under its id, and takes away the accounts that it makes untrue. The last word counts. */
export async function applyMaintenance({ tx, held, now }: ApplyContext, told: Told, index: number): Promise<void> {
  const node = told.node ?? held.node;
  const { rows } = await tx.query<Before>(
    'SELECT node, objects, divisions, starts_at AS starts, ends_at AS ends FROM maintenance WHERE id = $1 FOR UPDATE',
    [told.id],
  );
  const [before] = rows;
  if (before !== undefined && before.node !== node)
    throw new NotApplicable('out-of-scope', `${told.id} is planned work of another node`, index);
  const { rowCount } = await tx.query(
    `INSERT INTO maintenance AS m (id, node, title, objects, divisions, starts_at, ends_at, created_at, created_by, approved_at, approved_by, cancelled_at, cancelled_by, received_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     ON CONFLICT (id) DO UPDATE SET title = excluded.title, objects = excluded.objects, divisions = excluded.divisions, starts_at = excluded.starts_at,
       ends_at = excluded.ends_at, approved_at = excluded.approved_at, approved_by = excluded.approved_by, cancelled_at = excluded.cancelled_at,
       cancelled_by = excluded.cancelled_by, received_at = excluded.received_at, revision = m.revision + 1
     WHERE (m.title, m.objects, m.divisions, m.starts_at, m.ends_at, m.approved_at, m.approved_by, m.cancelled_at, m.cancelled_by) IS DISTINCT FROM
       (excluded.title, excluded.objects, excluded.divisions, excluded.starts_at, excluded.ends_at, excluded.approved_at, excluded.approved_by, excluded.cancelled_at, excluded.cancelled_by)`,
    [
      told.id,
      node,
      told.title,
      told.objects,
      told.divisions,
      told.startsAt,
      told.endsAt,
      told.createdAt,
      told.createdBy,
      told.approvedAt,
      told.approvedBy,
      told.cancelledAt,
      told.cancelledBy,
      now,
    ],
  );
  if (rowCount === 0) return;
  await forgetCovered(tx, told, told.startsAt, told.endsAt);
  if (before !== undefined) {
    await forgetCovered(tx, before, before.starts, before.ends);
    await tx.query('INSERT INTO maintenance_replaced (received_at, objects, divisions, starts_at) VALUES ($1, $2, $3, $4)', [
      now,
      before.objects,
      before.divisions,
      before.starts,
    ]);
  }
  await appendLog(tx, [statementEntry('maintenance', told.id, now)], now);
}
