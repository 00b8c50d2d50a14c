import { NodeFreshness } from '@beacontower/contracts';
import type { App, RouteContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { FreshnessReader } from '../wall/freshness.ts';

const DESCRIPTION = `Whether states are what is: how far everything has been judged, and how the node is. What was judged too long ago is
shown by other answers as it is on record; a page that shows it says so by this.`;

/** Whether what the node tells may be believed, for every page. */
export function registerFreshness(app: App, context: RouteContext): void {
  const reader = new FreshnessReader(context);
  app.get(
    '/api/v1/freshness',
    { schema: { ...describe('health', 'Whether states are what is', 'read', DESCRIPTION), response: { 200: NodeFreshness } } },
    () => reader.read(),
  );
}
