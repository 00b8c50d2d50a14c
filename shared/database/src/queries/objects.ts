import {
  type CheckState,
  ObjectBody,
  type ObjectPage,
  type ObjectQuery,
  type ObjectSummary,
  SystemGroup,
  timestampOrNull,
} from '@beacontower/contracts';
import { type Reason, type SnmpCheck, type State, snmpChecks } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { ALL_BELIEVED, type Believed, unobservedOf } from '../wall/believed.ts';
import { Conditions, escapeLike, type Scope } from './conditions.ts';
import { decodeCursor, TextKey, toPage } from './cursor.ts';
import { ENGLISH_NAME } from './english-name.ts';
import { activeMaintenance, type MaintenanceCover, underMaintenance } from './maintenance.ts';

/** Rows of the inventory that hold today. */
export const CURRENT_OBJECTS = "i.entity = 'object' AND i.superseded_at IS NULL AND i.valid_to IS NULL";

/** Whether trouble of the object is recorded alone. */
export const QUIET = 'i.quiet';

interface ObjectRow {
  id: string;
  body: unknown;
  state: State | null;
  since: number | null;
  node: string | null;
  pinged: boolean | null;
}
interface CheckRow {
  subject: string;
  state: State;
  since: number;
  reason: Reason;
}
type CheckStates = ReadonlyMap<string, CheckRow>;

/** One page of objects with their states and checks, by id. Objects that nobody has judged yet, or whose node is not heard, are unknown. */
export async function listObjects(
  db: Queryable,
  query: ObjectQuery,
  scope: Scope,
  { now, believed = ALL_BELIEVED }: { readonly now: number; readonly believed?: Believed },
): Promise<ObjectPage> {
  const after = decodeCursor('objects', TextKey, query.cursor);
  const where = new Conditions();
  where.add(CURRENT_OBJECTS);
  where.within('i.division', scope);
  if (query.division !== undefined) where.within('i.division', [query.division]);
  where.equal('i.kind', query.kind);
  where.equal('i.class', query.class);
  if (query.state !== undefined) where.equal(shownState(where, believed), query.state);
  if (query.quiet !== undefined) where.add(`${QUIET} = ${where.value(query.quiet)}`);
  // The operator that the index on parents knows.
  if (query.parent !== undefined) where.add(`i.body -> 'dependency' -> 'parents' ? ${where.value(query.parent)}::text`);
  if (query.q !== undefined) {
    const pattern = where.value(`%${escapeLike(query.q)}%`);
    where.add(`(i.name ILIKE ${pattern} OR i.id ILIKE ${pattern} OR i.${ENGLISH_NAME} ILIKE ${pattern})`);
  }
  if (after) where.add(`i.id > ${where.value(after[0])}`);
  const limit = where.value(query.limit + 1);
  const result = await db.query<ObjectRow>(
    `SELECT i.id, i.body, s.state, s.since, i.remote AS node, i.pinged
     FROM inventory i LEFT JOIN current_states s ON s.subject = i.id AND s.subject_kind = 'object'
     ${where} ORDER BY i.id LIMIT ${limit}`,
    where.values,
  );
  const [checks, maintenance] = await Promise.all([
    checkStates(
      db,
      result.rows.map((row) => row.id),
    ),
    activeMaintenance(db, now),
  ]);
  return toPage(
    result.rows,
    query.limit,
    'objects',
    (row) => [row.id],
    (row) => summaryOf(row, checks, { maintenance, believed }),
  );
}

/** SQL: the state as it is shown, of `i` and its present state `s`. */
function shownState(where: Conditions, { nodes: { pinged, asked } }: Believed): string {
  if (pinged.size + asked.size === 0) return "coalesce(s.state, 'unknown')";
  const silent = `CASE WHEN i.pinged THEN ${where.value([...pinged.keys()])}::text[] ELSE ${where.value([...asked.keys()])}::text[] END`;
  return `CASE WHEN i.remote = ANY (${silent}) THEN 'unknown' ELSE coalesce(s.state, 'unknown') END`;
}

/** An object as it is now, with what its detail shows beside the summary. */
export interface FoundObject {
  readonly summary: ObjectSummary;
  readonly body: ObjectBody;
  readonly incident: string | null;
  /** Why each check that has been judged entered its state, by check id. */
  readonly reasons: ReadonlyMap<string, Reason>;
  /** What the device last said of itself. */
  readonly system: SystemGroup | null;
  readonly interfaces: number;
}

