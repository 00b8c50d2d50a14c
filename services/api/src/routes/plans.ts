import {
  Maintenance,
  MaintenancePage,
  MaintenanceQuery,
  NewMaintenance,
  NewSilence,
  PlanQuery,
  Silence,
  SilencePage,
  SilencePreview,
  SilencePreviewRequest,
  UuidParams,
} from '@beacontower/contracts';
import {
  endSilence,
  entityNames,
  findMaintenance,
  findSilence,
  insertMaintenance,
  insertSilence,
  listMaintenance,
  listSilences,
  markMaintenance,
  objectDivisions,
  previewSilence,
  type Scope,
  scopeCovers,
} from '@beacontower/database';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { creationId } from '../http/idempotency.ts';
import { ApiProblem, badField, notFound, ofOtherNode } from '../http/problem.ts';
import { checkRevision, expectedRevision, setRevision, staleRevision } from '../http/revision.ts';
import { checkEnd, requireWholeNode } from '../limits.ts';
import { describe, NoContent } from '../openapi.ts';

const operate = { access: 'operate' as const };

// Both languages: nobody should have to find out from a figure.
const APPROVED_LATE =
  'approved after it began, so it changes no figure; once it is over, POST /api/v1/reclassifications with effect "exclude" and a reason / ' +
  '开始后才批准,不改变任何数字;结束后可用 POST /api/v1/reclassifications(effect 为 "exclude",写明原因)更正';

/** Planned work and silences. */
export function registerPlans(app: App, context: RouteContext): void {
  registerMaintenance(app, context);
  registerMaintenanceChanges(app, context);
  registerSilences(app, context);
  registerSilencePreview(app, context);
}

function registerMaintenance(app: App, { database, clock }: RouteContext): void {
  app.get(
    '/api/v1/maintenance',
    {
      schema: {
        ...describe('plans', 'Planned work, the latest start first', 'read'),
        querystring: MaintenanceQuery,
        response: { 200: MaintenancePage },
      },
    },
    async (request) => listMaintenance(database, request.query, principalOf(request).divisions, clock.now()),
  );
  app.get(
    '/api/v1/maintenance/:id',
    { schema: { ...describe('plans', 'One planned work', 'read'), params: UuidParams, response: { 200: Maintenance } } },
    async (request, reply) => {
      const found = await findMaintenance(database, request.params.id, principalOf(request).divisions);
      if (!found) throw notFound('planned work');
      setRevision(reply, found.view.revision);
      return found.view;
    },
  );
  app.post(
    '/api/v1/maintenance',
    {
      config: operate,
      schema: {
        ...describe(
          'plans',
          'Plan work',
          'operate',
          'Work that is over already is refused: only what is approved before it starts counts.',
        ),
        body: NewMaintenance,
        response: { 201: Maintenance },
      },
    },
    async (request, reply) => {
      const { divisions, name } = principalOf(request);
      const now = clock.now();
      if (request.body.endsAt <= now) throw badField('body', 'endsAt', 'lies in the past', 'a time to come');
      await checkCover(database, request.body, divisions);
      const id = creationId(request);
      await insertMaintenance(database, id, request.body, name, now);
      const made = await findMaintenance(database, id, divisions);
      if (!made) throw notFound('planned work');
      setRevision(reply, made.view.revision);
      return reply.code(201).header('location', `/api/v1/maintenance/${id}`).send(made.view);
    },
  );
}

