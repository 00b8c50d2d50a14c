import { BudgetQuery, ErrorBudget, ObjectiveParams, timestamp } from '@beacontower/contracts';
import { findObjective, readActiveWarnings, readBudget, type Scope, scopeCovers } from '@beacontower/database';
import { describeBudget, readWindows } from '../budget.ts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { badField, notFound } from '../http/problem.ts';
import { describe } from '../openapi.ts';

/** What is left of an objective's error budget, how fast it burns, and until when it lasts. */
export function registerBudget(app: App, context: RouteContext): void {
  app.get(
    '/api/v1/objectives/:id/budget',
    {
      schema: {
        ...describe(
          'availability',
          "An objective's error budget in the running period: used, left, burn rates and forecast",
          'read',
          'Of a rolling period, that of its last whole days. Unknown time burns nothing by the estimate; the bounds take it in.',
        ),
        params: ObjectiveParams,
        querystring: BudgetQuery,
        response: { 200: ErrorBudget },
      },
    },
    async (request) => readAnswer(context, request.params.id, request.query.at, principalOf(request).divisions),
  );
}

async function readAnswer({ database, clock }: RouteContext, id: string, asked: number | undefined, scope: Scope): Promise<ErrorBudget> {
  const objective = await findObjective(database, id, scope);
  if (!objective) throw notFound('objective');
  const now = clock.now();
  const at = asked ?? now;
  if (at > now) throw badField('query', 'at', 'lies in the future', `a time up to ${timestamp(now)}`);
  const status = await readBudget(database, { objective, at, now, scope });
  const windows = await readWindows(status.burn, objective);
  const active = scopeCovers(scope, objective.division) ? await readActiveWarnings(database) : undefined;
  return describeBudget({ objective, at, status, windows, incident: active?.get(objective.id)?.id ?? null });
}
