/** A new incarnation of this node's log: it goes on from a place of the one before, or tells everything anew (decision 0026). */
import { randomUUID } from 'node:crypto';
import type { LogPlace } from '@beacontower/contracts';
import type { Database, Queryable } from '../pool.ts';
import {
  hashOfUplinkLine,
  type LinesBefore,
  lockUplinkChain,
  readUplinkLines,
  UPLINK_CHANNEL,
  UPLINK_READER,
  type UplinkLine,
} from './uplink.ts';

/**
 * Begins a new incarnation that goes on after line `common` of this one, if that is still its incarnation. What lies before is told already; the
 * lines after it keep their place until they are said anew (`takeLinesBefore`), which may be millions after a long cut: the node is heard again
 * before that. Returns the new incarnation.
 */
export function goOnFrom(database: Database, incarnation: string, common: number): Promise<string | null> {
  return database.transaction(async (tx) => {
    const chain = await lockUplinkChain(tx);
    const hash = await hashOfUplinkLine(tx, common);
    if (chain === null || chain.incarnation !== incarnation || hash === null) return null;
    const [fresh, previous, knownUntil] = [randomUUID(), { incarnation, sequence: common, hash }, await readAt(tx, common)];
    const before = [{ after: common, last: chain.built }, ...(chain.building.before ?? [])].filter(({ after, last }) => after < last);
    await tx.query('DELETE FROM uplink_log WHERE sequence <= $1', [common]);
    await saveBegun(tx, { incarnation: fresh, previous, knownUntil });
    await tx.query('UPDATE uplink SET building = building || $1', [JSON.stringify({ before })]);
    return fresh;
  });
}

const AT_ONCE = { lines: 2_000, bytes: 8 * 1024 * 1024 };

/**
 * Takes the next lines of the log before out of their place, to be said anew in the same transaction, and says which are left. What is said anew
 * has a lower number than what it is made of, since at least the common line is gone: places are free when they are needed.
 */
export async function takeLinesBefore(
  tx: Queryable,
  [first, ...later]: readonly LinesBefore[],
): Promise<{ readonly lines: readonly UplinkLine[]; readonly left: readonly LinesBefore[] }> {
  if (first === undefined) return { lines: [], left: [] };
  const lines = await readUplinkLines(tx, first, AT_ONCE);
  const after = lines.at(-1)?.sequence ?? first.last;
  await tx.query('DELETE FROM uplink_log WHERE sequence > $1 AND sequence <= $2', [first.after, after]);
  return { lines, left: after < first.last ? [{ after, last: first.last }, ...later] : later };
}

interface Begun {
  readonly incarnation: string;
  readonly previous: LogPlace | null;
  readonly knownUntil: number | null;
}

async function saveBegun(tx: Queryable, { incarnation, previous, knownUntil }: Begun): Promise<void> {
  await tx.query(
    `UPDATE uplink SET incarnation = $1, previous = $2, known_until = $3, built = 0, built_hash = NULL, acknowledged = 0, acknowledged_days = '[]',
       building = building - 'observed' - 'before', failure = NULL`,
    [incarnation, previous === null ? null : JSON.stringify(previous), knownUntil],
  );
  await tx.query(`SELECT pg_notify('${UPLINK_CHANNEL}', '')`);
}

/**
 * Begins a new incarnation that tells everything anew from the record; `previous`: a place of the one before that the node above has, null if
 * none is known. `incarnation`: only if it is still this one. Returns the new one; null: this node reports to none, or has begun another already.
 */
export function beginAnew(database: Database, previous: LogPlace | null, incarnation?: string): Promise<string | null> {
  return database.transaction(async (tx) => {
    const chain = await lockUplinkChain(tx);
    if (chain === null || (incarnation !== undefined && chain.incarnation !== incarnation)) return null;
    return anew(tx, previous);
  });
}

async function anew(tx: Queryable, previous: LogPlace | null): Promise<string> {
  const fresh = randomUUID();
  const knownUntil = previous === null ? null : await readAt(tx, previous.sequence);
  await tx.query('DELETE FROM uplink_log');
  await tx.query('DELETE FROM log_readers WHERE name = $1', [UPLINK_READER]);
  await saveBegun(tx, { incarnation: fresh, previous, knownUntil });
  await tx.query(`UPDATE uplink SET building = '{}', inventory_row = 0, event_row = 0, rolled_up_to = NULL`);
  return fresh;
}

async function readAt(tx: Queryable, sequence: number): Promise<number | null> {
  const { rows } = await tx.query<{ at: number }>('SELECT at FROM uplink_log WHERE sequence = $1', [sequence]);
  return rows[0]?.at ?? null;
}

/** What was begun by `restartChain`. */
export interface RestartedChain {
  readonly before: LogPlace;
  readonly incarnation: string;
}

/**
 * Begins a new chain because a person says so: everything is told anew, from the last place that the node above acknowledged. Null: this node
 * reports to none.
 */
export function restartChain(database: Database): Promise<RestartedChain | null> {
  return database.transaction(async (tx) => {
    const chain = await lockUplinkChain(tx);
    if (chain === null || chain.state === 'left') return null;
    const { incarnation, acknowledged } = chain;
    const hash = await hashOfUplinkLine(tx, acknowledged);
    const before = { incarnation, sequence: acknowledged, hash: hash ?? '0'.repeat(64) };
    return { before, incarnation: await anew(tx, hash === null ? null : before) };
  });
}
