import { SelfReport } from '@beacontower/contracts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { ApiProblem } from '../http/problem.ts';
import { describe } from '../openapi.ts';
import { readSelf } from '../self.ts';
import { coversNode } from '../whole-node.ts';

/** What this node knows of itself. It tells of every zone and process, so only who may see the whole node is answered. */
export function registerSelf(app: App, context: RouteContext): void {
  const words =
    'Rounds due, run, late and missed, lags, depths, clocks, room, and what is wrong, each with since when. For who may see the division of the node.';
  app.get(
    '/api/v1/self',
    { schema: { ...describe('nodes', 'What is wrong with this node itself', 'read', words), response: { 200: SelfReport } } },
    async (request) => {
      if (!(await coversNode(context.database, principalOf(request).divisions))) {
        throw new ApiProblem(403, 'division-required', "this needs rights for the node's own division: it tells of the whole node");
      }
      return readSelf(context);
    },
  );
}
