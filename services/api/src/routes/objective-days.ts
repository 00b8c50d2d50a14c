import { DaysQuery, ObjectiveDays, ObjectiveOutagePage, ObjectiveParams, OutagesQuery } from '@beacontower/contracts';
import { countedAhead, findObjective, readDays, type Scope } from '@beacontower/database';
import { length } from '@beacontower/domain';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { describeDays } from '../days/describe.ts';
import { narrowed, periodAsked } from '../days/period.ts';
import { notFound } from '../http/problem.ts';
import { describe } from '../openapi.ts';
import { readOutages } from '../outages/read.ts';

/** A period of an objective day by day, and the outages in it. */
export function registerObjectiveDays(app: App, context: RouteContext): void {
  app.get(
    '/api/v1/objectives/:id/days',
    {
      schema: {
        ...describe(
          'availability',
          "An objective's period day by day: availability with bounds, and the budget used up to each day",
          'read',
          'The running period unless from and to name another, of at most 400 days. Days to come are not listed; what a day used of the ' +
            'budget is added to the days before it.',
        ),
        params: ObjectiveParams,
        querystring: DaysQuery,
        response: { 200: ObjectiveDays },
      },
    },
    async (request) => answerDays(context, request.params.id, request.query, principalOf(request).divisions),
  );
  app.get(
    '/api/v1/objectives/:id/outages',
    {
      schema: {
        ...describe(
          'availability',
          "The outages of an objective's members in a period, the longest first",
          'read',
          'Each is cut to the period, and says whom it is charged to and which incident it belongs to.',
        ),
        params: ObjectiveParams,
        querystring: OutagesQuery,
        response: { 200: ObjectiveOutagePage },
      },
    },
    async (request) => readOutages(context, request.params.id, request.query, principalOf(request).divisions),
  );
}

async function answerDays({ database, clock }: RouteContext, id: string, query: DaysQuery, scope: Scope): Promise<ObjectiveDays> {
  const objective = await findObjective(database, id, scope);
  if (!objective) throw notFound('objective');
  const now = clock.now();
  const { from, to } = periodAsked(query, objective, now);
  const { asOf, days } = await readDays(database, { objective, from, to, scope: narrowed(scope, query.division), now });
  const reached = days.at(-1)?.to ?? from;
  const ahead = (await countedAhead(database, objective))(reached, to);
  return describeDays({ objective, from, to, asOf, days, countedAheadMs: length(ahead) });
}
