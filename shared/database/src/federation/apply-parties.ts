/** Parties that nodes below name. Their ids belong to nobody: what is configured here stands, then what was told first. */
import type { PartyPayload } from '@beacontower/contracts';
import type { z } from 'zod';
import { lockInventory } from '../inventory/write.ts';
import { appendLog } from '../log.ts';
import { type ApplyContext, toldBy } from './apply-context.ts';

export async function applyParties({ tx, held, now: at }: ApplyContext, told: readonly z.infer<typeof PartyPayload>[]): Promise<void> {
  const now = await lockInventory(tx, at);
  const by = toldBy(held.node);
  const newest = [...new Map(told.map((each) => [each.id, each])).values()];
  const { rows } = await tx.query<{ added: number }>(
    `WITH told AS (SELECT * FROM unnest($1::text[], $2::jsonb[]) AS n (id, body)),
       fresh AS (SELECT t.* FROM told t WHERE NOT EXISTS (
         SELECT FROM inventory i WHERE i.entity = 'party' AND i.id = t.id AND i.superseded_at IS NULL AND i.valid_to IS NULL
           AND (i.origin <> 'federation' OR i.recorded_by <> $3 OR i.body = t.body))),
       ended AS (UPDATE inventory i SET superseded_at = $4 FROM fresh f
         WHERE i.entity = 'party' AND i.id = f.id AND i.superseded_at IS NULL AND i.valid_to IS NULL RETURNING i.id, i.body, i.valid_from)
     SELECT count(*) AS added FROM fresh f LEFT JOIN ended e ON e.id = f.id`,
    [newest.map(({ id }) => id), newest.map((each) => JSON.stringify(each)), by, now],
  );
  if ((rows[0]?.added ?? 0) === 0) return;
  // A party has no history that figures hang on: its newest version says what it is called, from its beginning on.
  await tx.query(
    `INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by)
     SELECT 'party', n.id, 'federation', n.body, coalesce((SELECT min(i.valid_from) FROM inventory i
         WHERE i.entity = 'party' AND i.id = n.id AND i.superseded_at = $4 AND i.recorded_by = $3), $4), $4, $3
     FROM unnest($1::text[], $2::jsonb[]) AS n (id, body)
     WHERE NOT EXISTS (SELECT FROM inventory i WHERE i.entity = 'party' AND i.id = n.id AND i.superseded_at IS NULL AND i.valid_to IS NULL)`,
    [newest.map(({ id }) => id), newest.map((each) => JSON.stringify(each)), by, now],
  );
  const version = await tx.query<{ version: number }>(
    'UPDATE inventory_version SET version = version + 1, applied_at = $1, applied_by = $2 RETURNING version',
    [now, by],
  );
  const body = { version: version.rows[0]?.version ?? 0, added: newest.length, changed: 0, retired: 0 };
  await appendLog(tx, [{ kind: 'inventory', subject: 'inventory', body, eventAt: now }], now);
}
