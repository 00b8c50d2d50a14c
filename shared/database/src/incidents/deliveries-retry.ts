/** A person has a message sent again: one transaction with its line in the timeline, log row and audit row. */
import { type Way, waysAnew } from '@beacontower/domain';
import { appendAudit } from '../access/audit.ts';
import { letProbe } from '../channels/breaker.ts';
import { appendLog } from '../log.ts';
import type { Database, Queryable, Transaction } from '../pool.ts';
import { sameTelling } from './deliveries-order.ts';
import { insertIncidentEvents } from './incidents.ts';

/** The delivery cannot be sent again; the code is stable, the message says why. Nothing was written. */
export class DeliveryFault extends Error {
  override readonly name = 'DeliveryFault';
  readonly code: 'delivery-unknown' | 'delivery-not-dead';
  constructor(code: DeliveryFault['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** States of a message that can be sent again now. */
const WAITING: ReadonlySet<string> = new Set(['dead', 'retrying', 'pending']);

interface Row extends Way {
  readonly id: string;
  readonly state: string;
  readonly target: Way;
  readonly fallbacks: readonly Way[];
  readonly diverted: readonly Way[];
  readonly [column: string]: unknown;
}

interface Revived {
  readonly id: string;
  readonly incident: string | null;
  readonly step: string;
  readonly state: string;
  readonly attempt: number;
  readonly [column: string]: unknown;
}

/**
 * Makes a delivery due at once, with all its attempts anew: a dead one, or one that waits for its next attempt. Of one that went in a
 * message with others, that message is sent again, with all it carries. A resolution that was cancelled because of it is due after it.
 * A channel whose breaker is open is tried by it. The sweeper tells the bus within about three seconds. Returns the attempts made so far.
 */
export function retryDelivery(
  db: Database,
  id: string,
  by: { readonly actor: string; readonly source: string | null; readonly now: number },
): Promise<{ readonly attempt: number }> {
  const { actor, source, now } = by;
  return db.transaction(async (tx) => {
    const message = await lockMessage(tx, id);
    if (!WAITING.has(message.state)) {
      throw new DeliveryFault(
        'delivery-not-dead',
        `only a delivery that is dead or waits for its next attempt can be sent again; this one is ${message.state}`,
      );
    }
    // What kept a dead one from its target may be put right: it begins there again.
    const { current } = message.state === 'dead' ? await beginAnew(tx, message) : { current: message };
    const revived = await revive(tx, message.id, now);
    await appendLog(
      tx,
      revived.map(({ id: delivery, incident, state, attempt }) => ({
        kind: 'delivery',
        subject: delivery,
        body: { delivery, incident, state, attempt },
        eventAt: now,
      })),
      now,
    );
    const told = revived.filter((row): row is Revived & { incident: string } => row.incident !== null && row.state !== 'pending');
    await insertIncidentEvents(
      tx,
      told.map(({ incident, step, id: delivery }) => ({ incident, at: now, kind: 'delivery-retried', actor, detail: { delivery, step } })),
    );
    // Deliveries are locked before channels.
    await letProbe(tx, current.channel, now);
    await appendAudit(tx, { at: now, actor, source, action: 'delivery.retry', object: id, result: 'done', detail: {} });
    return { attempt: revived.find((row) => row.id === message.id)?.attempt ?? 0 };
  });
}

// The message that tells of a delivery: itself, or the one that carries it.
async function lockMessage(tx: Transaction, id: string): Promise<Row> {
  const found = await tx.query<Row>(
    `SELECT m.id, m.state, m.channel, m.address, m.fallbacks, m.diverted,
       jsonb_build_object('channel', m.target_channel, 'address', m.target_address) AS target FROM deliveries d JOIN deliveries m ON m.id = coalesce(d.carrier, d.id)
     WHERE d.id = $1 FOR UPDATE OF m`,
    [id],
  );
  const row = found.rows[0];
  if (!row) throw new DeliveryFault('delivery-unknown', 'there is no such delivery');
  return row;
}

async function beginAnew(tx: Queryable, message: Row): Promise<{ readonly current: Way }> {
  const others = [...message.diverted, message, ...message.fallbacks].map(({ channel, address }) => ({ channel, address }));
  const { current, fallbacks } = waysAnew(message.target, others);
  await tx.query('UPDATE deliveries SET channel = $2, address = $3, fallbacks = $4 WHERE id = $1', [
    message.id,
    current.channel,
    current.address,
    JSON.stringify(fallbacks),
  ]);
  return { current };
}

async function revive(tx: Queryable, message: string, now: number): Promise<Revived[]> {
  const result = await tx.query<Revived>(
    `UPDATE deliveries SET
       state = CASE WHEN carrier = $1 THEN 'grouped' WHEN id = $1 AND attempt > 0 THEN 'retrying' ELSE 'pending' END,
       attempt_base = attempt, due_at = $2, finished_at = NULL, held = NULL, held_since = NULL, released_at = coalesce(released_at, $2),
       last_error = CASE WHEN id = $1 OR carrier = $1 THEN last_error END
     WHERE id = $1 OR carrier = $1 AND state <> 'cancelled'
       OR state = 'cancelled' AND step = 'resolved'
         AND EXISTS (SELECT 1 FROM deliveries a WHERE (a.id = $1 OR a.carrier = $1) AND ${sameTelling('a', 'deliveries')})
     RETURNING id, incident_id AS incident, step, state, attempt`,
    [message, now],
  );
  return result.rows;
}
