/** What a node below says its days were. They are held against the figures here once its record of the day is (compare-rollups.ts). */
import type { RollupPayload } from '@beacontower/contracts';
import type { ApplyContext } from './apply-context.ts';

/** The last word about a day of a division and class counts; it is compared anew. */
export async function applyRollups(
  { tx, held, now }: ApplyContext,
  told: readonly { readonly sequence: number; readonly payload: RollupPayload }[],
): Promise<void> {
  const newest = [...new Map(told.map((each) => [`${each.payload.date} ${each.payload.class} ${each.payload.division}`, each])).values()];
  await tx.query(
    `INSERT INTO federation_rollups AS r (node, date, division, class, sequence, body, received_at)
     SELECT $1, date, division, class, sequence, body, $2
     FROM unnest($3::date[], $4::text[], $5::text[], $6::bigint[], $7::jsonb[]) AS n (date, division, class, sequence, body)
     ON CONFLICT (node, date, division, class) DO UPDATE SET sequence = excluded.sequence, body = excluded.body, received_at = excluded.received_at,
       compared_at = NULL, difference = NULL
     WHERE r.body <> excluded.body`,
    [
      held.node,
      now,
      newest.map(({ payload }) => payload.date),
      newest.map(({ payload }) => payload.division),
      newest.map(({ payload }) => payload.class),
      newest.map(({ sequence }) => sequence),
      newest.map(({ payload }) => JSON.stringify(payload)),
    ],
  );
}
