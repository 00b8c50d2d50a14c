/** Deliveries as routing writes them, and those that were written of an incident before. Times are epoch ms. */
import type { DeliveryBecause } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import type { DeliveryState, DeliveryStep } from './deliveries.ts';

/** Where a message goes. */
export interface DeliveryPlace {
  readonly channel: string;
  readonly address: string | null;
}

export interface NewDelivery extends DeliveryPlace {
  readonly id: string;
  readonly incident: string;
  readonly step: DeliveryStep;
  readonly occasion: string;
  readonly contact: string;
  /** What is tried in turn while the channel stays down. */
  readonly fallbacks: readonly DeliveryPlace[];
  readonly language: string;
  readonly route: string | null;
  readonly because: DeliveryBecause;
  readonly payload: unknown;
  readonly follows: string | null;
  /** `waiting`: for its group to let it go. */
  readonly state: 'pending' | 'waiting' | 'withheld';
  /** Why it is withheld; null when it is not. */
  readonly reason: string | null;
  /** The group its message belongs to; null: it goes by itself. */
  readonly group: string | null;
  readonly createdAt: number;
  readonly decidedAt: number;
}

/** What was sent, or was to be, to one target of a contact: enough to decide about what follows it the same way. */
export interface AlarmRow {
  readonly id: string;
  readonly incident: string;
  readonly step: DeliveryStep;
  readonly contact: string;
  /** The contact's target as it was configured, wherever the message went in the end. */
  readonly channel: string;
  readonly address: string | null;
  readonly language: string;
  readonly route: string | null;
  readonly group: string | null;
  readonly state: DeliveryState;
  readonly lastError: string | null;
  readonly [column: string]: unknown;
}

/** Inserts deliveries; one that is already there (a replay) is left alone. Returns the ids that were new. */
export async function insertDeliveries(tx: Queryable, deliveries: readonly NewDelivery[]): Promise<Set<string>> {
  if (deliveries.length === 0) return new Set();
  const result = await tx.query<{ id: string }>(
    `INSERT INTO deliveries (id, incident_id, step, occasion, contact, channel, address, target_channel, target_address, fallbacks, language, route,
       because, payload, follows, state, group_key, created_at, due_at, released_at, last_error, decided_at)
     SELECT id, incident, step, occasion, contact, channel, address, channel, address, fallbacks, language, route, because, payload, follows, state,
       "group", "createdAt", "createdAt", CASE WHEN state = 'pending' THEN "createdAt" END, reason, "decidedAt"
     FROM jsonb_to_recordset($1) AS d (id uuid, incident uuid, step text, occasion text, contact text, channel text, address text, fallbacks jsonb,
       language text, route text, because jsonb, payload jsonb, follows uuid, state text, "group" text, "createdAt" bigint, reason text, "decidedAt" bigint)
     ON CONFLICT DO NOTHING RETURNING id`,
    [JSON.stringify(deliveries)],
  );
  return new Set(result.rows.map((row) => row.id));
}

const ALARM = `DISTINCT ON (incident_id, contact, target_channel, target_address) id, incident_id AS incident, step, contact, target_channel AS channel,
  target_address AS address, language, route, group_key AS "group", state, last_error AS "lastError"
  FROM deliveries WHERE incident_id = ANY ($1::uuid[]) AND step <> 'resolved' AND state <> 'cancelled'
  ORDER BY incident_id, contact, target_channel, target_address`;

/** Of each target that was told of incidents, or was to be, the first that went there. */
export async function readFirstAlarms(tx: Queryable, incidents: readonly string[]): Promise<AlarmRow[]> {
  if (incidents.length === 0) return [];
  return (await tx.query<AlarmRow>(`SELECT ${ALARM}, created_at, step <> 'opened', id`, [incidents])).rows;
}

/** The last of each target that was not withheld; of a target of which all were withheld, the last of them. */
export async function readLastAlarms(tx: Queryable, incidents: readonly string[]): Promise<AlarmRow[]> {
  if (incidents.length === 0) return [];
  return (
    await tx.query<AlarmRow>(`SELECT ${ALARM}, state = 'withheld', state <> 'waiting', created_at DESC, step = 'opened', id`, [incidents])
  ).rows;
}
