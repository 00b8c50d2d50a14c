/** An incident as it is told to another tier: what it is about, who has it here, and who at the tiers beyond. */
import {
  BlastRadius,
  CAUSE_CATEGORY_CODES,
  type CauseCategory,
  EscalatedIncident,
  HandedIncident,
  IncidentFacts,
  type IncidentFactsPayload,
  type IncidentLine,
  TierView as TierSchema,
  type TierView,
} from '@beacontower/contracts';
import type { z } from 'zod';
import type { Queryable } from '../pool.ts';
import { TITLE_NAMES, type TitledRow, titlesOfRow } from '../queries/title-names.ts';

/** To which side a view is told: upwards goes what is known of this node and those below, downwards of this node and those above. */
export type Direction = 'up' | 'down';

/** An incident with what of it is for one direction. */
export interface IncidentView {
  readonly id: string;
  /** Null: it was opened here. */
  readonly home: string | null;
  readonly division: string;
  readonly taken: boolean;
  readonly escalated: EscalatedIncident | null;
  readonly handed: HandedIncident;
  /** Without its members. */
  readonly facts: Omit<z.infer<typeof IncidentFactsPayload>, 'members'>;
  readonly tiers: readonly TierView[];
}

interface ViewRow extends TitledRow {
  readonly id: string;
  readonly home: string | null;
  readonly state: TierView['state'];
  readonly taken: boolean;
  readonly escalated: unknown;
  readonly handed: unknown;
  readonly title_en: string | null;
  readonly cause_object: string;
  readonly division: string;
  readonly class: z.infer<typeof IncidentFactsPayload>['class'];
  readonly party: string | null;
  readonly started_at: number;
  readonly started_earliest: number;
  readonly started_latest: number;
  readonly opened_at: number;
  readonly acknowledged_at: number | null;
  readonly resolved_at: number | null;
  readonly closed_at: number | null;
  readonly respond_by: number | null;
  readonly repair_by: number | null;
  readonly owner: string | null;
  readonly first_receiver: string | null;
  readonly cause_category: string | null;
  readonly charged_party: string | null;
  readonly blast: unknown;
  readonly [column: string]: unknown;
}

/** SQL: whether a node reports here, itself or through another. */
const IS_BELOW = (column: string): string => `EXISTS (SELECT FROM federation_nodes f WHERE f.node = ${column})`;

/** The incidents by id, as they are told in one direction. `own`: id of this node. */
export async function readIncidentViews(
  db: Queryable,
  own: string,
  ids: readonly string[],
  direction: Direction,
): Promise<Map<string, IncidentView>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<ViewRow>(`SELECT n.*, ${TITLE_NAMES} FROM incidents n WHERE n.id = ANY ($1::uuid[])`, [ids]);
  const tiers = await readTiers(db, ids, direction);
  return new Map(rows.map((row) => [row.id, viewOf(row, own, tiers.get(row.id) ?? [])]));
}

async function readTiers(db: Queryable, ids: readonly string[], direction: Direction): Promise<Map<string, TierView[]>> {
  const side = `${direction === 'up' ? '' : 'NOT '}${IS_BELOW('t.node')}`;
  const { rows } = await db.query<{ incident: string; body: unknown }>(
    `SELECT t.incident_id AS incident, t.body FROM incident_tiers t WHERE t.incident_id = ANY ($1::uuid[]) AND ${side} ORDER BY t.node`,
    [ids],
  );
  const tiers = new Map<string, TierView[]>();
  for (const { incident, body } of rows) tiers.set(incident, [...(tiers.get(incident) ?? []), TierSchema.parse(body)]);
  return tiers;
}

function viewOf(row: ViewRow, own: string, others: readonly TierView[]): IncidentView {
  const handed = HandedIncident.parse(row.handed ?? {});
  const isOurs = row.home === null || row.taken || handed.from !== null;
  return {
    id: row.id,
    home: row.home,
    division: row.division,
    taken: row.taken,
    escalated: row.escalated === null ? null : EscalatedIncident.parse(row.escalated),
    handed,
    facts: factsOf(row, own),
    tiers: isOurs ? [tierOf(row, own), ...others] : others,
  };
}

