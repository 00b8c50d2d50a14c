import { ObjectDetail, ObjectPage, ObjectParams, ObjectQuery, Topology, TopologyQuery } from '@beacontower/contracts';
import { listObjects, readTopology } from '@beacontower/database';
import { believedNow } from '../believed-now.ts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { readDetail } from '../object-detail.ts';
import { describe } from '../openapi.ts';

/** Objects with their states, and the graph between them. */
export function registerObjects(app: App, context: RouteContext): void {
  const { database, clock } = context;
  app.get(
    '/api/v1/objects',
    {
      schema: { ...describe('objects', 'List objects with their states', 'read'), querystring: ObjectQuery, response: { 200: ObjectPage } },
    },
    async (request) =>
      listObjects(database, request.query, principalOf(request).divisions, { now: clock.now(), believed: await believedNow(context) }),
  );
  app.get(
    '/api/v1/objects/:id',
    {
      schema: {
        ...describe('objects', 'One object with its checks, their newest samples and what was last met', 'read'),
        params: ObjectParams,
        response: { 200: ObjectDetail },
      },
    },
    async (request) => readDetail(context, request.params.id, principalOf(request).divisions),
  );
  app.get(
    '/api/v1/topology',
    {
      schema: {
        ...describe('objects', 'The dependency graph with states', 'read'),
        querystring: TopologyQuery,
        response: { 200: Topology },
      },
    },
    async (request) => readTopology(database, request.query.division, principalOf(request).divisions),
  );
}
