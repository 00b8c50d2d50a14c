import {
  NewRotaOverride,
  type RotaBody,
  RotaList,
  RotaOverrideList,
  RotaOverrideQuery,
  RotaOverrideView,
  RotaParams,
  RotaSchedule,
  RotaView,
  rotaScheduleView,
  rotaView,
  ScheduleQuery,
  UuidParams,
} from '@beacontower/contracts';
import {
  type Database,
  endRotaOverride,
  findRotaOverride,
  insertRotaOverride,
  listRotaOverrides,
  readCurrentEntities,
  readDutyRules,
} from '@beacontower/database';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { creationId } from '../http/idempotency.ts';
import { ApiProblem, badField, notFound } from '../http/problem.ts';
import { checkEnd, requireWholeNode } from '../limits.ts';
import { describe, NoContent } from '../openapi.ts';

const operate = { access: 'operate' as const };
/** Whom a rota calls is told of every division's incidents: who has a part of them only may not choose him. */
const A_ROTA = 'a rota is';
const TWO_WEEKS_MS = 14 * 86_400_000;

/** Who is on duty, and who stands in. A rota is of the node, not of a division: everybody with a token may see it. */
export function registerRotas(app: App, context: RouteContext): void {
  registerReading(app, context);
  registerOverrides(app, context);
  registerOverrideChanges(app, context);
}

function registerReading(app: App, { database, clock }: RouteContext): void {
  app.get(
    '/api/v1/rotas',
    { schema: { ...describe('on-call', 'Rotas, with who is on duty now', 'read'), response: { 200: RotaList } } },
    async () => {
      const now = clock.now();
      const rules = await readDutyRules(database, now);
      return { items: rules.rotas.map((rota) => rotaView(rota, rules, now)), nextCursor: null };
    },
  );
  app.get(
    '/api/v1/rotas/:id',
    { schema: { ...describe('on-call', 'One rota, with who is on duty now', 'read'), params: RotaParams, response: { 200: RotaView } } },
    async (request) => {
      const now = clock.now();
      const rules = await readDutyRules(database, now);
      const rota = rules.rotas.find(({ id }) => id === request.params.id);
      if (!rota) throw notFound('rota');
      return rotaView(rota, rules, now);
    },
  );
  app.get(
    '/api/v1/rotas/:id/schedule',
    {
      schema: {
        ...describe(
          'on-call',
          'Who is on duty when, and why',
          'read',
          'Two weeks from now unless from and to say otherwise. Gaps are the times at which nobody would be told.',
        ),
        params: RotaParams,
        querystring: ScheduleQuery,
        response: { 200: RotaSchedule },
      },
    },
    async ({ params, query }) => {
      const from = query.from ?? (query.to === undefined ? clock.now() : query.to - TWO_WEEKS_MS);
      const to = query.to ?? from + TWO_WEEKS_MS;
      const rota = await findRota(database, params.id);
      return rotaScheduleView(rota, await readDutyRules(database, from, to), from, to);
    },
  );
}

function registerOverrides(app: App, { database, clock }: RouteContext): void {
  app.get(
    '/api/v1/rotas/:id/overrides',
    {
      schema: {
        ...describe('on-call', 'Who stands in, the latest start first', 'read', 'Without past=true only those that are not over.'),
        params: RotaParams,
        querystring: RotaOverrideQuery,
        response: { 200: RotaOverrideList },
      },
    },
    async ({ params, query }) => {
      const { id } = await findRota(database, params.id);
      return { items: await listRotaOverrides(database, id, query.past === 'true' ? null : clock.now()), nextCursor: null };
    },
  );
  app.get(
    '/api/v1/rota-overrides/:id',
    { schema: { ...describe('on-call', 'One override', 'read'), params: UuidParams, response: { 200: RotaOverrideView } } },
    async (request) => findOverride(database, request.params.id),
  );
}

function registerOverrideChanges(app: App, { database, clock }: RouteContext): void {
  app.post(
    '/api/v1/rotas/:id/overrides',
    {
      config: operate,
      schema: {
        ...describe('on-call', 'Let somebody stand in', 'operate', 'He wins over every layer; of two at one time the later made.'),
        params: RotaParams,
        body: NewRotaOverride,
        response: { 201: RotaOverrideView },
      },
    },
    async (request, reply) => {
      const rota = await findRota(database, request.params.id);
      const principal = principalOf(request);
      await requireWholeNode(database, principal, A_ROTA);
      const { body } = request;
      const now = clock.now();
      checkEnd(body, now);
      if (body.endsAt <= now) throw badField('body', 'endsAt', 'lies in the past', 'a time to come');
      const contacts = await readCurrentEntities(database, 'contact');
      if (!contacts.some(({ id }) => id === body.contact))
        throw badField('body', 'contact', `there is no contact ${body.contact}`, 'the id of a contact of the configuration');
      const id = creationId(request);
      await insertRotaOverride(database, id, rota.id, body, principal.name, now);
      return reply
        .code(201)
        .header('location', `/api/v1/rota-overrides/${id}`)
        .send(await findOverride(database, id));
    },
  );
  app.delete(
    '/api/v1/rota-overrides/:id',
    {
      config: operate,
      schema: { ...describe('on-call', 'End an override now', 'operate'), params: UuidParams, response: { 204: NoContent } },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { id } = await findOverride(database, request.params.id);
      await requireWholeNode(database, principal, A_ROTA);
      if (!(await endRotaOverride(database, id, principal.name, clock.now())))
        throw new ApiProblem(409, 'already-ended', 'it is over already');
      return reply.code(204).send();
    },
  );
}

async function findRota(database: Database, id: string): Promise<RotaBody> {
  const rota = (await readCurrentEntities(database, 'rota')).find((candidate) => candidate.id === id);
  if (!rota) throw notFound('rota');
  return rota;
}

async function findOverride(database: Database, id: string): Promise<RotaOverrideView> {
  const found = await findRotaOverride(database, id);
  if (!found) throw notFound('override');
  return found;
}
