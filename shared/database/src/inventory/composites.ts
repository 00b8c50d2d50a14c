import { ENTITY_SCHEMAS } from '@beacontower/contracts';
import type { Combination } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';

/** What a composite was made of while one version of it was valid; epoch ms, `to` null: still. */
export interface CompositeVersion {
  readonly from: number;
  readonly to: number | null;
  readonly combination: Combination;
}

/** Composites whose versions were written after a row of the inventory. */
export interface CompositeChanges {
  /** The last row looked at. */
  readonly lastRow: number;
  /** All versions in force of each composite concerned, in order; an empty list: it is none any more. */
  readonly versions: ReadonlyMap<string, readonly CompositeVersion[]>;
}

interface Row {
  readonly id: string;
  readonly body: unknown;
  readonly from: number;
  readonly to: number | null;
  readonly [column: string]: unknown;
}

/**
 * Reads the composites whose versions were written after the row `afterRow` (0: all); those of other nodes are composed there. Rows of
 * the inventory are never changed but to be superseded, and are written under one lock.
 */
export async function readComposites(db: Queryable, afterRow: number): Promise<CompositeChanges> {
  const last = await db.query<{ last: number | null }>('SELECT max(row_id) AS last FROM inventory');
  const changed = await db.query<{ id: string }>(
    `SELECT DISTINCT id FROM inventory WHERE entity = 'object' AND row_id > $1 AND remote IS NULL AND body ? 'combines'`,
    [afterRow],
  );
  const ids = changed.rows.map((row) => row.id);
  const versions = new Map<string, CompositeVersion[]>(ids.map((id) => [id, []]));
  const result = await db.query<Row>(
    `SELECT id, body, valid_from AS "from", valid_to AS "to" FROM inventory
     WHERE entity = 'object' AND id = ANY ($1) AND superseded_at IS NULL AND body ? 'combines' AND valid_to IS DISTINCT FROM valid_from
     ORDER BY id, valid_from, row_id`,
    [ids],
  );
  for (const { id, body, from, to } of result.rows) {
    const { combines } = ENTITY_SCHEMAS.object.parse(body);
    if (combines) versions.get(id)?.push({ from, to, combination: combines });
  }
  return { lastRow: last.rows[0]?.last ?? 0, versions };
}

/** Composites with a version recorded at or after a moment, epoch ms. */
export async function readCompositesRecordedSince(db: Queryable, since: number): Promise<string[]> {
  const result = await db.query<{ id: string }>(
    `SELECT DISTINCT id FROM inventory WHERE entity = 'object' AND recorded_at >= $1 AND remote IS NULL AND body ? 'combines'`,
    [since],
  );
  return result.rows.map((row) => row.id);
}
