import { ConfigurationInForce, ConfigurationPlan, PlanRequest, timestamp, timestampOrNull } from '@beacontower/contracts';
import { readInForce } from '@beacontower/database';
import { planConfiguration } from '../configuration/plan.ts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { describe } from '../openapi.ts';
import { coversNode } from '../whole-node.ts';

/** A text of eight million characters, each of up to three bytes. */
const LONGEST_BODY = 25 * 1024 * 1024;

/** What the node runs by, and what another configuration would change. */
export function registerConfiguration(app: App, { database, clock }: RouteContext): void {
  app.get(
    '/api/v1/configuration',
    {
      config: { access: 'administer' },
      schema: {
        ...describe(
          'system',
          'The configuration in force',
          'administer',
          'The first 200 entities of each kind, without secrets. Who does not have the whole node sees of it what lies in his divisions.',
        ),
        response: { 200: ConfigurationInForce },
      },
    },
    async (request) => {
      const { divisions } = principalOf(request);
      const { version, appliedAt, appliedBy, kinds } = await readInForce(
        database,
        (await coversNode(database, divisions)) ? null : divisions,
      );
      return {
        version,
        appliedAt: timestampOrNull(appliedAt),
        appliedBy,
        kinds: kinds.map((kind) => ({
          ...kind,
          items: kind.items.map(({ id, origin, validFrom, body }) => ({ id, origin, validFrom: timestamp(validFrom), body })),
        })),
      };
    },
  );
  let planning = false;
  app.post(
    '/api/v1/configuration/plan',
    {
      bodyLimit: LONGEST_BODY,
      config: { access: 'administer' },
      schema: {
        ...describe(
          'system',
          'What a configuration would change',
          'administer',
          'Checks a whole configuration and compares it with the one in force, as `beacontower plan` does. Nothing is changed, and no ' +
            'secret is read.',
        ),
        body: PlanRequest,
        response: { 200: ConfigurationPlan },
      },
    },
    async (request) => {
      if (!(await coversNode(database, principalOf(request).divisions)))
        throw new ApiProblem(403, 'forbidden', 'a plan compares the configuration of the whole node: it takes rights for its own division');
      // It takes a core while it lasts.
      if (planning)
        throw new ApiProblem(503, 'busy', 'another plan is being made: try again in a few seconds', { headers: { 'retry-after': '5' } });
      planning = true;
      try {
        return await planConfiguration(database, request.body.text, clock.now());
      } finally {
        planning = false;
      }
    },
  );
}
