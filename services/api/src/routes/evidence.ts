import {
  EvidenceQuery,
  ObjectParams,
  Observations,
  ObservationsQuery,
  RecordedTransition,
  StretchPage,
  timestamp,
  timestampOrNull,
} from '@beacontower/contracts';
import {
  calendarVersions,
  findObject,
  findObjectEver,
  findObjective,
  objectiveMembers,
  type RecordedRow,
  readContext,
  readJudged,
  readMemberEvidence,
  readRecorded,
  readStretches,
  type Scope,
  visibleIncidents,
} from '@beacontower/database';
import { divisionCovers } from '@beacontower/domain';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { describeStretch, pictureOf } from '../evidence.ts';
import { notFound } from '../http/problem.ts';
import { describe } from '../openapi.ts';

/** From a percentage down to its outages, and from an outage down to what was observed. */
export function registerEvidence(app: App, context: RouteContext): void {
  app.get(
    '/api/v1/availability/evidence',
    {
      schema: {
        ...describe(
          'availability',
          'The outages and unknown stretches behind a figure, the worst first',
          'read',
          'As known now; what a closed version was made from is its bundle, GET /api/v1/periods/{id}/evidence.',
        ),
        querystring: EvidenceQuery,
        response: { 200: StretchPage },
      },
    },
    async (request) => readBehind(context, request.query, principalOf(request).divisions),
  );
  app.get(
    '/api/v1/objects/:id/evidence',
    {
      schema: {
        ...describe(
          'availability',
          'What was observed of an object and its checks, revisions included',
          'read',
          'Superseded transitions are shown with when, and by what, they were replaced.',
        ),
        params: ObjectParams,
        querystring: ObservationsQuery,
        response: { 200: Observations },
      },
    },
    async (request) => readObserved(context, request.params.id, request.query, principalOf(request).divisions),
  );
}

async function readBehind({ database, clock }: RouteContext, query: EvidenceQuery, scope: Scope) {
  const objective = await findObjective(database, query.objective, scope);
  if (!objective) throw notFound('objective');
  const now = clock.now();
  const judged = await readJudged(database, now);
  const period = { from: query.from, to: Math.max(query.from, Math.min(query.to, judged.asOf)) };
  const members = (await objectiveMembers(database, objective, scope, period.from, period.to)).filter(
    ({ id, division, party }) =>
      (query.object === undefined || query.object === id) &&
      (query.division === undefined || divisionCovers(query.division, division)) &&
      (query.party === undefined || query.party === party),
  );
  const states = query.state === undefined ? (['down', 'unknown'] as const) : [query.state];
  const { items, nextCursor } = await readStretches(database, {
    ...period,
    objects: members.map(({ id }) => id),
    states,
    order: query.order,
    limit: query.limit,
    cursor: query.cursor,
  });
  const shown = new Set(items.map(({ object }) => object));
  const own = members.filter(({ id }) => shown.has(id));
  const calendar = await calendarVersions(database, { objective, ...period });
  const context = await readContext(database, { objective, calendar, ...period }, [...shown]);
  const evidence = await readMemberEvidence(database, own, context, judged);
  const pictures = new Map(evidence.map((each) => [each.member.object, pictureOf(context, each)]));
  const stretches = items.flatMap((item) => {
    const picture = pictures.get(item.object);
    return picture === undefined ? [] : [describeStretch(context, item, picture)];
  });
  // Whom an outage is charged to concerns whoever had it; of an incident elsewhere he is told no more.
  const visible = await visibleIncidents(
    database,
    stretches.flatMap(({ incident }) => incident?.id ?? []),
    scope,
  );
  return {
    items: stretches.map((each) => (each.incident === null || visible.has(each.incident.id) ? each : { ...each, incident: null })),
    nextCursor,
  };
}

async function readObserved({ database, clock }: RouteContext, id: string, query: ObservationsQuery, scope: Scope): Promise<Observations> {
  if (!(await findObjectEver(database, id, scope))) throw notFound('object');
  const { items, nextCursor } = await readRecorded(database, id, query);
  const current = await findObject(database, id, scope, { now: clock.now() });
  const span = `from=${timestamp(query.from)}&to=${timestamp(query.to)}`;
  const series = (current?.body.checks ?? []).flatMap((check) => {
    if (check.kind === 'snmp') return [];
    const metric = check.kind === 'icmp' ? `loss&family=${check.family}` : 'traffic.in';
    return [{ check: check.id, kind: check.kind, href: `/api/v1/objects/${encodeURIComponent(id)}/series?metric=${metric}&${span}` }];
  });
  return { items: items.map(viewOf), nextCursor, series };
}

function viewOf(row: RecordedRow): RecordedTransition {
  const isReplaced = row.supersededAt !== null;
  const replacedBy = row.replacedByImport === null ? 'late data, or a composite computed anew' : `import ${row.replacedByImport}`;
  return RecordedTransition.parse({
    ...row,
    at: timestamp(row.at),
    earliest: timestamp(row.earliest),
    latest: timestamp(row.latest),
    decidedAt: timestamp(row.decidedAt),
    recordedAt: timestamp(row.recordedAt),
    supersededAt: timestampOrNull(row.supersededAt),
    replacedBy: isReplaced ? replacedBy : null,
  });
}
