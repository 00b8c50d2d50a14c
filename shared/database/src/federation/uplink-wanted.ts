/** What was found to differ above, and is to be told anew as it is known here. */
import { DIGEST_BUCKETS } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import type { WantedAnew } from './uplink.ts';
import type { Stretch } from './uplink-histories.ts';

const DAY_MS = 86_400_000;

/** Asks for days and buckets to be told anew; what is asked for already is asked for once. */
export async function wantAnew(db: Queryable, wanted: readonly WantedAnew[]): Promise<void> {
  await db.query(
    `UPDATE uplink SET wanted = (SELECT coalesce(jsonb_agg(DISTINCT each), '[]') FROM jsonb_array_elements(wanted || $1::jsonb) AS each)`,
    [JSON.stringify(wanted)],
  );
}

/** They are told. */
export async function doneAnew(tx: Queryable, told: readonly WantedAnew[]): Promise<void> {
  if (told.length === 0) return;
  await tx.query(
    `UPDATE uplink SET wanted = (SELECT coalesce(jsonb_agg(each), '[]') FROM jsonb_array_elements(wanted) AS each
       WHERE NOT EXISTS (SELECT FROM jsonb_array_elements($1::jsonb) AS told WHERE told = each))`,
    [JSON.stringify(told)],
  );
}

/** The objects of a bucket within a division, with their checks, over the day. */
export async function stretchesWanted(db: Queryable, [day, bucket]: WantedAnew, division: string): Promise<Stretch[]> {
  const from = Date.parse(`${day}T00:00:00Z`);
  const { rows } = await db.query<{ id: string; checks: string[] | null }>(
    `SELECT o.id, (SELECT array_agg(DISTINCT c ->> 'id') FROM inventory v, jsonb_array_elements(v.body -> 'checks') AS c
        WHERE v.entity = 'object' AND v.id = o.id AND v.superseded_at IS NULL) AS checks
     FROM (SELECT DISTINCT ON (id) id, division FROM inventory WHERE entity = 'object' AND superseded_at IS NULL ORDER BY id, valid_from DESC) AS o
     WHERE get_byte(sha256(convert_to(o.id, 'UTF8')), 0) % ${DIGEST_BUCKETS} = $1
       AND ($2 = '' OR o.division = $2 OR starts_with(o.division, $2 || '.')) ORDER BY o.id`,
    [bucket, division],
  );
  const span = { from, to: from + DAY_MS };
  return rows.flatMap(({ id, checks }): Stretch[] => [
    { object: id, check: null, ...span },
    ...(checks ?? []).map((check) => ({ object: id, check, ...span })),
  ]);
}