/** One object as it is now; undefined when unknown, retired or outside the scope. */
export async function findObject(
  db: Queryable,
  id: string,
  scope: Scope,
  { now, believed = ALL_BELIEVED }: { readonly now: number; readonly believed?: Believed },
): Promise<FoundObject | undefined> {
  const where = new Conditions();
  where.add(CURRENT_OBJECTS);
  where.equal('i.id', id);
  where.within('i.division', scope);
  const result = await db.query<ObjectRow & { incident: string | null; system: unknown; interfaces: number }>(
    `SELECT i.id, i.body, s.state, s.since, i.remote AS node, i.pinged,
       (SELECT d.body -> 'system' FROM inventory d
        WHERE d.entity = 'seen-device' AND d.id = i.id AND d.superseded_at IS NULL AND d.valid_to IS NULL) AS system,
       (SELECT count(*) FROM inventory c WHERE c.entity = 'object' AND c.kind = 'interface' AND c.superseded_at IS NULL AND c.valid_to IS NULL
          AND c.body -> 'dependency' -> 'parents' ? i.id) AS interfaces,
       (SELECT m.incident_id FROM incident_members m JOIN incidents n ON n.id = m.incident_id
        WHERE m.object_id = i.id AND m.left_at IS NULL AND n.state IN ('open', 'acknowledged') ORDER BY n.number DESC LIMIT 1) AS incident
     FROM inventory i LEFT JOIN current_states s ON s.subject = i.id AND s.subject_kind = 'object' ${where}`,
    where.values,
  );
  const row = result.rows[0];
  if (!row) return undefined;
  const [checks, maintenance] = await Promise.all([checkStates(db, [id]), activeMaintenance(db, now)]);
  return {
    summary: summaryOf(row, checks, { maintenance, believed }),
    body: ObjectBody.parse(row.body),
    incident: row.incident,
    reasons: new Map([...checks].map(([check, { reason }]) => [check, reason])),
    system: SystemGroup.nullable().parse(row.system),
    interfaces: row.interfaces,
  };
}

/** The SNMP agents of those of the devices that lie in the scope, by device. */
export async function readAgents(db: Queryable, devices: readonly string[], scope: Scope): Promise<Map<string, SnmpCheck>> {
  if (devices.length === 0) return new Map();
  const where = new Conditions();
  where.add(CURRENT_OBJECTS);
  where.add(`i.id = ANY (${where.value(devices)}::text[])`);
  where.within('i.division', scope);
  const result = await db.query<{ body: unknown }>(`SELECT i.body FROM inventory i ${where}`, where.values);
  return snmpChecks(result.rows.map((row) => ObjectBody.parse(row.body)));
}

/** The short numbers of an object's checks, by check id. */
export async function checkKeys(db: Queryable, objectId: string): Promise<Map<string, number>> {
  const result = await db.query<{ id: string; key: number }>('SELECT id, key FROM checks WHERE object_id = $1', [objectId]);
  return new Map(result.rows.map((row) => [row.id, row.key]));
}

/** Which of the ids are objects of today inside the scope, with their divisions. */
export async function objectDivisions(db: Queryable, ids: readonly string[], scope: Scope): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const where = new Conditions();
  where.add(CURRENT_OBJECTS);
  where.add(`i.id = ANY (${where.value(ids)}::text[])`);
  where.within('i.division', scope);
  const result = await db.query<{ id: string; division: string }>(`SELECT i.id, i.division FROM inventory i ${where}`, where.values);
  return new Map(result.rows.map((row) => [row.id, row.division]));
}

/** How many objects of the scope are in each state. Quiet ones are not counted: half the ports of a switch are down for good reason. */
export async function countStates(db: Queryable, scope: Scope): Promise<Record<State, number>> {
  const where = new Conditions();
  where.add(CURRENT_OBJECTS);
  where.add(`NOT ${QUIET}`);
  where.within('i.division', scope);
  const result = await db.query<{ state: State; count: number }>(
    `SELECT coalesce(s.state, 'unknown') AS state, count(*) AS count
     FROM inventory i LEFT JOIN current_states s ON s.subject = i.id AND s.subject_kind = 'object' ${where} GROUP BY 1`,
    where.values,
  );
  const counts: Record<State, number> = { up: 0, degraded: 0, down: 0, unknown: 0 };
  for (const row of result.rows) counts[row.state] = row.count;
  return counts;
}

async function checkStates(db: Queryable, objects: readonly string[]): Promise<CheckStates> {
  if (objects.length === 0) return new Map();
  const result = await db.query<CheckRow>(
    "SELECT subject, state, since, reason FROM current_states WHERE object_id = ANY ($1::text[]) AND subject_kind = 'check'",
    [objects],
  );
  return new Map(result.rows.map((row) => [row.subject, row]));
}

// The page reads bodies that `apply` has checked: only the few fields shown are taken, since parsing a thousand whole bodies costs more than the query.
type StoredObject = Pick<ObjectBody, 'kind' | 'name' | 'division' | 'class' | 'party' | 'quiet'> & {
  attributes?: Partial<ObjectBody['attributes']>;
  checks: (Pick<ObjectBody['checks'][number], 'id' | 'kind'> & { family?: 4 | 6 })[];
};

function summaryOf(
  row: ObjectRow,
  checks: CheckStates,
  { maintenance, believed }: { readonly maintenance: readonly MaintenanceCover[]; readonly believed: Believed },
): ObjectSummary {
  const body = row.body as StoredObject;
  const unobserved = unobservedOf(believed, row);
  const shown = (state: State | null | undefined, since: number | null | undefined) =>
    unobserved === null
      ? { state: state ?? 'unknown', since: timestampOrNull(since ?? null) }
      : { state: 'unknown' as const, since: unobserved.since };
  return {
    id: row.id,
    kind: body.kind,
    name: body.name,
    nameEn: body.attributes?.nameEn ?? null,
    division: body.division,
    class: body.class,
    party: body.party,
    ...shown(row.state, row.since),
    maintenance: underMaintenance(maintenance, row.id, body.division),
    quiet: body.quiet ?? false,
    node: row.node,
    unobserved,
    checks: body.checks.map((check): CheckState => {
      const state = checks.get(check.id);
      return {
        id: check.id,
        kind: check.kind,
        family: check.family ?? null,
        ...shown(state?.state, state?.since),
      };
    }),
  };
}
