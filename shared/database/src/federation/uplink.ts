/** What a node that reports to another keeps: who that is, the lines it made, and how far they are acknowledged. */
import type { LogPlace } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';

/** Channel notified when lines were made. */
export const UPLINK_CHANNEL = 'beacontower_uplink';
/** Reader of the ordered log that makes the lines, and the lease under which it does. */
export const UPLINK_READER = 'uplink';

/** The chain of this node. Times are epoch ms. */
export interface UplinkChain {
  readonly state: 'enrolling' | 'enrolled' | 'left';
  readonly incarnation: string;
  readonly previous: LogPlace | null;
  readonly knownUntil: number | null;
  readonly built: number;
  readonly builtHash: string | null;
  readonly acknowledged: number;
  readonly inventoryRow: number;
  readonly eventRow: number;
  readonly [column: string]: unknown;
}

/** Null when this node reports to none. */
export async function readUplinkChain(db: Queryable): Promise<UplinkChain | null> {
  const { rows } = await db.query<UplinkChain>(
    `SELECT state, incarnation::text AS incarnation, previous, known_until AS "knownUntil", built, built_hash AS "builtHash", acknowledged,
       inventory_row AS "inventoryRow", event_row AS "eventRow" FROM uplink`,
  );
  return rows[0] ?? null;
}

/** How this node shows itself above. */
export interface UplinkCredentials {
  readonly state: UplinkChain['state'];
  readonly url: string;
  /** PEM; null before it is enrolled. */
  readonly authority: string | null;
  readonly certificate: string | null;
  readonly sealedKey: string;
  readonly [column: string]: unknown;
}

export async function readUplinkCredentials(db: Queryable): Promise<UplinkCredentials | null> {
  const { rows } = await db.query<UplinkCredentials>('SELECT state, url, authority, certificate, sealed_key AS "sealedKey" FROM uplink');
  return rows[0] ?? null;
}

/** A line as it is sent. */
export interface UplinkLine {
  readonly sequence: number;
  readonly line: string;
  readonly hash: string;
}

/** How far of the record is in lines, beside the reader's place in the log. */
export interface BuiltUpTo {
  readonly inventoryRow: number;
  readonly eventRow: number;
}

/** Adds lines to the chain in the caller's transaction, with how far the record is in them. */
export async function appendUplinkLines(tx: Queryable, lines: readonly UplinkLine[], upTo: BuiltUpTo, now: number): Promise<void> {
  const last = lines.at(-1);
  if (last !== undefined) {
    await tx.query(
      'INSERT INTO uplink_log (sequence, line, hash, at) SELECT s, l, h, $4 FROM unnest($1::bigint[], $2::text[], $3::text[]) AS n (s, l, h)',
      [lines.map(({ sequence }) => sequence), lines.map(({ line }) => line), lines.map(({ hash }) => hash), now],
    );
    await tx.query('UPDATE uplink SET built = $1, built_hash = $2', [last.sequence, last.hash]);
    await tx.query(`SELECT pg_notify('${UPLINK_CHANNEL}', $1)`, [String(last.sequence)]);
  }
  await tx.query('UPDATE uplink SET inventory_row = $1, event_row = $2', [upTo.inventoryRow, upTo.eventRow]);
}

/** Lines after a place, in order: at most so many, and as many as fit in so many bytes (one at least). */
export async function readUplinkLines(
  db: Queryable,
  after: number,
  limits: { readonly lines: number; readonly bytes: number },
): Promise<UplinkLine[]> {
  const { rows } = await db.query<UplinkLine & { [column: string]: unknown }>(
    `SELECT sequence, line, hash FROM (
       SELECT sequence, line, hash, sum(octet_length(line) + 1) OVER (ORDER BY sequence) AS bytes FROM (
         SELECT sequence, line, hash FROM uplink_log WHERE sequence > $1 ORDER BY sequence LIMIT $2) AS next) AS sized
     WHERE bytes <= $3 OR sequence = $1 + 1 ORDER BY sequence`,
    [after, limits.lines, limits.bytes],
  );
  return rows;
}

/** The hash of a line; null when it is kept no more, or was never made. */
export async function hashOfUplinkLine(db: Queryable, sequence: number): Promise<string | null> {
  const { rows } = await db.query<{ hash: string }>('SELECT hash FROM uplink_log WHERE sequence = $1', [sequence]);
  return rows[0]?.hash ?? null;
}

/** Notes what the node above has applied. */
export async function saveAcknowledged(db: Queryable, sequence: number, now: number): Promise<void> {
  await db.query('UPDATE uplink SET acknowledged = $1, acknowledged_at = $2, heard_at = $2, failure = NULL', [sequence, now]);
}

/** Removes lines that were made before a moment and are acknowledged; at most so many at once. Returns how many. */
export async function pruneUplinkLog(db: Queryable, before: number, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM uplink_log WHERE sequence IN (
       SELECT sequence FROM uplink_log WHERE at < $1 AND sequence < (SELECT acknowledged FROM uplink) ORDER BY sequence LIMIT $2)`,
    [before, limit],
  );
  return rowCount ?? 0;
}
