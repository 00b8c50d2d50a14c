/** What the correlator rebuilds its memory from: one consistent view of the record as of the reader's offset. */
import type { BlastRadius } from '@beacontower/contracts';
import {
  type ActiveIncident,
  type ObjectStatus,
  type OwnChange,
  type Pending,
  type Severity,
  type State,
  statusAfter,
  WAITS,
} from '@beacontower/domain';
import { z } from 'zod';
import type { Database, Queryable } from '../pool.ts';
import { ofOtherNode } from '../record/observed-nodes.ts';
import { type FlappingRow, readFlappingRows, readOwnChanges } from './flapping.ts';
import { readApart } from './split.ts';

const edge = z.object({ at: z.number(), earliest: z.number(), latest: z.number() });
const PendingBody = z.object({
  object: z.string(),
  since: z.number(),
  decideBy: z.number(),
  waitingFor: z.enum(WAITS),
  looks: z.array(z.object({ object: z.string(), after: z.number() })),
  trouble: edge,
}) satisfies z.ZodType<Pending>;

export interface CorrelationRecord {
  /** Sequence up to which the log has been taken into account. */
  readonly sequence: number;
  /** Statuses of this node's objects as they were at that sequence. */
  readonly statuses: ReadonlyMap<string, ObjectStatus>;
  /** Outages under way, oldest first, each with its blast radius as recorded. */
  readonly incidents: readonly { readonly incident: ActiveIncident; readonly blast: BlastRadius | null }[];
  /** Objects split off by hand, and the incidents under way that they are kept out of. */
  readonly apart: readonly { readonly object: string; readonly incident: string }[];
  readonly flapping: readonly FlappingRow[];
  /** Recent beginnings and ends of outages of objects' own. */
  readonly changes: ReadonlyMap<string, readonly OwnChange[]>;
  /** Symptoms of incidents already resolved that have not been decided anew yet: object → incident. */
  readonly leftOver: ReadonlyMap<string, string>;
  readonly pending: readonly Pending[];
}

/** Name of the correlator in `log_readers`. */
export const CORRELATOR_READER = 'correlator';

/** `changesFrom` (epoch ms): since when the beginnings and ends of outages are wanted. */
export function readCorrelation(db: Database, changesFrom: number): Promise<CorrelationRecord> {
  return db.transaction(async (tx) => {
    await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    const reader = await tx.query<{ sequence: number }>('SELECT sequence FROM log_readers WHERE name = $1', [CORRELATOR_READER]);
    const sequence = reader.rows[0]?.sequence ?? 0;
    const statuses = await readStatuses(tx, sequence);
    const { incidents, leftOver } = await readMembers(tx);
    const pending = await tx.query<{ body: unknown }>('SELECT body FROM correlation_pending ORDER BY decide_by');
    return {
      ...{ sequence, statuses, incidents, leftOver, pending: pending.rows.map((row) => PendingBody.parse(row.body)) },
      ...{ apart: await readApart(tx), flapping: await readFlappingRows(tx), changes: await readOwnChanges(tx, changesFrom) },
    };
  });
}

interface StatusRow {
  readonly object: string;
  readonly state: State;
  readonly transition: number;
  readonly at: number;
  readonly earliest: number;
  readonly latest: number;
  readonly decidedAt: number;
  readonly [column: string]: unknown;
}

const COLUMNS = `t.subject AS object, t.to_state AS state, t.id AS transition, t.at, t.earliest, t.latest, t.decided_at AS "decidedAt"`;

// current_states may be ahead of the log's reader: objects with unread transitions are put back to what they were before them.
async function readStatuses(tx: Queryable, sequence: number): Promise<Map<string, ObjectStatus>> {
  const current = await tx.query<StatusRow>(
    `SELECT ${COLUMNS} FROM current_states c JOIN transitions t ON t.id = c.transition
     WHERE c.subject_kind = 'object' AND NOT ${ofOtherNode('c.subject')}`,
  );
  // Ordered as the index on (subject, at) is: by id the planner would walk the whole table for each object.
  const unread = await tx.query<StatusRow & { unread: string }>(
    `WITH unread AS (
       SELECT subject, min((body ->> 'transition')::bigint) AS first FROM log
       WHERE kind = 'state' AND (sequence IS NULL OR sequence > $1) AND NOT ${ofOtherNode('subject')} GROUP BY subject)
     SELECT u.subject AS unread, b.* FROM unread u LEFT JOIN LATERAL (
       SELECT ${COLUMNS} FROM transitions t
       WHERE t.subject = u.subject AND t.superseded_at IS NULL AND t.id < u.first ORDER BY t.at DESC, t.id DESC LIMIT 1) b ON true`,
    [sequence],
  );
  const statuses = new Map(current.rows.map((row) => [row.object, statusOf(row)]));
  for (const row of unread.rows) {
    if (row.object === null) statuses.delete(row.unread);
    else statuses.set(row.unread, statusOf(row));
  }
  return statuses;
}

