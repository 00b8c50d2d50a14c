import type { AuditVerification } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { type AuditFault, ChainCheck, type ChainedRow, type ChainLink } from './chain.ts';
import { CheckpointCheck } from './checkpoint-check.ts';
import { type AuditCheckpoint, listAuditCheckpoints } from './checkpoints.ts';

/** What the chain is held against, beside itself. */
export interface AuditExpectation {
  /** Public keys (base64 of SPKI) that checkpoints may be signed by. */
  readonly keys: readonly string[];
  /** Checkpoints kept outside the database. */
  readonly kept: readonly AuditCheckpoint[];
  /** A place that somebody wrote down before; null: none. */
  readonly head: { readonly sequence: number; readonly hash: string } | null;
  /** Epoch ms. */
  readonly now: number;
  /** Elapsed ms, to say how long it took. */
  readonly elapsed: () => number;
}

/** So few that who checks while serving others holds nobody up. */
const BATCH = 1_000;
const MOST_FAULTS = 100;
/** A row of a transaction that cannot link itself is linked by the node's loop within seconds; after this it was kept from it. */
const LONGEST_WAIT_MS = 10 * 60_000;

/**
 * Recomputes every link from the rows, compares them with the checkpoints, and looks for rows without a link. Rows appended meanwhile
 * are left for the next time. Memory for one batch and the checkpoints.
 */
export async function verifyAudit(db: Queryable, expectation: AuditExpectation): Promise<AuditVerification> {
  const { keys, kept, head, now, elapsed } = expectation;
  const faults: AuditFault[] = [];
  let faultCount = 0;
  const fault = (found: AuditFault) => {
    faultCount++;
    if (faults.length < MOST_FAULTS) faults.push(found);
  };
  const stored = await listAuditCheckpoints(db);
  const places = new CheckpointCheck({ stored, kept, keys, head }, fault);
  const chain = new ChainCheck(fault);
  let rows = 0;
  for await (const links of readChain(db)) {
    for (const link of links) {
      chain.take(link);
      places.take(link.sequence, link.hash);
      if (link.row !== null) rows++;
    }
  }
  places.finish(chain.head?.sequence ?? 0);
  const waiting = await checkUnlinked(db, now, fault);
  return {
    rows: rows + waiting.rows,
    waiting: waiting.waiting,
    head: chain.head,
    checkpoints: stored.length,
    signedUpTo: places.signedUpTo,
    faultCount,
    faults,
    tookMs: Math.round(elapsed()),
  };
}

interface LinkRow {
  sequence: number;
  audit_id: string;
  previous: Buffer;
  hash: Buffer;
}

// Links and rows are read apart, each by its key and between two places: joined, or read on from a place, a planner that knows the tables
// badly would at times go through all that is left for every batch.
async function* readChain(db: Queryable): AsyncGenerator<ChainLink[]> {
  const last = await db.query<{ sequence: number | null }>('SELECT max(sequence) AS sequence FROM audit_chain');
  const to = last.rows[0]?.sequence ?? 0;
  for (let from = await firstFrom(db, Number.MIN_SAFE_INTEGER); from <= to; from = await firstFrom(db, from + BATCH)) {
    const links = await db.query<LinkRow>(
      'SELECT sequence, audit_id::text, previous, hash FROM audit_chain WHERE sequence >= $1 AND sequence < $2 AND sequence <= $3 ORDER BY sequence',
      [from, from + BATCH, to],
    );
    const rows = await readRows(
      db,
      links.rows.map(({ audit_id }) => audit_id),
    );
    yield links.rows.map(({ audit_id, ...link }) => ({ ...link, row: rows.get(audit_id) ?? null }));
  }
}

async function firstFrom(db: Queryable, sequence: number): Promise<number> {
  const found = await db.query<{ first: number | null }>('SELECT min(sequence) AS first FROM audit_chain WHERE sequence >= $1', [sequence]);
  return found.rows[0]?.first ?? Number.POSITIVE_INFINITY;
}

async function readRows(db: Queryable, ids: readonly string[]): Promise<ReadonlyMap<string, ChainedRow>> {
  const result = await db.query<ChainedRow & { id: string }>(
    `SELECT id::text, at::text, actor, source, action, object, result, detail::text FROM audit WHERE id = ANY ($1::bigint[])`,
    [ids],
  );
  return new Map(result.rows.map((row) => [row.id, row]));
}

async function checkUnlinked(db: Queryable, now: number, fault: (found: AuditFault) => void): Promise<{ rows: number; waiting: number }> {
  const found = await db.query<{ id: number; at: number; waits: boolean }>(
    `SELECT a.id, a.at, EXISTS (SELECT 1 FROM audit_unlinked u WHERE u.audit_id = a.id) AS waits
     FROM audit a WHERE NOT EXISTS (SELECT 1 FROM audit_chain c WHERE c.audit_id = a.id) ORDER BY a.id LIMIT 100000`,
  );
  let waiting = 0;
  for (const { id, at, waits } of found.rows) {
    if (waits && at > now - LONGEST_WAIT_MS) waiting++;
    else fault({ code: 'unlinked', sequence: null, detail: `row ${id} (${new Date(at).toISOString()}) was put in beside the chain` });
  }
  return { rows: found.rows.length, waiting };
}
