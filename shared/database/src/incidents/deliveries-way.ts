/** What becomes of a message that does not go its way: held, diverted to a fallback, split up, given up. In the claim's transaction; times are epoch ms. */
import { fallbacksAfter, type Way } from '@beacontower/domain';
import { appendLog } from '../log.ts';
import type { Queryable } from '../pool.ts';
import type { DueMessage } from './deliveries-claim.ts';
import { insertIncidentEvents } from './incidents.ts';

/** A message whose way changes. */
type Diverted = Pick<DueMessage, 'id' | 'contact' | 'channel' | 'address' | 'fallbacks'>;

export interface Diverting {
  readonly way: Way;
  readonly why: 'circuit-open' | 'failing' | 'refused' | 'exhausted';
  readonly now: number;
}

/** It stays due, and is not tried before `until`. What a breaker holds is spread, but for one: that one tries the channel. Returns when it is looked at again. */
export async function hold(
  tx: Queryable,
  message: Pick<DueMessage, 'id' | 'channel'>,
  held: { readonly by: 'breaker' | 'limit'; readonly until: number; readonly rank: number; readonly now: number },
): Promise<number> {
  const { by, until, rank, now } = held;
  const result = await tx.query<{ dueAt: number }>(
    `UPDATE deliveries d SET held = $2, held_rank = $3, held_since = CASE WHEN d.held = $2 THEN d.held_since ELSE $5 END,
       due_at = CASE WHEN $2 = 'breaker' AND EXISTS (SELECT 1 FROM deliveries o WHERE o.channel = $6 AND o.held = 'breaker' AND o.due_at <= $4
           AND o.due_at >= $5 AND o.id <> d.id AND o.state IN ('pending', 'retrying'))
         THEN $4::bigint + (random() * greatest(1000, $4::bigint - $5::bigint))::bigint ELSE $4 END
     WHERE d.id = $1 RETURNING due_at AS "dueAt"`,
    [message.id, by, rank, until, now, message.channel],
  );
  return result.rows[0]?.dueAt ?? until;
}

/** It goes by another way from now on; said in the timeline. Returns what is still to be tried after that. */
export async function divert(tx: Queryable, message: Diverted, { way, why, now }: Diverting): Promise<Way[]> {
  const given = { channel: message.channel, address: message.address };
  const fallbacks = fallbacksAfter(given, message.fallbacks, way, why);
  // One that was refused, or is out of attempts, has all its attempts anew.
  await tx.query(
    `UPDATE deliveries SET channel = $2, address = $3, fallbacks = $4, diverted = diverted || $5::jsonb, held = NULL, held_since = NULL,
       attempt_base = CASE WHEN $6 THEN attempt ELSE attempt_base END WHERE id = $1`,
    [
      message.id,
      way.channel,
      way.address,
      JSON.stringify(fallbacks),
      JSON.stringify([{ ...given, at: now, why }]),
      why === 'refused' || why === 'exhausted',
    ],
  );
  await tellDiverted(tx, message, { way, why, now });
  return fallbacks;
}

/** A message about several, diverted to a channel that takes one event a message: each goes by itself, that way. Returns those. */
export async function splitUp(tx: Queryable, message: string, now: number): Promise<{ readonly id: string; readonly attempt: number }[]> {
  const released = await tx.query<{ id: string; attempt: number }>(
    `UPDATE deliveries r SET state = 'pending', carrier = NULL, channel = m.channel, address = m.address, fallbacks = m.fallbacks,
       diverted = m.diverted, in_doubt = m.in_doubt, due_at = $2
     FROM deliveries m WHERE m.id = $1 AND r.carrier = m.id AND r.state = 'grouped' RETURNING r.id, r.attempt`,
    [message, now],
  );
  await tx.query(
    `UPDATE deliveries SET state = 'cancelled', finished_at = $2, held = NULL, held_since = NULL,
       last_error = 'what it told of goes by another channel, one by one' WHERE id = $1`,
    [message, now],
  );
  return released.rows;
}

/** Every way was down for hours: it is dead, with all it carries, and can be sent again by hand. */
export async function giveUp(tx: Queryable, message: Pick<DueMessage, 'id' | 'attempt' | 'channel'>, now: number): Promise<void> {
  const ended = await tx.query<{ id: string; incident: string | null }>(
    `UPDATE deliveries SET state = 'dead', finished_at = $2, held = NULL, held_since = NULL,
       last_error = 'the channel was down for hours: ' || coalesce((SELECT last_error FROM channel_states WHERE channel = $3), 'no reason kept')
     WHERE id = $1 OR (carrier = $1 AND state = 'grouped') RETURNING id, incident_id AS incident`,
    [message.id, now, message.channel],
  );
  await logStates(tx, ended.rows, { state: 'dead', attempt: message.attempt, now });
}

/** Says to whoever follows the log what became of deliveries. */
export async function logStates(
  tx: Queryable,
  rows: readonly { readonly id: string; readonly incident: string | null }[],
  { state, attempt, now }: { readonly state: string; readonly attempt: number; readonly now: number },
): Promise<void> {
  const entries = rows.map(({ id, incident }) => ({
    kind: 'delivery' as const,
    subject: id,
    body: { delivery: id, incident, state, attempt },
    eventAt: now,
  }));
  await appendLog(tx, entries, now);
}

async function tellDiverted(tx: Queryable, message: Diverted, { way, why, now }: Diverting): Promise<void> {
  const told = await tx.query<{ id: string; incident: string }>(
    'SELECT id, incident_id AS incident FROM deliveries WHERE (id = $1 OR carrier = $1) AND incident_id IS NOT NULL ORDER BY incident_id, id',
    [message.id],
  );
  const from = message.channel;
  await insertIncidentEvents(
    tx,
    told.rows.map(({ id, incident }) => ({
      incident,
      at: now,
      kind: 'delivery-diverted',
      actor: 'system',
      detail: { delivery: id, contact: message.contact, from, to: way.channel, why },
    })),
  );
}
