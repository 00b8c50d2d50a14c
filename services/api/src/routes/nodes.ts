import { NodeDetail, NodePage, NodeParams, PageQuery } from '@beacontower/contracts';
import { listNodes, readNodeDetail } from '@beacontower/database';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { notFound } from '../http/problem.ts';
import { describe } from '../openapi.ts';

/** This node, and those that report to it. */
export function registerNodes(app: App, { database, clock }: RouteContext): void {
  app.get(
    '/api/v1/nodes',
    {
      schema: {
        ...describe(
          'nodes',
          'This node, and those that report to it',
          'read',
          'Of each: whether it is heard, since when not, and up to when its record is here.',
        ),
        querystring: PageQuery,
        response: { 200: NodePage },
      },
    },
    async (request) => listNodes(database, request.query, principalOf(request).divisions, clock.now()),
  );
  app.get(
    '/api/v1/nodes/:id',
    {
      schema: {
        ...describe(
          'nodes',
          'One node, with its certificates and what is seen here of its landing device',
          'read',
          'The landing device is a device of this node with the attribute role: landing in the division of the other: while the other is silent, it is what can be said of that place.',
        ),
        params: NodeParams,
        response: { 200: NodeDetail },
      },
    },
    async (request) => {
      const node = await readNodeDetail(database, request.params.id, principalOf(request).divisions, clock.now());
      if (node === null) throw notFound('node');
      return node;
    },
  );
}
