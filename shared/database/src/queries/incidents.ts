import { HandedIncident, type IncidentQuery, type IncidentSummary, type Page, timestamp, timestampOrNull } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { Conditions, escapeLike, type Scope } from './conditions.ts';
import { decodeCursor, NumberKey, toPage } from './cursor.ts';
import { ENGLISH_NAME } from './english-name.ts';
import { TITLE_NAMES, type TitledRow, titlesOfRow } from './title-names.ts';

/** A row of incidents with how many objects it touched. Times are epoch ms. */
export interface IncidentViewRow extends TitledRow {
  id: string;
  number: number;
  objective: string | null;
  condition: string | null;
  state: IncidentSummary['state'];
  cause_object: string;
  division: string;
  party: string | null;
  class: IncidentSummary['class'];
  started_at: number;
  started_earliest: number;
  started_latest: number;
  opened_at: number;
  acknowledged_at: number | null;
  resolved_at: number | null;
  closed_at: number | null;
  owner: string | null;
  first_receiver: string | null;
  pending_owner: string | null;
  cause_category: string | null;
  charged_party: string | null;
  merged_into: string | null;
  split_from: string | null;
  respond_by: number | null;
  repair_by: number | null;
  blast: unknown;
  revision: number;
  home: string | null;
  title_en: string | null;
  taken: boolean;
  escalated: unknown;
  asked: unknown;
  handed: unknown;
  above: boolean;
  below: string[];
  affected: number;
}

/** Of a SELECT from `incidents n` that gives whole rows. */
export const INCIDENT_COLUMNS = `n.*, (SELECT count(DISTINCT m.object_id) FROM incident_members m WHERE m.incident_id = n.id) AS affected, ${TITLE_NAMES},
  n.escalated IS NULL AND EXISTS (SELECT FROM uplink WHERE state = 'enrolled') AS above,
  ARRAY(SELECT f.node FROM federation_nodes f WHERE f.via IS NULL AND f.removed_at IS NULL AND 'hand-over' = ANY (f.capabilities)
    AND n.cause_object <> 'node/' || f.node AND (n.division = f.division OR starts_with(n.division, f.division || '.')) ORDER BY f.node) AS below`;

/** One page of incidents, newest first. An incident lies in the division of its cause. */
export async function listIncidents(db: Queryable, query: IncidentQuery, scope: Scope): Promise<Page<IncidentSummary>> {
  const before = decodeCursor('incidents', NumberKey, query.cursor);
  const where = new Conditions();
  where.within('n.division', scope);
  if (query.division !== undefined) where.within('n.division', [query.division]);
  where.equal('n.state', query.state);
  where.equal('n.severity', query.severity);
  where.equal('n.kind', query.kind);
  where.equal('n.owner', query.owner);
  if (query.active !== undefined) where.add(`n.state ${query.active ? '' : 'NOT '}IN ('open', 'acknowledged')`);
  if (query.unassigned !== undefined) where.add(`n.owner IS ${query.unassigned ? '' : 'NOT '}NULL`);
  if (query.taken !== undefined) where.add(`n.taken = ${where.value(query.taken)}`);
  if (query.home !== undefined) where.add(`coalesce(n.home, (SELECT node FROM node_identity)) = ${where.value(query.home)}`);
  if (query.object !== undefined) where.add(touched(where, query.object, scope));
  if (query.q !== undefined) where.add(found(where, query.q));
  if (query.to !== undefined) where.add(`n.started_at < ${where.value(query.to)}`);
  if (query.from !== undefined) where.add(`coalesce(n.resolved_at, n.closed_at, 9223372036854775807) > ${where.value(query.from)}`);
  if (before) where.add(`n.number < ${where.value(before[0])}`);
  const limit = where.value(query.limit + 1);
  const result = await db.query<IncidentViewRow>(
    `SELECT ${INCIDENT_COLUMNS} FROM incidents n ${where} ORDER BY n.number DESC LIMIT ${limit}`,
    where.values,
  );
  return toPage(result.rows, query.limit, 'incidents', (row) => [row.number], summaryOfIncident);
}

