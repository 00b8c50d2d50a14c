import { randomUUID } from 'node:crypto';
import type { Queryable } from './pool.ts';

/** A lease held: whoever writes under it shows its epoch. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  readonly epoch: number;
}

/** Thrown inside a transaction when another holder has taken the lease: nothing of the transaction may stay. */
export class FencedOut extends Error {
  readonly code = 'fenced-out';
  constructor(name: string) {
    super(`the lease "${name}" has passed to another holder`);
    this.name = 'FencedOut';
  }
}

/**
 * A holder's name of its own for one process of a slot: whoever runs under the same slot beside it must not pass for it, or two of
 * them would take each other's leases for ever.
 */
export function holderOf(slot: string): string {
  return `${slot}#${randomUUID()}`;
}

/**
 * Takes the leases among `names` that are free, expired, or already this holder's, each with a new epoch. Database time decides.
 * `evictSlot` also takes those of other processes of the holder's slot (what precedes its "#"): for the first time only, when a
 * restarted process is to take its predecessor's back at once.
 */
export async function acquireLeases(
  db: Queryable,
  names: readonly string[],
  holder: string,
  ttlMs: number,
  evictSlot = false,
): Promise<Lease[]> {
  const result = await db.query<{ name: string; epoch: number }>(
    `INSERT INTO leases (name, holder, epoch, expires_at)
     SELECT name, $2, 1, clock_timestamp() + $3 * interval '1 millisecond' FROM unnest($1::text[]) AS name ORDER BY name
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, epoch = leases.epoch + 1, expires_at = excluded.expires_at
       WHERE leases.holder = excluded.holder OR leases.expires_at < clock_timestamp()
         OR ($4 AND split_part(leases.holder, '#', 1) = split_part(excluded.holder, '#', 1))
     RETURNING name, epoch`,
    [names, holder, ttlMs, evictSlot],
  );
  return result.rows.map((row) => ({ name: row.name, holder, epoch: row.epoch }));
}

/** Prolongs the leases that are still held with their epochs; returns those; the others are lost. */
export async function renewLeases(db: Queryable, leases: readonly Lease[], ttlMs: number): Promise<Lease[]> {
  if (leases.length === 0) return [];
  const result = await db.query<{ name: string }>(
    `UPDATE leases SET expires_at = clock_timestamp() + $4 * interval '1 millisecond'
     FROM unnest($1::text[], $2::bigint[]) AS mine (name, epoch)
     WHERE leases.name = mine.name AND leases.epoch = mine.epoch AND leases.holder = $3
     RETURNING leases.name`,
    [leases.map((lease) => lease.name), leases.map((lease) => lease.epoch), leases[0]?.holder, ttlMs],
  );
  const kept = new Set(result.rows.map((row) => row.name));
  return leases.filter((lease) => kept.has(lease.name));
}

/** Gives leases up so that another holder can take them at once. */
export async function releaseLeases(db: Queryable, leases: readonly Lease[]): Promise<void> {
  if (leases.length === 0) return;
  await db.query(
    `UPDATE leases SET expires_at = '-infinity' FROM unnest($1::text[], $2::bigint[]) AS mine (name, epoch)
     WHERE leases.name = mine.name AND leases.epoch = mine.epoch`,
    [leases.map((lease) => lease.name), leases.map((lease) => lease.epoch)],
  );
}

/**
 * The fence: call inside the transaction that writes under the leases. Locks their rows against a take-over until the
 * commit, and throws `FencedOut` when an epoch is no longer ours. Their renewal does not wait for it (the epoch is part of a unique
 * index, so that what a key share holds up is its change alone): a transaction longer than a lease would cost its holder all of them.
 */
export async function assertLeases(tx: Queryable, leases: readonly Lease[]): Promise<void> {
  const result = await tx.query<{ name: string; epoch: number }>(
    'SELECT name, epoch FROM leases WHERE name = ANY ($1) ORDER BY name FOR KEY SHARE',
    [leases.map((lease) => lease.name)],
  );
  const epochs = new Map(result.rows.map((row) => [row.name, row.epoch]));
  for (const lease of leases) if (epochs.get(lease.name) !== lease.epoch) throw new FencedOut(lease.name);
}