function factsOf(row: ViewRow, own: string): IncidentView['facts'] {
  const titles = titlesOfRow(row);
  return {
    id: row.id,
    home: row.home ?? own,
    kind: row.kind,
    severity: row.severity,
    cause: row.cause_object,
    division: row.division,
    class: row.class,
    party: row.party,
    title: (titles?.zh ?? row.title).slice(0, 500),
    titleEn: (titles?.en ?? row.title_en)?.slice(0, 500) ?? null,
    started: { at: row.started_at, earliest: row.started_earliest, latest: row.started_latest },
    openedAt: row.opened_at,
    resolvedAt: row.resolved_at,
    causeCategory: categoryOf(row.cause_category),
    chargedParty: row.charged_party,
    facts: row.facts === null ? null : IncidentFacts.parse(row.facts),
    blast: row.blast === null ? null : BlastRadius.parse(row.blast),
  };
}

// Imported history has words of its own, which no other node would know.
function categoryOf(category: string | null): CauseCategory | null {
  return CAUSE_CATEGORY_CODES.find((code) => code === category) ?? null;
}

function tierOf(row: ViewRow, own: string): TierView {
  return {
    node: own,
    state: row.state,
    owner: row.owner,
    firstReceiver: row.first_receiver,
    acknowledgedAt: row.acknowledged_at,
    closedAt: row.closed_at,
    respondBy: row.respond_by,
    repairBy: row.repair_by,
  };
}

interface LineRow {
  readonly incident: string;
  readonly row: number;
  readonly id: string;
  readonly node: string | null;
  readonly at: number;
  readonly kind: string;
  readonly actor: string;
  readonly detail: Record<string, unknown>;
  readonly [column: string]: unknown;
}

const LINE = `e.incident_id AS incident, e.id AS row, e.line AS id, e.node, e.at, e.kind, e.actor, e.detail`;

/** Lines of this node and those below that the node above was not told of; they count as told once the transaction is committed. */
export async function takeUntoldLines(tx: Queryable, own: string, ids: readonly string[]): Promise<Map<string, IncidentLine[]>> {
  const { rows } = await tx.query<LineRow>(
    `UPDATE incident_events e SET told = true, line = coalesce(e.line, gen_random_uuid()::text)
     WHERE e.incident_id = ANY ($1::uuid[]) AND NOT e.told AND (e.node IS NULL OR ${IS_BELOW('e.node')}) RETURNING ${LINE}`,
    [ids],
  );
  return linesByIncident(rows, own);
}

/** Every line of this node and those above, the newest `limit` of each incident. */
export async function readLinesForBelow(
  tx: Queryable,
  own: string,
  ids: readonly string[],
  limit: number,
): Promise<Map<string, IncidentLine[]>> {
  await tx.query(
    'UPDATE incident_events SET line = gen_random_uuid()::text WHERE incident_id = ANY ($1::uuid[]) AND node IS NULL AND line IS NULL',
    [ids],
  );
  const { rows } = await tx.query<LineRow>(
    `SELECT l.* FROM unnest($1::uuid[]) AS n (id), LATERAL (SELECT ${LINE} FROM incident_events e
       WHERE e.incident_id = n.id AND (e.node IS NULL OR NOT ${IS_BELOW('e.node')}) ORDER BY e.id DESC LIMIT $2) AS l`,
    [ids, limit],
  );
  return linesByIncident(rows, own);
}

function linesByIncident(rows: readonly LineRow[], own: string): Map<string, IncidentLine[]> {
  const lines = new Map<string, IncidentLine[]>();
  for (const { incident, id, node, at, kind, actor, detail } of [...rows].sort((a, b) => a.row - b.row)) {
    const line = { id, node: node ?? own, at, kind, actor: actor.slice(0, 200), detail };
    lines.set(incident, [...(lines.get(incident) ?? []), line]);
  }
  return lines;
}
