import {
  NewReclassificationBody,
  ReclassificationPage,
  ReclassificationQuery,
  ReclassificationView,
  UuidParams,
  Withdrawal,
} from '@beacontower/contracts';
import {
  entityNames,
  findReclassification,
  knownObjects,
  listReclassifications,
  recordReclassification,
  revokeReclassification,
  type Scope,
  scopeCovers,
} from '@beacontower/database';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { creationId } from '../http/idempotency.ts';
import { ApiProblem, badField, notFound, ofOtherNode } from '../http/problem.ts';
import { describe } from '../openapi.ts';

const manage = { access: 'manage' as const };

/** What is said of the past afterwards: who, why, and when it was taken back. */
export function registerReclassifications(app: App, context: RouteContext): void {
  registerReading(app, context);
  registerStating(app, context);
}

function registerReading(app: App, { database }: RouteContext): void {
  app.get(
    '/api/v1/reclassifications',
    {
      schema: {
        ...describe('periods', 'Reclassifications of the past, the latest start first', 'read'),
        querystring: ReclassificationQuery,
        response: { 200: ReclassificationPage },
      },
    },
    async (request) => listReclassifications(database, request.query, principalOf(request).divisions),
  );
  app.get(
    '/api/v1/reclassifications/:id',
    {
      schema: { ...describe('periods', 'One reclassification', 'read'), params: UuidParams, response: { 200: ReclassificationView } },
    },
    async (request) => {
      const found = await findReclassification(database, request.params.id, principalOf(request).divisions);
      if (!found) throw notFound('reclassification');
      return found.view;
    },
  );
}

function registerStating(app: App, { database, clock }: RouteContext): void {
  app.post(
    '/api/v1/reclassifications',
    {
      config: manage,
      schema: {
        ...describe(
          'periods',
          'Restate the past, with a reason',
          'manage',
          'Live figures follow at once; a closed period gets a further version. What is to come is planned instead: POST /api/v1/maintenance.',
        ),
        body: NewReclassificationBody,
        response: { 201: ReclassificationView },
      },
    },
    async (request, reply) => {
      const { divisions, name } = principalOf(request);
      const { body } = request;
      await checkStated(database, body, divisions, clock.now());
      const id = creationId(request);
      await recordReclassification(database, id, body, name, clock.now());
      const made = await findReclassification(database, id, divisions);
      if (!made) throw notFound('reclassification');
      return reply.code(201).header('location', `/api/v1/reclassifications/${id}`).send(made.view);
    },
  );
  app.post(
    '/api/v1/reclassifications/:id/withdraw',
    {
      config: manage,
      schema: {
        ...describe('periods', 'Take a reclassification back, with a reason', 'manage', 'Both stay in the record.'),
        params: UuidParams,
        body: Withdrawal,
        response: { 200: ReclassificationView },
      },
    },
    async (request) => {
      const { divisions, name } = principalOf(request);
      const found = await findReclassification(database, request.params.id, divisions);
      if (!found) throw notFound('reclassification');
      if (!found.whole) throw new ApiProblem(403, 'outside-scope', 'it covers more than your divisions');
      if (found.view.node !== null) throw ofOtherNode(found.view.node);
      const done = await revokeReclassification(database, found.stated, request.body.reason, name, clock.now());
      if (!done) throw new ApiProblem(409, 'already-withdrawn', 'it was withdrawn before');
      const now = await findReclassification(database, request.params.id, divisions);
      if (!now) throw notFound('reclassification');
      return now.view;
    },
  );
}

async function checkStated(database: RouteContext['database'], body: NewReclassificationBody, scope: Scope, now: number): Promise<void> {
  for (const field of ['startsAt', 'endsAt'] as const) {
    if (body[field] > now)
      throw badField('body', field, 'lies in the future', 'a span of the past; what is to come is planned as maintenance');
  }
  if (body.startsAt === now) throw badField('body', 'startsAt', 'is now', 'a span of the past');
  const known = await knownObjects(database, body.objects, scope);
  const index = body.objects.findIndex((object) => !known.has(object));
  if (index !== -1)
    throw badField('body', `objects.${index}`, `there is no object ${body.objects[index]} within your divisions`, 'the id of an object');
  if (!body.divisions.every((division) => scopeCovers(scope, division)))
    throw new ApiProblem(403, 'outside-scope', 'divisions: they reach beyond yours');
  if (body.party !== null && !(await entityNames(database, 'party')).has(body.party))
    throw badField('body', 'party', `there is no party ${body.party}`, 'the id of a party of the configuration');
}
