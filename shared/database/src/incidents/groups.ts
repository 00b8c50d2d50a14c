/** Groups of messages: how much each may still say, what waits in it, and the carriers that stand for several. Times are epoch ms. */
import type { GroupState, Severity } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import type { DeliveryPlace } from './routed-deliveries.ts';

/** A delivery that waits for its group to let it go. */
export interface WaitingDelivery extends DeliveryPlace {
  readonly id: string;
  readonly group: string;
  readonly incident: string;
  readonly contact: string;
  readonly language: string;
  readonly route: string | null;
  readonly fallbacks: readonly DeliveryPlace[];
  readonly severity: Severity;
  readonly attempt: number;
  readonly decidedAt: number;
  readonly [column: string]: unknown;
}

/** The message that stands for several deliveries: a row of its own, whose fate is theirs. */
export interface NewCarrier {
  readonly id: string;
  readonly carries: readonly WaitingDelivery[];
  /** Incidents that it names at most; it counts the others. */
  readonly most: number;
}

/** What a carrier's column `payload` holds: its messages are the payloads of the rows it carries. */
export interface CarrierPayload {
  readonly most: number;
  readonly total: number;
}

/** What is kept of groups; one that is not there was never used. */
export async function readGroups(tx: Queryable, keys: readonly string[]): Promise<Map<string, GroupState>> {
  if (keys.length === 0) return new Map();
  const result = await tx.query<GroupState & { readonly key: string; readonly [column: string]: unknown }>(
    'SELECT key, flush_at AS "flushAt", allowed_at AS "allowedAt" FROM delivery_groups WHERE key = ANY ($1)',
    [keys],
  );
  return new Map(result.rows.map(({ key, flushAt, allowedAt }) => [key, { flushAt, allowedAt }]));
}

/** Groups whose time has come, the longest due first; and those whose time was set by a clock that has gone back since. */
export async function readDueGroups(db: Queryable, now: number, limit: number): Promise<string[]> {
  const result = await db.query<{ key: string }>(
    'SELECT key FROM delivery_groups WHERE flush_at <= $1 OR (flush_at IS NOT NULL AND touched_at > $1) ORDER BY flush_at LIMIT $2',
    [now, limit],
  );
  return result.rows.map(({ key }) => key);
}

/** When the next group is to be looked at; null when nothing waits. */
export async function nextFlushAt(db: Queryable): Promise<number | null> {
  const result = await db.query<{ at: number | null }>('SELECT min(flush_at) AS at FROM delivery_groups');
  return result.rows[0]?.at ?? null;
}

/** What waits in groups, in the order in which it was written. */
export async function readWaiting(tx: Queryable, keys: readonly string[]): Promise<WaitingDelivery[]> {
  if (keys.length === 0) return [];
  const result = await tx.query<WaitingDelivery>(
    `SELECT d.id, d.group_key AS "group", d.incident_id AS incident, d.contact, d.target_channel AS channel, d.target_address AS address,
       d.language, d.route, d.fallbacks, n.severity, d.attempt, d.decided_at AS "decidedAt"
     FROM deliveries d JOIN incidents n ON n.id = d.incident_id
     WHERE d.state = 'waiting' AND d.group_key = ANY ($1) ORDER BY d.created_at, d.decided_at, d.step = 'resolved', d.id`,
    [keys],
  );
  return result.rows;
}

export async function saveGroups(tx: Queryable, groups: readonly (GroupState & { readonly key: string })[], now: number): Promise<void> {
  if (groups.length === 0) return;
  await tx.query(
    `INSERT INTO delivery_groups (key, flush_at, allowed_at, touched_at)
     SELECT key, "flushAt", "allowedAt", $2 FROM jsonb_to_recordset($1) AS g (key text, "flushAt" bigint, "allowedAt" bigint)
     ON CONFLICT (key) DO UPDATE SET flush_at = excluded.flush_at, allowed_at = excluded.allowed_at, touched_at = $2`,
    [JSON.stringify(groups), now],
  );
}

/** Groups in which nothing waits and that were quiet at `before`: as if they had never been used. */
export async function forgetGroups(db: Queryable, before: number): Promise<void> {
  await db.query('DELETE FROM delivery_groups WHERE flush_at IS NULL AND allowed_at < $1 AND touched_at < $1', [before]);
}

/** Lets waiting deliveries go, each by itself. */
export async function letGo(tx: Queryable, ids: readonly string[], now: number): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `UPDATE deliveries SET state = 'pending', due_at = $2, released_at = $2 WHERE id = ANY ($1::uuid[]) AND state = 'waiting'`,
    [ids, now],
  );
}

/** Lets waiting deliveries go in one message: the carrier is due at once, they are `grouped` under it. */
export async function carry(tx: Queryable, carriers: readonly NewCarrier[], now: number): Promise<void> {
  if (carriers.length === 0) return;
  const rows = carriers.flatMap(({ id, carries, most }) => {
    const first = carries[0];
    if (!first) return [];
    const { group, contact, channel, address, fallbacks, language, route } = first;
    const payload: CarrierPayload = { most, total: carries.length };
    const decidedAt = Math.min(...carries.map((one) => one.decidedAt));
    return [{ id, group, contact, channel, address, fallbacks, language, route, payload, decidedAt }];
  });
  await tx.query(
    `INSERT INTO deliveries (id, incident_id, step, contact, channel, address, target_channel, target_address, fallbacks, language, route, payload,
       state, group_key, created_at, due_at, released_at, decided_at)
     SELECT id, NULL, 'group', contact, channel, address, channel, address, fallbacks, language, route, payload, 'pending', "group", $2, $2, $2, "decidedAt"
     FROM jsonb_to_recordset($1) AS c (id uuid, "group" text, contact text, channel text, address text, fallbacks jsonb, language text, route text,
       payload jsonb, "decidedAt" bigint) ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(rows), now],
  );
  const carried = carriers.flatMap(({ id, carries }) => carries.map((one) => ({ id: one.id, carrier: id })));
  await tx.query(
    `UPDATE deliveries d SET state = 'grouped', carrier = c.carrier, released_at = $2
     FROM jsonb_to_recordset($1) AS c (id uuid, carrier uuid) WHERE d.id = c.id AND d.state = 'waiting'`,
    [JSON.stringify(carried), now],
  );
}