// Whether an object of other divisions was in an incident is none of the caller's business.
function touched(where: Conditions, object: string, scope: Scope): string {
  const id = where.value(object);
  return `EXISTS (SELECT FROM incident_members m WHERE m.incident_id = n.id AND m.object_id = ${id})
    AND EXISTS (SELECT FROM inventory i WHERE i.entity = 'object' AND i.id = ${id} AND i.superseded_at IS NULL AND ${where.coverage('i.division', scope)})`;
}

function found(where: Conditions, text: string): string {
  const pattern = where.value(`%${escapeLike(text)}%`);
  const title = `(n.title ILIKE ${pattern} OR EXISTS (SELECT FROM inventory i WHERE i.entity = 'object' AND i.id = n.cause_object
    AND i.superseded_at IS NULL AND i.valid_to IS NULL AND i.${ENGLISH_NAME} ILIKE ${pattern}))`;
  const number = /^#?(\d{1,10})$/.exec(text)?.[1];
  return number === undefined ? title : `(${title} OR n.number = ${where.value(Number(number))})`;
}

/** Revision and division of an incident inside the scope. */
export async function findIncidentHead(
  db: Queryable,
  id: string,
  scope: Scope,
): Promise<{ revision: number; state: IncidentSummary['state'] } | undefined> {
  const row = await findIncidentRow(db, { id }, scope);
  return row && { revision: row.revision, state: row.state };
}

/** An incident inside the scope, by its id or by its number; undefined when there is none. */
export async function findIncidentRow(
  db: Queryable,
  by: { id: string } | { number: number },
  scope: Scope,
): Promise<IncidentViewRow | undefined> {
  const where = new Conditions();
  where.equal('n.id', 'id' in by ? by.id : undefined);
  where.equal('n.number', 'number' in by ? by.number : undefined);
  where.within('n.division', scope);
  const result = await db.query<IncidentViewRow>(`SELECT ${INCIDENT_COLUMNS} FROM incidents n ${where}`, where.values);
  return result.rows[0];
}

export function summaryOfIncident(row: IncidentViewRow): IncidentSummary {
  const handed = HandedIncident.parse(row.handed ?? {});
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    objective: row.objective,
    condition: row.condition,
    state: row.state,
    severity: row.severity,
    title: row.title,
    titles: row.home !== null && row.title_en !== null ? { zh: row.title, en: row.title_en } : titlesOfRow(row),
    cause: row.cause_object,
    division: row.division,
    party: row.party,
    class: row.class,
    startedAt: timestamp(row.started_at),
    startedEarliest: timestamp(row.started_earliest),
    startedLatest: timestamp(row.started_latest),
    openedAt: timestamp(row.opened_at),
    acknowledgedAt: timestampOrNull(row.acknowledged_at),
    resolvedAt: timestampOrNull(row.resolved_at),
    closedAt: timestampOrNull(row.closed_at),
    respondBy: timestampOrNull(row.respond_by),
    repairBy: timestampOrNull(row.repair_by),
    owner: row.owner,
    firstReceiver: row.first_receiver,
    pendingOwner: row.pending_owner,
    causeCategory: row.cause_category,
    chargedParty: row.charged_party,
    mergedInto: row.merged_into,
    home: row.home,
    taken: row.taken,
    offeredFrom: offeredFrom(handed),
    mayAsk: { above: row.taken && row.above, below: row.taken && !isHandedDown(handed) ? row.below : [] },
    affected: row.affected,
    revision: row.revision,
  };
}

const offeredFrom = ({ from }: HandedIncident): string | null => (from?.state === 'offered' ? from.node : null);
const isHandedDown = ({ down }: HandedIncident): boolean => down?.state === 'offered' || down?.state === 'accepted';
