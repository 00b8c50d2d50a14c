/** What a node that reports to another keeps: who that is, the lines it made, and how far they are acknowledged. */
import type { LogPlace, Snapshot } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';

/** Channel notified when lines were made. */
export const UPLINK_CHANNEL = 'beacontower_uplink';
/** Reader of the ordered log that makes the lines, and the lease under which it does. */
export const UPLINK_READER = 'uplink';

/** What the builder of lines keeps between its passes. */
export interface Building {
  /** Where the first synchronisation is; absent: not begun, `live`: done. */
  readonly stage?: string;
  /** How far in the stage; of what kind, the stage says. */
  readonly after?: unknown;
  /** Nodes that were told of, and in which words. */
  readonly nodes?: Readonly<Record<string, string>>;
  /** Up to when all is judged that the lines up to `line` tell. */
  readonly observed?: { readonly line: number; readonly nodes: Snapshot['observed'] };
  /** Lines of the log before this one that are to be said anew, in their order, ahead of all else: those with numbers in `(after, last]`. */
  readonly before?: readonly LinesBefore[];
  /** Local days rolled up before of which other things are known now. */
  readonly days?: readonly string[];
}

/** Lines that keep their number of the log before, until they are said anew: it is above all numbers of this log. */
export interface LinesBefore {
  readonly after: number;
  readonly last: number;
}

/** A day and a bucket of objects by which the record above was found to differ. */
export type WantedAnew = readonly [day: string, bucket: number];

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
  readonly building: Building;
  readonly rolledUpTo: string | null;
  /** Days (UTC) and buckets of objects that are to be told anew. */
  readonly wanted: readonly WantedAnew[];
  readonly [column: string]: unknown;
}

const CHAIN = `SELECT state, incarnation::text AS incarnation, previous, known_until AS "knownUntil", built, built_hash AS "builtHash", acknowledged,
  inventory_row AS "inventoryRow", event_row AS "eventRow", building, wanted, rolled_up_to AS "rolledUpTo" FROM uplink`;

/** Null when this node reports to none. */
export async function readUplinkChain(db: Queryable): Promise<UplinkChain | null> {
  const { rows } = await db.query<UplinkChain>(CHAIN);
  return rows[0] ?? null;
}

/** The same, and nobody else changes the chain until the transaction ends. */
export async function lockUplinkChain(tx: Queryable): Promise<UplinkChain | null> {
  const { rows } = await tx.query<UplinkChain>(`${CHAIN} FOR UPDATE`);
  return rows[0] ?? null;
}

