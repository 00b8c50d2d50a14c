import { NodePage, PageQuery } from '@beacontower/contracts';
import { InvalidCursor, readNode } from '@beacontower/database';
import type { App, RouteContext } from '../context.ts';
import { describe } from '../openapi.ts';

/** This node; those federated with it come beside it later. */
export function registerNodes(app: App, { database, clock }: RouteContext): void {
  app.get(
    '/api/v1/nodes',
    { schema: { ...describe('nodes', 'This node', 'read'), querystring: PageQuery, response: { 200: NodePage } } },
    async (request) => {
      if (request.query.cursor !== undefined) throw new InvalidCursor();
      const node = await readNode(database, clock.now());
      return { items: node ? [node] : [], nextCursor: null };
    },
  );
}
