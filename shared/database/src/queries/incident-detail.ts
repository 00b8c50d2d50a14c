import { BlastRadius, type IncidentClock, type IncidentDetail, IncidentFacts, timestamp, timestampOrNull } from '@beacontower/contracts';
import { clockOf } from '@beacontower/domain';
import { readCaptures } from '../captures/captures.ts';
import type { Queryable } from '../pool.ts';
import { findCauseCard } from './cause-card.ts';
import { Conditions, type Scope } from './conditions.ts';
import { ENGLISH_NAME } from './english-name.ts';
import { linksOf, toldOf } from './incident-links.ts';
import { listIncidentObjects } from './incident-objects.ts';
import { tiersOf } from './incident-tiers.ts';
import { readTimeline } from './incident-timeline.ts';
import { findIncidentRow, type IncidentViewRow, summaryOfIncident } from './incidents.ts';

/** Objects that a detail names; all of them, page by page: `listIncidentObjects`. */
const OBJECTS = 1_000;

/**
 * One incident with everything around it, objects as far as the scope goes; undefined when there is none inside the scope. `by`: its id, or
 * the number that messages carry.
 */
export async function findIncident(
  db: Queryable,
  by: { readonly id: string } | { readonly number: number },
  scope: Scope,
  now: number,
): Promise<IncidentDetail | undefined> {
  const row = await findIncidentRow(db, by, scope);
  if (!row) return undefined;
  const { id } = row;
  const facts = row.facts === null ? null : IncidentFacts.parse(row.facts);
  const [objects, timeline, clocks, blast, causeCard, captures, links, told, tiers] = await Promise.all([
    listIncidentObjects(db, id, { limit: OBJECTS }, scope),
    readTimeline(db, id, scope),
    clocksOf(db, row, now),
    blastOf(db, row, scope),
    findCauseCard(db, row.cause_object, facts?.kind === 'condition' ? facts.runbook : null),
    readCaptures(db, id),
    linksOf(db, row, scope),
    toldOf(db, id),
    tiersOf(db, row),
  ]);
  return {
    ...summaryOfIncident(row),
    objects: objects.items,
    timeline,
    clocks,
    blast,
    facts,
    causeCard,
    captures,
    ...links,
    told,
    ...tiers,
  };
}

async function clocksOf(db: Queryable, row: IncidentViewRow, now: number): Promise<IncidentDetail['clocks']> {
  // The warning of a clock is a notice that is not due yet: the newest of them is the one in force.
  const result = await db.query<{ step: string; at: number }>(
    `SELECT DISTINCT ON (step) step, due_at AS at FROM notices WHERE incident_id = $1 AND step IN ('respond-soon', 'repair-soon')
     ORDER BY step, id DESC`,
    [row.id],
  );
  const warnings = new Map(result.rows.map(({ step, at }) => [step, at]));
  const ended = row.closed_at ?? row.resolved_at ?? now;
  return {
    toAcknowledgeMs: row.acknowledged_at === null ? null : Math.max(0, row.acknowledged_at - row.opened_at),
    toRepairMs: row.resolved_at === null ? null : Math.max(0, row.resolved_at - row.started_at),
    openMs: Math.max(0, ended - row.opened_at),
    // What was over before anybody answered needs no answer any more.
    response: clock(row.respond_by, warnings.get('respond-soon'), row.acknowledged_at ?? row.resolved_at, now),
    repair: clock(row.repair_by, warnings.get('repair-soon'), row.resolved_at, now),
  };
}

function clock(dueAt: number | null, warnAt: number | undefined, metAt: number | null, now: number): IncidentClock | null {
  if (dueAt === null) return null;
  const { state, leftMs } = clockOf({ dueAt, warnAt: warnAt ?? dueAt }, metAt, now);
  return { dueAt: timestamp(dueAt), warnAt: timestampOrNull(warnAt ?? null), state, metAt: timestampOrNull(metAt), leftMs };
}

// Whom it cut off is counted for all; named are those that the caller may see.
async function blastOf(db: Queryable, row: IncidentViewRow, scope: Scope): Promise<IncidentDetail['blast']> {
  if (row.blast === null) return null;
  const { at, lost, redundancy } = BlastRadius.parse(row.blast);
  const where = new Conditions();
  where.add("i.entity = 'object' AND i.superseded_at IS NULL");
  where.add(`i.id = ANY (${where.value([...lost.first, ...redundancy.first])}::text[])`);
  where.within('i.division', scope);
  const result = await db.query<{ id: string; name: string; nameEn: string | null }>(
    `SELECT DISTINCT ON (i.id) i.id, coalesce(i.name, i.id) AS name, i.${ENGLISH_NAME} AS "nameEn" FROM inventory i ${where}
     ORDER BY i.id, i.valid_from DESC`,
    where.values,
  );
  const seen = new Map(result.rows.map((row) => [row.id, row]));
  const visible = (radius: typeof lost) => {
    const named = radius.first.flatMap((object) => seen.get(object) ?? []);
    return { ...radius, first: named.map(({ id }) => id), named };
  };
  return { at: timestamp(at), lost: visible(lost), redundancy: visible(redundancy) };
}
