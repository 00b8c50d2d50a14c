import { Coverage, CoverageQuery, timestamp } from '@beacontower/contracts';
import { readCoverage, readCurrentEntities, type Scope } from '@beacontower/database';
import { periodContaining } from '@beacontower/domain';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { describeCoverage } from '../coverage.ts';
import { ApiProblem, badField, notFound } from '../http/problem.ts';
import { describe } from '../openapi.ts';

/** How much of the country the network reaches. */
export function registerCoverage(app: App, context: RouteContext): void {
  app.get(
    '/api/v1/coverage',
    {
      schema: {
        ...describe(
          'availability',
          'Coverage of provinces, cities and counties, and what is connected in numbers',
          'read',
          'By the list of divisions in force then, with and without the Corps; growth is against the state at from.',
        ),
        querystring: CoverageQuery,
        response: { 200: Coverage },
      },
    },
    async (request) => readAnswer(context, request.query, principalOf(request).divisions),
  );
}

async function readAnswer({ database, clock }: RouteContext, query: CoverageQuery, scope: Scope): Promise<Coverage> {
  const now = clock.now();
  const at = query.at ?? now;
  if (at > now) throw badField('query', 'at', 'lies in the future', 'a time that is past');
  const from = query.from ?? (await beginningOfHalfYear(database, at));
  if (from >= at) throw badField('query', 'from', 'lies at or after at', `a time before ${timestamp(at)}`);
  const result = await readCoverage(database, { division: query.division, at, from, list: query.list, scope });
  if ('problem' in result) {
    if (result.problem === 'no-such-division') throw notFound('division');
    throw badField('query', 'list', `there is no list of divisions "${query.list}"`, `one of ${result.lists.join(', ')}`);
  }
  if (result.unknown.length > 0) throw notFound('division');
  if (result.withoutCode.length > 0) throw withoutCode(result.withoutCode);
  return describeCoverage(result);
}

/** The half-year of the last moment before `at`, so that one that ends at `at` is compared with its own beginning. */
async function beginningOfHalfYear(database: RouteContext['database'], at: number): Promise<number> {
  const [node] = await readCurrentEntities(database, 'node');
  return periodContaining('half-year', at - 1, node?.timeZone ?? 'UTC').from;
}

function withoutCode(divisions: readonly string[]): ApiProblem {
  const which = divisions.map((division) => `"${division}"`).join(', ');
  return new ApiProblem(
    422,
    'division-without-code',
    `${which} has no code in the inventory, so that no list of divisions tells what lies below it; give it one (divisions: code; 000000 is the whole country)`,
  );
}
