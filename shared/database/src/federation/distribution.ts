/** Objectives and calendars that hold below as well: what is chosen, and what nodes have been told of it. */
import { divisionCovers } from '@beacontower/domain';
import { canonical } from '../inventory/difference.ts';
import type { Queryable } from '../pool.ts';
import { addDownwardItems, type NewDownwardItem } from './downward.ts';

/** What can be distributed. */
export type DistributedKind = 'objective' | 'calendar';

/** An entity that is distributed, as it is now; `body` null: it holds no more. */
interface Distributed {
  readonly kind: DistributedKind;
  readonly id: string;
  readonly body: Record<string, unknown> | null;
}

/** Chooses what holds below as well, from now on and for nodes to come. Returns those that are not in the inventory: nothing was chosen then. */
export async function chooseDistributed(
  tx: Queryable,
  chosen: readonly { readonly kind: DistributedKind; readonly id: string }[],
  { now, by }: { readonly now: number; readonly by: string },
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const { kind, id } of chosen) {
    const { rowCount } = await tx.query(
      'SELECT 1 FROM inventory WHERE entity = $1 AND id = $2 AND valid_to IS NULL AND superseded_at IS NULL',
      [kind, id],
    );
    if (rowCount === 0) missing.push(`${kind}/${id}`);
  }
  if (missing.length > 0) return missing;
  for (const { kind, id } of chosen) {
    await tx.query(
      `INSERT INTO federation_distribution (kind, id, chosen_at, chosen_by) VALUES ($1, $2, $3, $4)
       ON CONFLICT (kind, id) DO UPDATE SET ended_at = NULL`,
      [kind, id, now, by],
    );
  }
  return [];
}

/** No more: it is taken back below. Returns whether it was distributed. */
export async function endDistributed(tx: Queryable, kind: DistributedKind, id: string, now: number): Promise<boolean> {
  const { rowCount } = await tx.query('UPDATE federation_distribution SET ended_at = $3 WHERE kind = $1 AND id = $2 AND ended_at IS NULL', [
    kind,
    id,
    now,
  ]);
  return rowCount !== 0;
}

/** What is distributed, with what each node made of it. */
export interface DistributionRow {
  readonly kind: DistributedKind;
  readonly id: string;
  readonly endedAt: number | null;
  readonly nodes: readonly {
    readonly node: string;
    readonly outcome: string | null;
    readonly code: string | null;
    readonly detail: string | null;
  }[];
  readonly [column: string]: unknown;
}

export async function listDistributed(db: Queryable): Promise<DistributionRow[]> {
  const { rows } = await db.query<DistributionRow>(
    `SELECT f.kind, f.id, f.ended_at AS "endedAt", coalesce((SELECT jsonb_agg(jsonb_build_object('node', d.node, 'outcome', d.outcome,
       'code', d.receipt ->> 'code', 'detail', d.receipt ->> 'detail') ORDER BY d.node)
       FROM federation_downward d WHERE d.kind = f.kind AND d.subject = f.id AND d.superseded_at IS NULL), '[]') AS nodes
     FROM federation_distribution f ORDER BY f.kind, f.id`,
  );
  return rows;
}

/** Writes an item for every node that has something yet to learn. Returns how many. */
export async function distribute(tx: Queryable, now: number): Promise<number> {
  const { rows: nodes } = await tx.query<{ node: string; division: string }>(
    `SELECT node, division FROM federation_nodes WHERE via IS NULL AND removed_at IS NULL AND 'distribution' = ANY (capabilities) ORDER BY node`,
  );
  if (nodes.length === 0) return 0;
  const wanted = await readWanted(tx);
  const { rows: told } = await tx.query<{ node: string; kind: DistributedKind; subject: string; body: unknown }>(
    `SELECT node, kind, subject, payload -> 'body' AS body FROM federation_downward
     WHERE kind IN ('objective', 'calendar') AND superseded_at IS NULL`,
  );
  const known = new Map(told.map(({ node, kind, subject, body }) => [`${node} ${kind} ${subject}`, body]));
  const items = nodes.flatMap(({ node, division }) =>
    wanted.flatMap((each): NewDownwardItem[] => {
      const key = `${node} ${each.kind} ${each.id}`;
      const body = concerns(each, division) ? each.body : null;
      if (body === null && (known.get(key) ?? null) === null) return [];
      if (known.has(key) && canonical(known.get(key)) === canonical(body)) return [];
      return [{ node, kind: each.kind, subject: each.id, payload: { id: each.id, body }, by: 'system' }];
    }),
  );
  await addDownwardItems(tx, items, now);
  return items.length;
}

// An objective of another province is nothing to this one.
function concerns({ body }: Distributed, division: string): boolean {
  const of = body?.division;
  return typeof of !== 'string' || divisionCovers(of, division) || divisionCovers(division, of);
}

/** What was chosen here, the calendars that chosen objectives go by, and what came from above: calendars first, since objectives name them. */
async function readWanted(tx: Queryable): Promise<Distributed[]> {
  const { rows } = await tx.query<{ kind: DistributedKind; id: string; body: Record<string, unknown> | null }>(
    `WITH current AS (
       SELECT entity AS kind, id, origin, body FROM inventory
       WHERE entity IN ('objective', 'calendar') AND valid_to IS NULL AND superseded_at IS NULL),
     chosen AS (
       SELECT kind, id FROM federation_distribution WHERE ended_at IS NULL
       UNION SELECT kind, id FROM current WHERE origin = 'federation'),
     needed AS (
       SELECT kind, id FROM chosen
       UNION SELECT 'calendar', c.body ->> 'calendar' FROM chosen o JOIN current c USING (kind, id)
         WHERE c.kind = 'objective' AND c.body ->> 'calendar' <> 'always'),
     ever AS (
       SELECT kind, id FROM needed
       UNION SELECT kind, subject FROM federation_downward WHERE kind IN ('objective', 'calendar') AND superseded_at IS NULL)
     SELECT e.kind, e.id, CASE WHEN n.id IS NOT NULL THEN c.body END AS body
     FROM ever e LEFT JOIN needed n USING (kind, id) LEFT JOIN current c USING (kind, id) ORDER BY e.kind, e.id`,
  );
  // What ends, ends the other way round.
  const ending = rows.filter(({ body }) => body === null).reverse();
  return [...rows.filter(({ body }) => body !== null), ...ending];
}
