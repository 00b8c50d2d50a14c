/** How the record of objects looks, day by day and bucket by bucket: the same on both sides, or histories differ (docs/federation/protocol.md). */
import { DIGEST_BUCKETS } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';

/** What of the record of one day (UTC, by the moment of the change) lies in one bucket of objects. */
export interface RecordDigest {
  readonly date: string;
  readonly bucket: number;
  /** SHA-256, lower-case hexadecimal. */
  readonly digest: string;
  readonly transitions: number;
  readonly [column: string]: unknown;
}

/**
 * Digests of the transitions in force of objects and their checks whose moment lies in `[from, to)`, epoch ms, both at midnight UTC.
 *
 * A transition is the text `subject TAB at TAB from TAB to TAB earliest TAB latest TAB reason LF`, where the subject is the id of the
 * check, or of the object; numbers are decimal. The texts of one day and bucket, in the order of their bytes (UTF-8), follow each other,
 * and SHA-256 of that is the digest. The bucket is the first byte of SHA-256 of the object's id, modulo 64. Days and buckets
 * without a transition have none.
 *
 * `objects`: those that are meant, as a condition on `o.id`, with its values from `$3` on.
 */
export async function digestRecord(
  db: Queryable,
  span: { readonly from: number; readonly to: number },
  objects: { readonly condition: string; readonly values: readonly unknown[] },
): Promise<RecordDigest[]> {
  const { rows } = await db.query<RecordDigest>(
    `WITH meant AS (SELECT o.id, get_byte(sha256(convert_to(o.id, 'UTF8')), 0) % ${DIGEST_BUCKETS} AS bucket
       FROM (SELECT DISTINCT id FROM inventory WHERE entity = 'object' AND superseded_at IS NULL) AS o WHERE ${objects.condition}),
     line AS (SELECT (to_timestamp(t.at / 1000) AT TIME ZONE 'UTC')::date AS date, m.bucket,
         concat_ws(E'\\t', t.subject, t.at, t.from_state, t.to_state, t.earliest, t.latest, t.reason) || E'\\n' AS text
       FROM transitions t JOIN meant m ON m.id = t.object_id
       WHERE t.superseded_at IS NULL AND t.at >= $1 AND t.at < $2)
     SELECT date, bucket, encode(sha256(convert_to(string_agg(text, '' ORDER BY text COLLATE "C"), 'UTF8')), 'hex') AS digest, count(*) AS transitions
     FROM line GROUP BY date, bucket ORDER BY date, bucket`,
    [span.from, span.to, ...objects.values],
  );
  return rows;
}

/** Objects of a node below and of those that report to it, as they are meant by `digestRecord`. */
export function objectsToldBy(nodes: Iterable<string>): { readonly condition: string; readonly values: readonly unknown[] } {
  return { condition: `split_part(o.id, ':', 1) = ANY ($3::text[])`, values: [[...nodes]] };
}

/** Objects that were last known in a division or below it, as they are meant by `digestRecord`: what a node tells of to the one above. */
export function objectsToldOf(division: string): { readonly condition: string; readonly values: readonly unknown[] } {
  return {
    condition: `EXISTS (SELECT FROM (SELECT division FROM inventory i WHERE i.entity = 'object' AND i.id = o.id AND i.superseded_at IS NULL
      ORDER BY valid_from DESC LIMIT 1) AS last WHERE $3 = '' OR last.division = $3 OR starts_with(last.division, $3 || '.'))`,
    values: [division],
  };
}