function statusOf(row: StatusRow): ObjectStatus {
  const edge = { at: row.at, earliest: row.earliest, latest: row.latest };
  return statusAfter(undefined, { object: row.object, to: row.state, edge, decidedAt: row.decidedAt, transition: row.transition });
}

interface MemberRow {
  readonly id: string;
  readonly cause: string;
  readonly severity: Severity;
  readonly active: boolean;
  readonly symptom: string | null;
  readonly remark: NonNullable<ActiveIncident['remark']> | null;
  readonly blast: BlastRadius | null;
  readonly splitFrom: string | null;
  readonly [column: string]: unknown;
}

async function readMembers(tx: Queryable): Promise<Pick<CorrelationRecord, 'incidents' | 'leftOver'>> {
  const result = await tx.query<MemberRow>(
    `SELECT n.id, n.cause_object AS cause, n.severity, n.state IN ('open', 'acknowledged') AS active, m.object_id AS symptom,
       n.blast, n.split_from AS "splitFrom",
       (SELECT e.kind FROM incident_events e WHERE e.incident_id = n.id AND e.kind LIKE 'cause-%' ORDER BY e.id DESC LIMIT 1) AS remark
     FROM incidents n LEFT JOIN incident_members m ON m.incident_id = n.id AND m.role = 'symptom' AND m.left_at IS NULL
     WHERE n.kind = 'outage' AND n.home IS NULL AND (n.state IN ('open', 'acknowledged') OR m.object_id IS NOT NULL)
     ORDER BY n.number`,
  );
  const incidents = new Map<string, { incident: ActiveIncident; blast: BlastRadius | null }>();
  const leftOver = new Map<string, string>();
  for (const row of result.rows) {
    if (!row.active) {
      if (row.symptom !== null) leftOver.set(row.symptom, row.id);
      continue;
    }
    const known = incidents.get(row.id) ?? { incident: incidentOf(row), blast: row.blast };
    incidents.set(row.id, known);
    if (row.symptom !== null) known.incident.symptoms.add(row.symptom);
  }
  return { incidents: [...incidents.values()], leftOver };
}

function incidentOf({ id, cause, severity, remark, splitFrom }: MemberRow): ActiveIncident {
  return { id, cause, severity, symptoms: new Set(), ...(remark === null ? {} : { remark }), ...(splitFrom === null ? {} : { splitFrom }) };
}

/** How far a reader of the log has come, and when it said so; null when it never has. */
export async function readReader(db: Queryable, name: string): Promise<{ readonly sequence: number; readonly updatedAt: number } | null> {
  const result = await db.query<{ sequence: number; updatedAt: number }>(
    'SELECT sequence, updated_at AS "updatedAt" FROM log_readers WHERE name = $1',
    [name],
  );
  return result.rows[0] ?? null;
}

/** Writes how far the correlator has come, in the transaction of what it decided. */
export async function saveReader(tx: Queryable, name: string, epoch: number, sequence: number, now: number): Promise<void> {
  await tx.query(
    `INSERT INTO log_readers (name, epoch, sequence, updated_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, sequence = excluded.sequence, updated_at = excluded.updated_at`,
    [name, epoch, sequence, now],
  );
}

/** Adds, replaces and removes undecided outages. */
export async function savePending(tx: Queryable, pending: readonly Pending[], gone: readonly string[]): Promise<void> {
  if (gone.length > 0) await tx.query('DELETE FROM correlation_pending WHERE object_id = ANY ($1)', [gone]);
  if (pending.length === 0) return;
  await tx.query(
    `INSERT INTO correlation_pending (object_id, body, decide_by)
     SELECT * FROM unnest($1::text[], $2::jsonb[], $3::bigint[])
     ON CONFLICT (object_id) DO UPDATE SET body = excluded.body, decide_by = excluded.decide_by`,
    [pending.map((entry) => entry.object), pending.map((entry) => JSON.stringify(entry)), pending.map((entry) => entry.decideBy)],
  );
}

/** Keys of every check the objects have or had. */
export async function readCheckKeysOf(db: Queryable, objects: readonly string[]): Promise<number[]> {
  const result = await db.query<{ key: number }>('SELECT key FROM checks WHERE object_id = ANY ($1) ORDER BY key', [objects]);
  return result.rows.map((row) => row.key);
}
