/** What a figure is judged by, read from the record as the lines of evidence. */
import {
  type CalendarBody,
  type ChargeLine,
  type EvidenceContext,
  type MemberEvidence,
  type MemberLine,
  type ObjectiveBody,
  PlannedWorkLine,
  TransitionLine,
} from '@beacontower/contracts';
import { countedSpans, divisionCovers } from '@beacontower/domain';
import { isPinged, type Judged } from '../accounting/index.ts';
import { readObjectValidity } from '../inventory/read.ts';
import type { Queryable } from '../pool.ts';
import type { ObjectiveMember } from '../queries/objectives.ts';
import { readReclassifications } from '../reclassifications/index.ts';

/** A period of an objective, and the calendar that it is judged by (null: always). */
export interface JudgedPeriod {
  readonly objective: ObjectiveBody;
  readonly calendar: CalendarBody | null;
  readonly from: number;
  readonly to: number;
}

/**
 * What is said of all members at once. Planned work and reclassifications of divisions and objects that the objective has nothing to
 * do with are left out.
 */
export async function readContext(db: Queryable, period: JudgedPeriod, members: readonly string[]): Promise<EvidenceContext> {
  const { objective, calendar, from, to } = period;
  const own = new Set(members.flatMap((id) => [id, id.split('/')[0] ?? id]));
  const concerns = (cover: { objects: readonly string[]; divisions: readonly string[] }) =>
    cover.objects.some((id) => own.has(id)) ||
    cover.divisions.some((path) => divisionCovers(path, objective.division) || divisionCovers(objective.division, path));
  const plannedWork = await readPlannedWork(db, from, to);
  const reclassifications = await readReclassifications(db, from, to);
  return {
    from,
    to,
    counted: countedSpans(calendar, objective.timeZone, from, to),
    plannedWork: plannedWork.filter(concerns),
    reclassifications: reclassifications
      .filter(concerns)
      .map((stated) => ({
        line: 'reclassification' as const,
        id: stated.id,
        effect: stated.effect,
        objects: [...stated.objects],
        divisions: [...stated.divisions],
        from: stated.startsAt,
        to: stated.endsAt,
        party: stated.party,
        reason: stated.reason,
        recordedAt: stated.recordedAt,
        recordedBy: stated.recordedBy,
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

async function readPlannedWork(db: Queryable, from: number, to: number): Promise<PlannedWorkLine[]> {
  const result = await db.query(
    `SELECT 'planned-work' AS line, id, title, objects, divisions, starts_at AS "from", ends_at AS "to", created_at AS "createdAt",
       created_by AS "createdBy", approved_at AS "approvedAt", approved_by AS "approvedBy", cancelled_at AS "cancelledAt",
       cancelled_by AS "cancelledBy"
     FROM maintenance WHERE starts_at < $2 AND ends_at > $1 ORDER BY id`,
    [from, to],
  );
  return result.rows.map((row) => PlannedWorkLine.parse(row));
}

/** What is said of each member, in the order given; those never in commission in the period are left out. */
export async function readMemberEvidence(
  db: Queryable,
  members: readonly ObjectiveMember[],
  period: { readonly from: number; readonly to: number },
  judged: Judged,
): Promise<MemberEvidence[]> {
  const ids = members.map(({ id }) => id);
  const validity = await readObjectValidity(db, ids, period.from, period.to);
  const transitions = await readTransitionLines(db, ids, period.from, period.to);
  const charges = await readChargeLines(db, ids, period.from, period.to);
  return members.flatMap((each) => {
    const versions = validity.get(each.id);
    if (versions === undefined) return [];
    const own = transitions.get(each.id) ?? [];
    const pinged = versions.every(({ object }) => isPinged(object));
    const member: MemberLine = {
      line: 'member',
      object: each.id,
      name: each.name,
      division: each.division,
      party: each.party,
      weight: each.weight,
      resolutionMs: each.resolutionMs,
      // What came in by an import or from another node is judged as far as it tells, also where this node never looked.
      judgedUntil: Math.max(judged.untilFor(each.id, pinged), own.at(-1)?.at ?? 0),
      commission: versions.map(({ validFrom, validTo, object }) => ({ from: validFrom, to: validTo, division: object.division })),
    };
    return [{ member, transitions: own, charges: charges.get(each.id) ?? [] }];
  });
}

/**
 * The transitions in force of each object that meet the period, with the two before it and the one after: an outage is charged
 * whole, whatever part of it lies in the period.
 */
async function readTransitionLines(
  db: Queryable,
  objects: readonly string[],
  from: number,
  to: number,
): Promise<Map<string, TransitionLine[]>> {
  const inForce = `SELECT x.* FROM transitions x WHERE x.subject = s.subject AND x.subject_kind = 'object' AND x.superseded_at IS NULL`;
  const result = await db.query(
    `SELECT DISTINCT ON (t.subject, t.at, t.id) 'transition' AS line, t.id, t.subject AS object, t.from_state AS "from", t.to_state AS "to",
       t.at, t.earliest, t.latest, t.reason, t.decided_at AS "decidedAt", t.recorded_at AS "recordedAt"
     FROM unnest($1::text[]) AS s (subject), LATERAL (
       (${inForce} AND x.latest >= $2 AND x.earliest < $3)
       UNION ALL (${inForce} AND x.at < $2 ORDER BY x.at DESC, x.id DESC LIMIT 2)
       UNION ALL (${inForce} AND x.at >= $3 ORDER BY x.at, x.id LIMIT 1)) AS t
     ORDER BY t.subject, t.at, t.id`,
    [objects, from, to],
  );
  return byObject(result.rows.map((row) => TransitionLine.parse(row)));
}

/** The incidents that each object was part of in the period, as the cause or a symptom, oldest first. */
async function readChargeLines(db: Queryable, objects: readonly string[], from: number, to: number): Promise<Map<string, ChargeLine[]>> {
  const result = await db.query<{ [K in keyof ChargeLine]: ChargeLine[K] }>(
    `SELECT 'charge' AS line, m.object_id AS object, n.id AS incident, n.number, least(n.started_earliest, m.joined_at) AS "from",
       coalesce(m.left_at, n.resolved_at, n.closed_at) AS "to", n.cause_object AS cause, coalesce(n.charged_party, n.party) AS party
     FROM incident_members m JOIN incidents n ON n.id = m.incident_id
     WHERE m.object_id = ANY ($1) AND n.kind = 'outage' AND least(n.started_earliest, m.joined_at) < $3
       AND coalesce(m.left_at, n.resolved_at, n.closed_at, $3) >= $2
     ORDER BY m.object_id, "from", n.number`,
    [objects, from, to],
  );
  return byObject(result.rows);
}

function byObject<T extends { readonly object: string }>(rows: readonly T[]): Map<string, T[]> {
  const lists = new Map<string, T[]>();
  for (const row of rows) {
    const list = lists.get(row.object);
    if (list) list.push(row);
    else lists.set(row.object, [row]);
  }
  return lists;
}
