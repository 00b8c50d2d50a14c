/** A new incarnation of this node's log: it goes on from a place of the one before, or tells everything anew (decision 0026). */
import { randomUUID } from 'node:crypto';
import type { LogPlace } from '@beacontower/contracts';
import type { Database, Queryable } from '../pool.ts';
import { hashOfUplinkLine, lockUplinkChain, readUplinkLines, UPLINK_CHANNEL, UPLINK_READER, type UplinkLine } from './uplink.ts';

/** Makes the lines of a log anew, from those that say the same in another. */
export interface Rechaining {
  /** The first line of the new log. */
  begin(incarnation: string, previous: LogPlace | null, knownUntil: number | null): UplinkLine;
  /** The same sayings after `end`. */
  goOn(end: UplinkLine, lines: readonly UplinkLine[]): UplinkLine[];
}

const AT_ONCE = { lines: 2_000, bytes: 8 * 1024 * 1024 };

/**
 * Begins a new incarnation that goes on after line `common` of this one, if that is still its incarnation. The lines after it are chained anew; what
 * lies before it is told already. Returns the new incarnation.
 */
export function goOnFrom(
  database: Database,
  incarnation: string,
  common: number,
  rechaining: Rechaining,
  now: number,
): Promise<string | null> {
  return database.transaction(async (tx) => {
    const chain = await lockUplinkChain(tx);
    const hash = await hashOfUplinkLine(tx, common);
    if (chain === null || chain.incarnation !== incarnation || hash === null) return null;
    const { rows } = await tx.query<{ at: number }>('SELECT at FROM uplink_log WHERE sequence = $1', [common]);
    const [fresh, previous, knownUntil] = [randomUUID(), { incarnation, sequence: common, hash }, rows[0]?.at ?? null];
    let end = rechaining.begin(fresh, previous, knownUntil);
    await insertAside(tx, [end], now);
    for (let after = common; ; ) {
      const lines = await readUplinkLines(tx, after, AT_ONCE);
      if (lines.length === 0) break;
      const made = rechaining.goOn(end, lines);
      await insertAside(tx, made, now);
      end = made.at(-1) as UplinkLine;
      after = lines.at(-1)?.sequence ?? after;
    }
    await tx.query('DELETE FROM uplink_log WHERE sequence > 0');
    await tx.query('UPDATE uplink_log SET sequence = -sequence');
    await saveBegun(tx, { incarnation: fresh, previous, knownUntil, end });
    return fresh;
  });
}

// Beside the lines that are read meanwhile: their numbers are taken.
async function insertAside(tx: Queryable, lines: readonly UplinkLine[], now: number): Promise<void> {
  await tx.query(
    'INSERT INTO uplink_log (sequence, line, hash, at) SELECT -s, l, h, $4 FROM unnest($1::bigint[], $2::text[], $3::text[]) AS n (s, l, h)',
    [lines.map(({ sequence }) => sequence), lines.map(({ line }) => line), lines.map(({ hash }) => hash), now],
  );
}

interface Begun {
  readonly incarnation: string;
  readonly previous: LogPlace | null;
  readonly knownUntil: number | null;
  readonly end: UplinkLine | null;
}

async function saveBegun(tx: Queryable, { incarnation, previous, knownUntil, end }: Begun): Promise<void> {
  await tx.query(
    `UPDATE uplink SET incarnation = $1, previous = $2, known_until = $3, built = $4, built_hash = $5, acknowledged = 0, acknowledged_days = '[]',
       building = building - 'observed', failure = NULL`,
    [incarnation, previous === null ? null : JSON.stringify(previous), knownUntil, end?.sequence ?? 0, end?.hash ?? null],
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
  const knownUntil = previous === null ? null : ((await readAt(tx, previous.sequence)) ?? null);
  await tx.query('DELETE FROM uplink_log');
  await tx.query('DELETE FROM log_readers WHERE name = $1', [UPLINK_READER]);
  await saveBegun(tx, { incarnation: fresh, previous, knownUntil, end: null });
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
