import { type CheckDetail, ObjectDetail, ObjectPage, ObjectParams, ObjectQuery, Topology, TopologyQuery } from '@beacontower/contracts';
import { checkKeys, findObject, listObjects, parentsRequired, readPartitions, readTopology } from '@beacontower/database';
import { partitionOf } from '@beacontower/domain';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { notFound } from '../http/problem.ts';
import { describe } from '../openapi.ts';
import { latestSamples } from '../samples.ts';
import { within } from '../within.ts';

/** The object is answered without its newest samples when Redis does not give them in this time. */
const SAMPLES_MS = 1_000;

/** Objects with their states, and the graph between them. */
export function registerObjects(app: App, context: RouteContext): void {
  const { database, clock } = context;
  app.get(
    '/api/v1/objects',
    {
      schema: { ...describe('objects', 'List objects with their states', 'read'), querystring: ObjectQuery, response: { 200: ObjectPage } },
    },
    async (request) => listObjects(database, request.query, principalOf(request).divisions, clock.now()),
  );
  app.get(
    '/api/v1/objects/:id',
    {
      schema: {
        ...describe('objects', 'One object with its newest samples', 'read'),
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

async function readDetail(
  { database, redis, keys, clock, logger }: RouteContext,
  id: string,
  scope: readonly string[],
): Promise<ObjectDetail> {
  const found = await findObject(database, id, scope, clock.now());
  if (!found) throw notFound('object');
  const [byCheck, partitions] = await Promise.all([checkKeys(database, id), readPartitions(database)]);
  const samples =
    partitions === undefined
      ? new Map<number, never>()
      : await within(SAMPLES_MS, latestSamples(redis, keys, partitionOf(id, partitions), [...byCheck.values()])).catch((error: unknown) => {
          logger.warn({ err: error }, 'the newest samples could not be read');
          return new Map<number, never>();
        });
  const { body, summary, incident } = found;
  return {
    ...summary,
    checks: body.checks.map((check): CheckDetail => {
      const state = summary.checks.find((each) => each.id === check.id);
      return {
        id: check.id,
        kind: check.kind,
        family: check.family,
        state: state?.state ?? 'unknown',
        since: state?.since ?? null,
        address: check.address,
        zone: check.zone,
        intervalMs: check.policy.intervalMs,
        latest: samples.get(byCheck.get(check.id) ?? 0) ?? null,
      };
    }),
    servingRule: body.servingRule,
    parents: body.dependency.parents,
    parentsRequired: parentsRequired(body.dependency.rule),
    weight: body.weight,
    runbook: body.runbook,
    attributes: body.attributes,
    incident,
  };
}
