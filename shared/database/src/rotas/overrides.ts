/** Overrides of rotas made by hand: who stands in for whom, said by whom and why. Those of the configuration are in the rota itself. */
import { type NewRotaOverride, type RotaOverrideView, timestamp, timestampOrNull } from '@beacontower/contracts';
import type { RotaOverride } from '@beacontower/domain';
import { NOTICES_CHANNEL } from '../notices/notices.ts';
import type { Database, Queryable } from '../pool.ts';
import { Conditions } from '../queries/conditions.ts';

interface Row {
  id: string;
  rota: string;
  contact: string;
  starts_at: number;
  ends_at: number;
  reason: string;
  author: string;
  created_at: number;
  ended_at: number | null;
  ended_by: string | null;
  [column: string]: unknown;
}

/** An override as `dutySpans` takes it, with why it was made. */
export interface StoredOverride extends RotaOverride {
  readonly id: string;
  readonly reason: string;
}

/**
 * The overrides that hold at some moment of `[from, to)`, by rota, the older first, as `dutySpans` takes them: one that was ended lasts until then,
 * and one whose contact is no longer configured is left out, so that the layers beneath are on duty again.
 */
export async function readRotaOverrides(db: Queryable, from: number, to: number): Promise<Map<string, StoredOverride[]>> {
  const result = await db.query<StoredOverride & { rota: string; [column: string]: unknown }>(
    `SELECT o.id, o.rota, o.contact, o.reason, o.starts_at AS "from", least(o.ends_at, o.ended_at) AS "to" FROM rota_overrides o
     WHERE o.starts_at < $2 AND least(o.ends_at, o.ended_at) > greatest(o.starts_at, $1)
       AND EXISTS (SELECT 1 FROM inventory c WHERE c.entity = 'contact' AND c.id = o.contact AND c.superseded_at IS NULL AND c.valid_to IS NULL)
     ORDER BY o.created_at, o.id`,
    [from, to],
  );
  const overrides = new Map<string, StoredOverride[]>();
  for (const { rota, ...override } of result.rows) overrides.set(rota, [...(overrides.get(rota) ?? []), override]);
  return overrides;
}

/** The overrides of a rota that were made by hand, the latest start first; `endsAfter` (epoch ms) leaves out those over by then. */
export async function listRotaOverrides(db: Queryable, rota: string, endsAfter: number | null): Promise<RotaOverrideView[]> {
  const where = new Conditions();
  where.equal('rota', rota);
  if (endsAfter !== null) where.add(`least(ends_at, ended_at) > ${where.value(endsAfter)}`);
  const result = await db.query<Row>(`SELECT * FROM rota_overrides ${where} ORDER BY starts_at DESC, id`, where.values);
  return result.rows.map(viewOf);
}

/** One override by its id; undefined when there is none. */
export async function findRotaOverride(db: Queryable, id: string): Promise<RotaOverrideView | undefined> {
  const result = await db.query<Row>('SELECT * FROM rota_overrides WHERE id = $1', [id]);
  return result.rows[0] && viewOf(result.rows[0]);
}

/** Writes an override and wakes the router, since somebody else may be on duty at once; the same id again changes nothing. */
export function insertRotaOverride(
  db: Database,
  id: string,
  rota: string,
  override: NewRotaOverride,
  actor: string,
  now: number,
): Promise<void> {
  return db.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO rota_overrides (id, rota, contact, starts_at, ends_at, reason, author, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
      [id, rota, override.contact, override.startsAt ?? now, override.endsAt, override.reason, actor, now],
    );
    await tx.query(`SELECT pg_notify('${NOTICES_CHANNEL}', '')`);
  });
}

/** Ends an override now, or before it began; false when it is over already. Wakes the router. */
export function endRotaOverride(db: Database, id: string, actor: string, now: number): Promise<boolean> {
  return db.transaction(async (tx) => {
    const result = await tx.query(
      'UPDATE rota_overrides SET ended_at = $2, ended_by = $3 WHERE id = $1 AND ended_at IS NULL AND ends_at > $2',
      [id, now, actor],
    );
    await tx.query(`SELECT pg_notify('${NOTICES_CHANNEL}', '')`);
    return result.rowCount === 1;
  });
}

function viewOf(row: Row): RotaOverrideView {
  return {
    id: row.id,
    rota: row.rota,
    contact: row.contact,
    startsAt: timestamp(row.starts_at),
    endsAt: timestamp(row.ends_at),
    reason: row.reason,
    author: row.author,
    createdAt: timestamp(row.created_at),
    endedAt: timestampOrNull(row.ended_at),
    endedBy: row.ended_by,
  };
}
