import { type Delivery, type DeliveryQuery, type Page, timestamp, timestampOrNull } from '@beacontower/contracts';
import { withoutCredentials } from '@beacontower/runtime';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from './conditions.ts';
import { decodeCursor, TimeAndIdKey, toPage } from './cursor.ts';

interface Row {
  id: string;
  incident_id: string;
  step: string;
  contact: string;
  channel: string;
  address: string | null;
  language: string;
  state: Delivery['state'];
  attempt: number;
  in_doubt: number;
  follows: string | null;
  created_at: number;
  due_at: number;
  finished_at: number | null;
  last_error: string | null;
}
interface AttemptRow {
  delivery_id: string;
  attempt: number;
  started_at: number;
  ended_at: number | null;
  outcome: string | null;
  status: number | null;
  response: string | null;
}

/** One page of deliveries, newest first, with each attempt; those of incidents inside the scope. */
export async function listDeliveries(db: Queryable, query: DeliveryQuery, scope: Scope): Promise<Page<Delivery>> {
  const before = decodeCursor('deliveries', TimeAndIdKey, query.cursor);
  const where = new Conditions();
  where.within('n.division', scope);
  where.equal('d.incident_id', query.incident);
  where.equal('d.state', query.state);
  if (before) where.add(`(d.created_at, d.id) < (${where.value(before[0])}, ${where.value(before[1])}::uuid)`);
  const limit = where.value(query.limit + 1);
  const result = await db.query<Row>(
    `SELECT d.* FROM deliveries d JOIN incidents n ON n.id = d.incident_id ${where} ORDER BY d.created_at DESC, d.id DESC LIMIT ${limit}`,
    where.values,
  );
  const attempts = await attemptsOf(
    db,
    result.rows.map((row) => row.id),
  );
  return toPage(
    result.rows,
    query.limit,
    'deliveries',
    (row) => [row.created_at, row.id],
    (row) => viewOf(row, attempts.get(row.id) ?? []),
  );
}

/** One delivery; undefined when unknown or outside the scope. */
export async function findDelivery(db: Queryable, id: string, scope: Scope): Promise<Delivery | undefined> {
  const where = new Conditions();
  where.equal('d.id', id);
  where.within('n.division', scope);
  const result = await db.query<Row>(`SELECT d.* FROM deliveries d JOIN incidents n ON n.id = d.incident_id ${where}`, where.values);
  const row = result.rows[0];
  return row && viewOf(row, (await attemptsOf(db, [id])).get(id) ?? []);
}

async function attemptsOf(db: Queryable, ids: readonly string[]): Promise<Map<string, AttemptRow[]>> {
  const attempts = new Map<string, AttemptRow[]>();
  if (ids.length === 0) return attempts;
  const result = await db.query<AttemptRow>(
    'SELECT * FROM delivery_attempts WHERE delivery_id = ANY ($1::uuid[]) ORDER BY delivery_id, attempt',
    [ids],
  );
  for (const row of result.rows) attempts.set(row.delivery_id, [...(attempts.get(row.delivery_id) ?? []), row]);
  return attempts;
}

function viewOf(row: Row, attempts: readonly AttemptRow[]): Delivery {
  return {
    id: row.id,
    incident: row.incident_id,
    step: row.step,
    contact: row.contact,
    channel: row.channel,
    address: row.address,
    language: row.language,
    state: row.state,
    attempt: row.attempt,
    inDoubt: row.in_doubt,
    follows: row.follows,
    createdAt: timestamp(row.created_at),
    dueAt: timestamp(row.due_at),
    finishedAt: timestampOrNull(row.finished_at),
    lastError: row.last_error === null ? null : withoutCredentials(row.last_error),
    attempts: attempts.map((attempt) => ({
      attempt: attempt.attempt,
      startedAt: timestamp(attempt.started_at),
      endedAt: timestampOrNull(attempt.ended_at),
      outcome: attempt.outcome,
      status: attempt.status,
      response: attempt.response,
    })),
  };
}
