import {
  type EvidenceContext,
  type MemberEvidence,
  type ObjectiveOutage,
  type OutagesQuery,
  type Page,
  timestamp,
} from '@beacontower/contracts';
import {
  calendarVersions,
  type EntityName,
  type FoundStretch,
  findObjective,
  type OutageIncident,
  objectiveMembers,
  readContext,
  readEntityNames,
  readJudged,
  readMemberEvidence,
  readOutageIncidents,
  readStretches,
  type Scope,
} from '@beacontower/database';
import type { RouteContext } from '../context.ts';
import { narrowed, periodAsked } from '../days/period.ts';
import { describeStretch, pictureOf } from '../evidence.ts';
import { notFound } from '../http/problem.ts';

/** The outages of the members of an objective in a period, page by page, the longest first. */
export async function readOutages(
  { database, clock }: RouteContext,
  id: string,
  query: OutagesQuery,
  scope: Scope,
): Promise<Page<ObjectiveOutage>> {
  const objective = await findObjective(database, id, scope);
  if (!objective) throw notFound('objective');
  const now = clock.now();
  const asked = periodAsked(query, objective, now);
  const judged = await readJudged(database, now);
  const period = { from: asked.from, to: Math.max(asked.from, Math.min(asked.to, judged.asOf)) };
  const within = await objectiveMembers(database, objective, narrowed(scope, query.division), period.from, period.to);
  const members = within.filter((member) => query.object === undefined || query.object === member.id);
  const { items, nextCursor } = await readStretches(database, {
    ...period,
    objects: members.map((member) => member.id),
    states: ['down'],
    order: 'worst',
    limit: query.limit,
    cursor: query.cursor,
  });
  const shown = new Set(items.map(({ object }) => object));
  const calendar = await calendarVersions(database, { objective, ...period });
  const context = await readContext(database, { objective, calendar, ...period }, [...shown]);
  const own = members.filter((member) => shown.has(member.id));
  const evidence = await readMemberEvidence(database, own, context, judged);
  const names = await readEntityNames(database, 'object', [...shown]);
  const told = tell(context, items, new Map(evidence.map((each) => [each.member.object, each])), names);
  const incidents = await readOutageIncidents(
    database,
    told.flatMap(({ incident }) => incident ?? []),
    scope,
  );
  return { items: told.map(({ outage, incident }) => withIncident(outage, incidents.get(incident ?? ''))), nextCursor };
}

interface Told {
  readonly outage: ObjectiveOutage;
  /** Id of its incident. */
  readonly incident: string | null;
}

function tell(
  context: EvidenceContext,
  items: readonly FoundStretch[],
  evidence: ReadonlyMap<string, MemberEvidence>,
  englishNames: ReadonlyMap<string, Pick<EntityName, 'nameEn'>>,
): Told[] {
  const pictures = new Map([...evidence].map(([object, each]) => [object, pictureOf(context, each)]));
  return items.flatMap((item) => {
    const picture = pictures.get(item.object);
    if (picture === undefined) return [];
    const stretch = describeStretch(context, item, picture);
    const widths = [stretch.begin, stretch.end].map((edge) => (edge === null ? 0 : Date.parse(edge.latest) - Date.parse(edge.earliest)));
    const outage: ObjectiveOutage = {
      object: item.object,
      name: stretch.name,
      nameEn: englishNames.get(item.object)?.nameEn ?? null,
      division: stretch.division,
      from: timestamp(item.from),
      // Nothing was said of it after this: it goes on.
      to: stretch.end === null ? null : timestamp(item.to),
      downMs: stretch.countedMs,
      excludedMs: stretch.lengthMs - stretch.countedMs,
      edgeUncertaintyMs: widths.reduce((sum, width) => sum + width, 0),
      cause: null,
      causeName: null,
      causeNameEn: null,
      party: stretch.charged,
      incident: null,
    };
    return [{ outage, incident: stretch.incident?.id ?? null }];
  });
}

/** Whom an outage is charged to concerns whoever had it; of an incident elsewhere, and of what caused it, he is told no more. */
function withIncident(outage: ObjectiveOutage, incident: OutageIncident | undefined): ObjectiveOutage {
  if (incident === undefined) return outage;
  const { id, number, title, titles, cause, causeName, causeNameEn } = incident;
  return { ...outage, cause, causeName, causeNameEn, incident: { id, number, title, titles } };
}