/** The line up to which the log will say all that was in lines when it was begun. */
export function lineToReach({ built, building: { before = [] } }: Pick<UplinkChain, 'built' | 'building'>): number {
  const waiting = before.reduce((sum, { after, last }) => sum + last - after, 0);
  return waiting > 0 && built === 0 ? waiting + 1 : built + waiting;
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

/** How far the record is in lines of an incarnation, beside the reader's place in the log. */
export type BuiltUpTo = Pick<UplinkChain, 'incarnation' | 'inventoryRow' | 'eventRow' | 'building' | 'rolledUpTo'>;

/** The chain is not the one any more that lines were made for: none is added. */
export class ChainSuperseded extends Error {
  override readonly name = 'ChainSuperseded';
}

/** Adds lines to the chain in the caller's transaction, with how far the record is in them. */
export async function appendUplinkLines(tx: Queryable, lines: readonly UplinkLine[], upTo: BuiltUpTo, now: number): Promise<void> {
  const { incarnation, inventoryRow, eventRow, building, rolledUpTo } = upTo;
  const last = lines.at(-1);
  const { rowCount } = await tx.query(
    `UPDATE uplink SET built = coalesce($3, built), built_hash = coalesce($4, built_hash), inventory_row = $5, event_row = $6, building = $7,
       rolled_up_to = $8 WHERE incarnation = $1 AND ($2::bigint IS NULL OR built = $2 - 1)`,
    [
      incarnation,
      lines[0]?.sequence ?? null,
      last?.sequence ?? null,
      last?.hash ?? null,
      inventoryRow,
      eventRow,
      JSON.stringify(building),
      rolledUpTo,
    ],
  );
  if (rowCount === 0) throw new ChainSuperseded('another chain was begun meanwhile');
  if (lines.length > 0) await insertUplinkLines(tx, lines, now);
}

/** Writes lines, and says that there are some. */
export async function insertUplinkLines(tx: Queryable, lines: readonly UplinkLine[], now: number): Promise<void> {
  await tx.query(
    'INSERT INTO uplink_log (sequence, line, hash, at) SELECT s, l, h, $4 FROM unnest($1::bigint[], $2::text[], $3::text[]) AS n (s, l, h)',
    [lines.map(({ sequence }) => sequence), lines.map(({ line }) => line), lines.map(({ hash }) => hash), now],
  );
  await tx.query(`SELECT pg_notify('${UPLINK_CHANNEL}', $1)`, [String(lines.at(-1)?.sequence)]);
}

/** Lines of a range, in order: at most so many, and as many as fit in so many bytes (one at least). */
export async function readUplinkLines(
  db: Queryable,
  { after, last }: LinesBefore,
  limits: { readonly lines: number; readonly bytes: number },
): Promise<UplinkLine[]> {
  const { rows } = await db.query<UplinkLine & { [column: string]: unknown }>(
    `SELECT sequence, line, hash FROM (
       SELECT sequence, line, hash, sum(octet_length(line) + 1) OVER (ORDER BY sequence) AS bytes FROM (
         SELECT sequence, line, hash FROM uplink_log WHERE sequence > $1 AND sequence <= $4 ORDER BY sequence LIMIT $2) AS next) AS sized
     WHERE bytes <= $3 OR sequence = $1 + 1 ORDER BY sequence`,
    [after, limits.lines, limits.bytes, last],
  );
  return rows;
}

/** The hash of a line; null when it is kept no more, or was never made. */
export async function hashOfUplinkLine(db: Queryable, sequence: number): Promise<string | null> {
  const { rows } = await db.query<{ hash: string }>('SELECT hash FROM uplink_log WHERE sequence = $1', [sequence]);
  return rows[0]?.hash ?? null;
}

/** The hashes of those of the lines that are kept. */
export async function hashesOfUplinkLines(db: Queryable, sequences: readonly number[]): Promise<Map<number, string>> {
  const { rows } = await db.query<{ sequence: number; hash: string }>('SELECT sequence, hash FROM uplink_log WHERE sequence = ANY ($1)', [
    sequences,
  ]);
  return new Map(rows.map(({ sequence, hash }) => [sequence, hash]));
}

/** When this incarnation's log was begun, epoch ms; 0: so long ago that its first line is not kept any more, or it has none. */
export async function begunAt(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ at: number }>('SELECT at FROM uplink_log WHERE sequence = 1');
  return rows[0]?.at ?? 0;
}

/** The first line of this log that is kept; 1 when there is none. */
export async function firstUplinkLine(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ first: number | null }>(
    'SELECT min(sequence) AS first FROM uplink_log WHERE sequence <= (SELECT built FROM uplink)',
  );
  return rows[0]?.first ?? 1;
}

const DAY_MS = 86_400_000;

/**
 * Notes what the node above has applied of an incarnation, and that it was heard. If that is less than before, it was restored: what it acknowledged
 * beyond counts for nothing any more.
 */
export async function saveAcknowledged(db: Queryable, incarnation: string, sequence: number, now: number): Promise<void> {
  await db.query(
    `UPDATE uplink SET acknowledged = $2, acknowledged_at = $3, heard_at = $3, failure = NULL,
       acknowledged_days = days.kept || CASE WHEN $3 - coalesce((days.kept -> -1 ->> 0)::bigint, 0) >= ${DAY_MS}
         THEN jsonb_build_array(jsonb_build_array($3::bigint, $2::bigint)) ELSE '[]' END
     FROM (SELECT coalesce(jsonb_agg(day ORDER BY (day ->> 0)::bigint), '[]') AS kept FROM uplink, jsonb_array_elements(acknowledged_days) AS day
       WHERE (day ->> 1)::bigint <= $2) AS days
     WHERE incarnation = $1`,
    [incarnation, sequence, now],
  );
}

/** Notes that the node above was heard, whatever it said. */
export async function saveHeard(db: Queryable, now: number, offsetMs: number): Promise<void> {
  await db.query('UPDATE uplink SET heard_at = $1, offset_ms = $2', [now, offsetMs]);
}

/** Notes why the log does not go on; null: it does. */
export async function saveUplinkFailure(
  db: Queryable,
  failure: { readonly at: number; readonly code: string; readonly detail: string } | null,
): Promise<void> {
  await db.query('UPDATE uplink SET failure = $1', [failure === null ? null : JSON.stringify(failure)]);
}
