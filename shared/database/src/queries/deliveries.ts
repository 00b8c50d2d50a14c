import {
  type Delivery,
  DeliveryBecause,
  type DeliveryQuery,
  Diversion,
  Fallback,
  type Page,
  timestamp,
  timestampOrNull,
} from '@beacontower/contracts';
import { withoutCredentials } from '@beacontower/runtime';
import { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from './conditions.ts';
import { decodeCursor, TimeAndIdKey, toPage } from './cursor.ts';
import { TITLE_NAMES, type TitledRow, titlesOfRow } from './title-names.ts';

interface Row {
  readonly id: string;
  readonly incident_id: string | null;
  readonly number: number | null;
  readonly title: string | null;
  readonly incident_kind: TitledRow['kind'];
  readonly incident_severity: TitledRow['severity'];
  readonly incident_facts: unknown;
  readonly named: TitledRow['named'];
  readonly step: string;
  readonly occasion: string;
  readonly contact: string;
  readonly channel: string;
  readonly address: string | null;
  readonly target_channel: string;
  readonly target_address: string | null;
  readonly language: string;
  readonly state: Delivery['state'];
  readonly attempt: number;
  readonly in_doubt: number;
  readonly follows: string | null;
  readonly route: string | null;
  readonly because: unknown;
  readonly carrier: string | null;
  readonly carries: number;
  readonly fallbacks: unknown;
  readonly diverted: unknown;
  readonly held: 'breaker' | 'limit' | null;
  readonly held_since: number | null;
  readonly created_at: number;
  readonly released_at: number | null;
  readonly first_attempt_at: number | null;
  readonly due_at: number;
  readonly finished_at: number | null;
  readonly last_error: string | null;
}
interface AttemptRow {
  readonly delivery_id: string;
  readonly attempt: number;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly outcome: string | null;
  readonly status: number | null;
  readonly response: string | null;
  readonly channel: string | null;
  readonly address: string | null;
  readonly digest: string | null;
}

const SELECT = `SELECT d.*, (SELECT count(*) FROM deliveries c WHERE c.carrier = d.id) AS carries, n.number, n.title,
    n.kind AS incident_kind, n.severity AS incident_severity, n.facts AS incident_facts, ${TITLE_NAMES}
  FROM deliveries d LEFT JOIN incidents n ON n.id = d.incident_id`;

const Fallbacks = z.array(Fallback);
const Diversions = z.array(Diversion);

/** One page of deliveries, newest first, with each attempt; those of incidents inside the scope, and messages about nothing but such. */
export async function listDeliveries(db: Queryable, query: DeliveryQuery, scope: Scope): Promise<Page<Delivery>> {
  const before = decodeCursor('deliveries', TimeAndIdKey, query.cursor);
  const where = within(scope);
  where.equal('d.incident_id', query.incident);
  where.equal('d.state', query.state);
  where.equal('d.channel', query.channel);
  where.equal('d.contact', query.contact);
  if (before) where.add(`(d.created_at, d.id) < (${where.value(before[0])}, ${where.value(before[1])}::uuid)`);
  const limit = where.value(query.limit + 1);
  const result = await db.query<Row>(`${SELECT} ${where} ORDER BY d.created_at DESC, d.id DESC LIMIT ${limit}`, where.values);
  const attempts = await attemptsOf(db, result.rows);
  return toPage(
    result.rows,
    query.limit,
    'deliveries',
    (row) => [row.created_at, row.id],
    (row) => viewOf(row, attempts.get(row.carrier ?? row.id) ?? []),
  );
}

/** One delivery; undefined when unknown or outside the scope. */
export async function findDelivery(db: Queryable, id: string, scope: Scope): Promise<Delivery | undefined> {
  const where = within(scope);
  where.equal('d.id', id);
  const result = await db.query<Row>(`${SELECT} ${where}`, where.values);
  const row = result.rows[0];
  return row && viewOf(row, (await attemptsOf(db, [row])).get(row.carrier ?? row.id) ?? []);
}

// A message about several incidents is seen by whoever may see each; one about none only by who may see all.
function within(scope: Scope): Conditions {
  const where = new Conditions();
  if (scope.includes('')) return where;
  const carried = `SELECT coalesce(${where.coverage('m.division', scope)}, false) AS seen FROM deliveries c LEFT JOIN incidents m ON m.id = c.incident_id
    WHERE c.carrier = d.id`;
  where.add(
    `(${where.coverage('n.division', scope)} OR (d.incident_id IS NULL AND coalesce((SELECT bool_and(seen) FROM (${carried}) AS carried), false)))`,
  );
  return where;
}

// Of one that was carried, those of the message that carried it.
async function attemptsOf(db: Queryable, rows: readonly Row[]): Promise<Map<string, AttemptRow[]>> {
  const attempts = new Map<string, AttemptRow[]>();
  if (rows.length === 0) return attempts;
  const result = await db.query<AttemptRow>(
    'SELECT * FROM delivery_attempts WHERE delivery_id = ANY ($1::uuid[]) ORDER BY delivery_id, attempt',
    [[...new Set(rows.map((row) => row.carrier ?? row.id))]],
  );
  for (const row of result.rows) {
    const list = attempts.get(row.delivery_id);
    if (list) list.push(row);
    else attempts.set(row.delivery_id, [row]);
  }
  return attempts;
}

function aboutOf({ number, title, named, ...row }: Row): Delivery['about'] {
  if (number === null || title === null) return null;
  const { incident_kind: kind, incident_severity: severity, incident_facts: facts } = row;
  return { number, title, titles: titlesOfRow({ kind, severity, title, facts, named }) };
}

function viewOf(row: Row, attempts: readonly AttemptRow[]): Delivery {
  return {
    id: row.id,
    incident: row.incident_id,
    about: aboutOf(row),
    step: row.step,
    occasion: row.occasion,
    contact: row.contact,
    channel: row.channel,
    address: row.address,
    language: row.language,
    state: row.state,
    attempt: row.attempt,
    inDoubt: row.in_doubt,
    follows: row.follows,
    route: row.route,
    because: DeliveryBecause.parse(row.because),
    carrier: row.carrier,
    carries: row.carries,
    target: { channel: row.target_channel, address: row.target_address },
    fallbacks: Fallbacks.parse(row.fallbacks),
    diverted: Diversions.parse(row.diverted).map((way) => ({ ...way, at: timestamp(way.at) })),
    held: row.held === null || row.held_since === null ? null : { by: row.held, since: timestamp(row.held_since) },
    createdAt: timestamp(row.created_at),
    releasedAt: timestampOrNull(row.released_at),
    firstAttemptAt: timestampOrNull(row.first_attempt_at),
    dueAt: timestamp(row.due_at),
    finishedAt: timestampOrNull(row.finished_at),
    lastError: row.last_error === null ? null : withoutCredentials(row.last_error),
    attempts: attempts.map(attemptViewOf),
  };
}

function attemptViewOf(row: AttemptRow): Delivery['attempts'][number] {
  const { attempt, outcome, status, response, channel, address, digest } = row;
  return {
    attempt,
    startedAt: timestamp(row.started_at),
    endedAt: timestampOrNull(row.ended_at),
    outcome,
    status,
    response,
    channel,
    address,
    digest,
  };
}
