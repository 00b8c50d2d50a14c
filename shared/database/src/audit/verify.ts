import type { AuditVerification } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { type AuditFault, ChainCheck, type ChainLink } from './chain.ts';
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

const BATCH = 5_000;
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
  for await (const link of readChain(db)) {
    chain.take(link);
    places.take(link.sequence, link.hash);
    if (link.row !== null) rows++;
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
  previous: Buffer;
  hash: Buffer;
  id: string | null;
  at: string;
  actor: string;
  source: string | null;
  action: string;
  object: string;
  result: string;
  detail: string;
}

async function* readChain(db: Queryable): AsyncGenerator<ChainLink> {
  const last = await db.query<{ sequence: number | null }>('SELECT max(sequence) AS sequence FROM audit_chain');
  const to = last.rows[0]?.sequence ?? 0;
  for (let after = Number.MIN_SAFE_INTEGER; after < to; ) {
    const result = await db.query<LinkRow>(
      `SELECT c.sequence, c.previous, c.hash, a.id::text, a.at::text, a.actor, a.source, a.action, a.object, a.result, a.detail::text
       FROM audit_chain c LEFT JOIN audit a ON a.id = c.audit_id
       WHERE c.sequence > $1 AND c.sequence <= $2 ORDER BY c.sequence LIMIT ${BATCH}`,
      [after, to],
    );
    for (const { sequence, previous, hash, id, ...row } of result.rows)
      yield { sequence, previous, hash, row: id === null ? null : { id, ...row } };
    after = result.rows.at(-1)?.sequence ?? to;
  }
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
