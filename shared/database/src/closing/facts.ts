/** What a figure is judged by, read from the record as the lines of evidence. */
import {
  type CalendarVersionBody,
  type ChargeLine,
  type EvidenceContext,
  type MemberEvidence,
  type MemberLine,
  type ObjectiveBody,
  PlannedWorkLine,
  TransitionLine,
  timelineOf,
} from '@beacontower/contracts';
import { divisionCovers, outagesOf } from '@beacontower/domain';
import { type Commission, readCommissions } from '../accounting/commissions.ts';
import { countedBy, type Judged } from '../accounting/index.ts';
import { readBetween, readOutageEnds } from '../accounting/whole-outages.ts';
import type { Queryable } from '../pool.ts';
import type { ObjectiveMember } from '../queries/objectives.ts';
import { readReclassifications } from '../reclassifications/index.ts';
import { saidOfNodes } from '../record/observed-nodes.ts';

/** A period of an objective, and the calendar that it is judged by. */
export interface JudgedPeriod {
  readonly objective: ObjectiveBody;
  readonly calendar: readonly CalendarVersionBody[];
  readonly from: number;
  readonly to: number;
}

// An outage is charged whole: what charges the part of it that lies outside the period is looked for this far.
const TEN_YEARS_MS = 10 * 366 * 86_400_000;

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
  const reclassifications = (await readReclassifications(db, from - TEN_YEARS_MS, to + TEN_YEARS_MS)).filter(
    ({ effect, startsAt, endsAt }) => effect === 'charge' || (startsAt < to && endsAt > from),
  );
  return {
    from,
    to,
    counted: countedBy(
      calendar.map(({ body, ...span }) => ({ ...span, calendar: body })),
      objective.timeZone,
      { from, to },
    ),
    plannedWork: plannedWork.filter(concerns),
    reclassifications: reclassifications
      .filter(concerns)
      .map((stated) => ({
        line: 'reclassification' as const,
        id: stated.id,
        effect: stated.effect,
        objects: [...stated.objects],
        divisions: [...stated.divisions],
        ...(stated.nodes === undefined ? {} : { nodes: [...stated.nodes] }),
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
  const result = await db.query<{ nodes: string[] | null }>(
    `SELECT 'planned-work' AS line, id, title, objects, divisions, ${saidOfNodes('maintenance')} AS nodes, starts_at AS "from", ends_at AS "to", created_at AS "createdAt",
       created_by AS "createdBy", approved_at AS "approvedAt", approved_by AS "approvedBy", cancelled_at AS "cancelledAt",
       cancelled_by AS "cancelledBy"
     FROM maintenance WHERE starts_at < $2 AND ends_at > $1 ORDER BY id`,
    [from, to],
  );
  return result.rows.map(({ nodes, ...row }) => PlannedWorkLine.parse(nodes === null ? row : { ...row, nodes }));
}

/** What is said of each member, in the order given; those never in commission in the period are left out. */
export async function readMemberEvidence(
  db: Queryable,
  members: readonly ObjectiveMember[],
  context: EvidenceContext,
  judged: Judged,
): Promise<MemberEvidence[]> {
  const { from, to } = context;
  const ids = members.map(({ id }) => id);
  const commissions = await readCommissions(db, ids, { from, to }, judged);
  const transitions = await readTransitionLines(db, ids, from, to);
  const found = members.flatMap((each): MemberEvidence[] => {
    const commission = commissions.get(each.id);
    return commission === undefined
      ? []
      : [{ member: memberLine(each, commission), transitions: transitions.get(each.id) ?? [], charges: [] }];
  });
  return withCharges(db, context, found);
}

function memberLine(member: ObjectiveMember, { versions, judgedUntil }: Commission): MemberLine {
  const { id, name, division, party, weight, resolutionMs } = member;
  const commission = versions.map((version) => ({
    from: version.from,
    to: version.to === Number.MAX_SAFE_INTEGER ? null : version.to,
    division: version.division,
    party: version.party,
  }));
  return { line: 'member', object: id, name, division, party, weight, resolutionMs, judgedUntil, commission };
}

/** With the incidents that have time in common with an outage of the member: only these say whom it is charged to. */
async function withCharges(db: Queryable, context: EvidenceContext, found: readonly MemberEvidence[]): Promise<MemberEvidence[]> {
  const outages = found.map((evidence) => outagesOf(timelineOf(context, evidence)));
  const all = outages.flat();
  if (all.length === 0) return [...found];
  const from = all.reduce((least, { earliest }) => Math.min(least, earliest), Number.MAX_SAFE_INTEGER);
  const to = all.reduce((most, { latest }) => Math.max(most, latest), 0) + 1;
  const ids = found.flatMap(({ member }, index) => (outages[index]?.length === 0 ? [] : [member.object]));
  const charges = await readChargeLines(db, ids, from, to);
  return found.map((evidence, index) => ({
    ...evidence,
    charges: (charges.get(evidence.member.object) ?? []).filter((charge) =>
      outages[index]?.some((outage) => charge.from < outage.to && (charge.to ?? Number.MAX_SAFE_INTEGER) > outage.from),
    ),
  }));
}

const TRANSITION = `'transition' AS line, t.id, t.subject AS object, t.from_state AS "from", t.to_state AS "to", t.at, t.earliest, t.latest,
  t.reason, t.decided_at AS "decidedAt", t.recorded_at AS "recordedAt"`;
const IN_FORCE = "t.subject = s.subject AND t.subject_kind = 'object' AND t.superseded_at IS NULL";
// As accounting has it: wider edges have an index of their own.
const NARROW_MS = 3_600_000;

/**
 * The transitions of objects in force that matter to `[from, to)`, in order: all whose bounds meet it, the last before it and the first
 * after its beginning (which says what was so before anything else does), and both ends of every outage that reaches into it.
 */
async function readTransitionLines(
  db: Queryable,
  objects: readonly string[],
  from: number,
  to: number,
): Promise<Map<string, TransitionLine[]>> {
  const meeting = await db.query(
    `SELECT ${TRANSITION} FROM unnest($1::text[]) AS s (subject), LATERAL (
       SELECT * FROM (SELECT * FROM transitions t WHERE ${IN_FORCE} AND t.at < $2 ORDER BY t.at DESC, t.id DESC LIMIT 1) AS before
       UNION
       SELECT * FROM (SELECT * FROM transitions t WHERE ${IN_FORCE} AND t.at >= $2 ORDER BY t.at, t.id LIMIT 1) AS next
       UNION
       SELECT * FROM transitions t WHERE ${IN_FORCE} AND t.at >= $2::bigint - $4 AND t.at < $3::bigint + $4 AND t.latest >= $2 AND t.earliest < $3
       UNION
       SELECT * FROM transitions t WHERE ${IN_FORCE} AND t.latest - t.earliest > 3600000 AND t.latest >= $2 AND t.earliest < $3) AS t
     ORDER BY t.subject, t.at, t.id`,
    [objects, from, to, NARROW_MS],
  );
  const found = byObject(meeting.rows.map((row) => TransitionLine.parse(row)));
  const read = [...found].map(([subject, transitions]) => ({ subject, transitions }));
  const between = (await readBetween(db, TRANSITION, read, { from, to })).map((row) => TransitionLine.parse(row));
  for (const [object, transitions] of byObject(between)) found.set(object, transitions);
  await addEnds(db, found);
  return found;
}

/** Both ends of the outages that the first and the last that were read lie in. */
async function addEnds(db: Queryable, found: Map<string, TransitionLine[]>): Promise<void> {
  const read = [...found].flatMap(([subject, list]) => {
    const [first, last] = [list[0], list.at(-1)];
    return first === undefined || last === undefined ? [] : [{ subject, first, last }];
  });
  for (const row of await readOutageEnds(db, TRANSITION, read)) {
    const line = TransitionLine.parse(row);
    const list = found.get(line.object) as TransitionLine[];
    list.push(line);
    list.sort((a, b) => a.at - b.at || a.id - b.id);
  }
}

/** The incidents that each object was part of in the span, as the cause or a symptom, oldest first. Early warnings are none. */
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
