import {
  Availability,
  AvailabilityQuery,
  ObjectiveList,
  ObjectParams,
  PageQuery,
  PeriodQuery,
  Timeline,
  timestamp,
  type Unobserved,
} from '@beacontower/contracts';
import {
  entityNames,
  findObjectEver,
  findObjective,
  listObjectives,
  readFigure,
  readIncidentSpans,
  readJudged,
  readTimelineInputs,
  type Scope,
  scopeTouches,
  unobservedNodes,
  unobservedOf,
} from '@beacontower/database';
import { buildTimeline, nodeOfObject, type TimelineInput } from '@beacontower/domain';
import { describeAvailability } from '../availability.ts';
import { believedNow } from '../believed-now.ts';
import { findClosed, readClosed } from '../closed-availability.ts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { ApiProblem, notFound } from '../http/problem.ts';
import { describe } from '../openapi.ts';
import { describeSegments } from '../timeline.ts';

/** What objects did over a period, and what that makes of an objective. */
export function registerAvailability(app: App, context: RouteContext): void {
  const { database, clock } = context;
  app.get(
    '/api/v1/objects/:id/timeline',
    {
      schema: {
        ...describe('availability', 'What an object did in a period, without gaps', 'read'),
        params: ObjectParams,
        querystring: PeriodQuery,
        response: { 200: Timeline },
      },
    },
    async (request) => readTimeline(context, request.params.id, request.query, principalOf(request).divisions),
  );
  app.get(
    '/api/v1/objectives',
    { schema: { ...describe('availability', 'Objectives', 'read'), querystring: PageQuery, response: { 200: ObjectiveList } } },
    async (request) => listObjectives(database, request.query, principalOf(request).divisions, clock.now()),
  );
  app.get(
    '/api/v1/availability',
    {
      schema: {
        ...describe(
          'availability',
          'Availability of an objective with its bounds and verdict',
          'read',
          'A period that reaches into the future, or beyond what has been judged, is cut at asOf. Of a period that was closed the latest ' +
            'version is shown, unless version says otherwise.',
        ),
        querystring: AvailabilityQuery,
        response: { 200: Availability },
      },
    },
    async (request) => readAvailability(context, request.query, principalOf(request).divisions),
  );
}

async function readTimeline(context: RouteContext, id: string, period: { from: number; to: number }, scope: Scope) {
  const { database, clock } = context;
  const found = await findObjectEver(database, id, scope);
  if (!found) throw notFound('object');
  const judged = await readJudged(database, clock.now());
  const [inputs, incidents] = await Promise.all([
    readTimelineInputs(database, [id], period, judged),
    readIncidentSpans(database, id, period.from, period.to, scope),
  ]);
  const input = inputs.get(id);
  const judgedUntil = input?.judgedUntil ?? judged.untilFor(id, false);
  const never: TimelineInput = { ...period, transitions: [], validity: [], exclusions: [], judgedUntil };
  return {
    items: describeSegments(buildTimeline(input ?? never), incidents, found.party),
    asOf: judgedUntil === 0 ? null : timestamp(judgedUntil),
    unobserved: await unobservedTimeline(context, id, judgedUntil),
  };
}

/** Of a node that is not heard nothing is known after its record here ends. */
async function unobservedTimeline(context: RouteContext, id: string, judgedUntil: number): Promise<Unobserved | null> {
  const node = nodeOfObject(id);
  const believed = await believedNow(context);
  const unobserved = believed.known.has(node) ? unobservedOf(believed, { id, node, pinged: true }) : null;
  return unobserved === null ? null : { ...unobserved, since: judgedUntil === 0 ? null : timestamp(judgedUntil) };
}

async function readAvailability({ database, clock }: RouteContext, query: AvailabilityQuery, scope: Scope): Promise<Availability> {
  const { from, to, groupBy, depth, version } = query;
  const closed = version === 'live' ? undefined : await findClosed(database, query, scope);
  if (closed === undefined && typeof version === 'number')
    throw new ApiProblem(404, 'not-closed', `this period has no version ${version}: GET /api/v1/periods lists what was closed`);
  const objective = closed?.body.objective ?? (await findObjective(database, query.objective, scope));
  if (!objective) throw notFound('objective');
  const [figure, names] = await Promise.all([
    closed === undefined
      ? readFigure(database, { objective, from, to, groupBy, depth, scope, now: clock.now() })
      : readClosed(database, closed, { scope, groupBy, depth }),
    groupBy === undefined ? new Map<string, string>() : entityNames(database, groupBy),
  ]);
  const judged = closed === undefined ? await readJudged(database, clock.now()) : null;
  const late = judged === null ? [] : unobservedNodes(judged, objective, figure.to);
  const unobserved = late.filter(({ division }) => scopeTouches(scope, division));
  return describeAvailability({ objective, basis: query.basis ?? objective.basis, figure, groupBy, names, unobserved, closed });
}