function registerMaintenanceChanges(app: App, { database, clock }: RouteContext): void {
  const change = async (id: string, scope: Scope, actor: string, revision: number | null, mark: 'approved' | 'cancelled') => {
    const found = await findMaintenance(database, id, scope);
    if (!found) throw notFound('planned work');
    if (!found.whole) throw new ApiProblem(403, 'outside-scope', 'it covers more than your divisions');
    if (found.view.node !== null) throw ofOtherNode(found.view.node);
    checkRevision(revision, found.view.revision);
    if (found.view.cancelledAt !== null) throw new ApiProblem(409, 'already-cancelled', 'it was cancelled before');
    if (mark === 'approved' && found.view.approvedAt !== null) throw new ApiProblem(409, 'already-approved', 'it was approved before');
    if (found.endsAt <= clock.now()) throw new ApiProblem(409, 'already-over', 'it is over');
    const done = await markMaintenance(database, id, mark, found.view.revision, actor, clock.now());
    const now = await findMaintenance(database, id, scope);
    if (!now) throw notFound('planned work');
    if (!done) throw staleRevision(now.view.revision);
    return now.view;
  };
  app.post(
    '/api/v1/maintenance/:id/approve',
    {
      config: { access: 'manage' },
      schema: {
        ...describe(
          'plans',
          'Approve planned work',
          'manage',
          'Only work approved before it starts is excluded from availability. Needs If-Match.',
        ),
        params: UuidParams,
        response: { 200: Maintenance },
      },
    },
    async (request, reply) => {
      const { divisions, name } = principalOf(request);
      const view = await change(request.params.id, divisions, name, expectedRevision(request), 'approved');
      setRevision(reply, view.revision);
      return view.excludedFromAvailability ? view : { ...view, advice: APPROVED_LATE };
    },
  );
  app.delete(
    '/api/v1/maintenance/:id',
    {
      config: operate,
      schema: {
        ...describe('plans', 'Cancel planned work', 'operate', 'Needs If-Match.'),
        params: UuidParams,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      const { divisions, name } = principalOf(request);
      await change(request.params.id, divisions, name, expectedRevision(request), 'cancelled');
      return reply.code(204).send();
    },
  );
}

function registerSilences(app: App, { database, clock }: RouteContext): void {
  app.get(
    '/api/v1/silences',
    {
      schema: { ...describe('plans', 'Silences, the latest start first', 'read'), querystring: PlanQuery, response: { 200: SilencePage } },
    },
    async (request) => listSilences(database, request.query, principalOf(request).divisions, clock.now()),
  );
  app.get(
    '/api/v1/silences/:id',
    { schema: { ...describe('plans', 'One silence', 'read'), params: UuidParams, response: { 200: Silence } } },
    async (request) => {
      const found = await findSilence(database, request.params.id, principalOf(request).divisions);
      if (!found) throw notFound('silence');
      return found.view;
    },
  );
  app.post(
    '/api/v1/silences',
    {
      config: operate,
      schema: { ...describe('plans', 'Withhold notifications for a time', 'operate'), body: NewSilence, response: { 201: Silence } },
    },
    async (request, reply) => {
      const { divisions, name } = principalOf(request);
      const now = clock.now();
      checkEnd(request.body, now);
      await checkMuted(database, request.body, divisions);
      const id = creationId(request);
      await insertSilence(database, id, request.body, name, now);
      const made = await findSilence(database, id, divisions);
      if (!made) throw notFound('silence');
      return reply.code(201).header('location', `/api/v1/silences/${id}`).send(made.view);
    },
  );
  app.delete(
    '/api/v1/silences/:id',
    { config: operate, schema: { ...describe('plans', 'End a silence now', 'operate'), params: UuidParams, response: { 204: NoContent } } },
    async (request, reply) => {
      const { divisions, name } = principalOf(request);
      const found = await findSilence(database, request.params.id, divisions);
      if (!found) throw notFound('silence');
      await checkEverything(database, found.view, divisions);
      if (!found.whole) throw new ApiProblem(403, 'outside-scope', 'it covers more than your divisions');
      if (!(await endSilence(database, request.params.id, name, clock.now())))
        throw new ApiProblem(409, 'already-ended', 'it was ended before');
      return reply.code(204).send();
    },
  );
}

function registerSilencePreview(app: App, { database, clock }: RouteContext): void {
  app.post(
    '/api/v1/silences/preview',
    {
      config: operate,
      schema: {
        ...describe('plans', 'What a silence would be about', 'operate', 'Writes nothing. Counts what lies in your divisions.'),
        body: SilencePreviewRequest,
        response: { 200: SilencePreview },
      },
    },
    async (request) => {
      const { divisions } = principalOf(request);
      const now = clock.now();
      checkEnd(request.body, now);
      await checkMuted(database, request.body, divisions);
      return previewSilence(database, request.body, divisions, now);
    },
  );
}

/** A silence that names neither objects nor divisions is about everything: only who sees everything may make or end it. */
async function checkEverything(
  database: RouteContext['database'],
  { objects, divisions }: { objects: string[]; divisions: string[] },
  scope: Scope,
): Promise<void> {
  if (objects.length + divisions.length === 0) {
    await requireWholeNode(database, { divisions: scope }, 'without objects or divisions it is');
  }
}

/** As `checkCover`, of a silence; its parties must be configured. */
async function checkMuted(
  database: RouteContext['database'],
  body: { objects: string[]; divisions: string[]; parties: string[] },
  scope: Scope,
): Promise<void> {
  await checkCover(database, body, scope);
  await checkEverything(database, body, scope);
  if (body.parties.length === 0) return;
  const known = await entityNames(database, 'party');
  const index = body.parties.findIndex((party) => !known.has(party));
  if (index !== -1)
    throw badField('body', `parties.${index}`, `there is no party ${body.parties[index]}`, 'the id of a party of the configuration');
}

/** Refuses objects that are not there (or not the caller's: he cannot tell which) and divisions beyond his own. */
async function checkCover(
  database: RouteContext['database'],
  body: { objects: string[]; divisions: string[] },
  scope: Scope,
): Promise<void> {
  const known = await objectDivisions(database, body.objects, scope);
  const unknown = body.objects.flatMap((object, index) => (known.has(object) ? [] : [{ object, index }]));
  if (unknown.length > 0) {
    throw new ApiProblem(
      400,
      'invalid-request',
      `objects: there is no object ${unknown.map(({ object }) => object).join(', ')} within your divisions`.slice(0, 2_000),
      {
        errors: unknown.slice(0, 100).map(({ object, index }) => ({
          in: 'body' as const,
          path: `objects.${index}`,
          message: `there is no object ${object} within your divisions`,
          expected: 'the id of an object',
        })),
      },
    );
  }
  if (!body.divisions.every((division) => scopeCovers(scope, division))) {
    throw new ApiProblem(403, 'outside-scope', 'divisions: they reach beyond yours');
  }
}
