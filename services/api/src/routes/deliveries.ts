import { ChannelList, Delivery, DeliveryPage, DeliveryQuery, UuidParams } from '@beacontower/contracts';
import { DeliveryFault, findDelivery, listChannelStates, listDeliveries, retryDelivery } from '@beacontower/database';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { ApiProblem, notFound } from '../http/problem.ts';
import { describe } from '../openapi.ts';

/** What was told to whom with each attempt, how the channels do, and sending again. */
export function registerDeliveries(app: App, context: RouteContext): void {
  const { database } = context;
  app.get(
    '/api/v1/deliveries',
    {
      schema: {
        ...describe('deliveries', 'Notifications with each attempt', 'read'),
        querystring: DeliveryQuery,
        response: { 200: DeliveryPage },
      },
    },
    async (request) => listDeliveries(database, request.query, principalOf(request).divisions),
  );
  app.get(
    '/api/v1/deliveries/:id',
    {
      schema: {
        ...describe('deliveries', 'One notification with each attempt', 'read'),
        params: UuidParams,
        response: { 200: Delivery },
      },
    },
    async (request) => {
      const delivery = await findDelivery(database, request.params.id, principalOf(request).divisions);
      if (!delivery) throw notFound('delivery');
      return delivery;
    },
  );
  registerRetry(app, context);
  app.get(
    '/api/v1/channels',
    {
      schema: {
        ...describe(
          'deliveries',
          'The channels by which notifications go: circuit breaker, rate limit, last error',
          'read',
          'What waits for a channel is counted as far as it tells of your divisions.',
        ),
        response: { 200: ChannelList },
      },
    },
    async (request) => ({ items: await listChannelStates(database, principalOf(request).divisions) }),
  );
}

function registerRetry(app: App, { database, clock }: RouteContext): void {
  app.post(
    '/api/v1/deliveries/:id/retry',
    {
      config: { access: 'operate' as const, auditsItself: true },
      schema: {
        ...describe('deliveries', 'Send a dead or waiting delivery now, with all its attempts anew', 'operate'),
        params: UuidParams,
        response: { 202: Delivery },
      },
    },
    async (request, reply) => {
      const { divisions, name: actor } = principalOf(request);
      const { id } = request.params;
      if (!(await findDelivery(database, id, divisions))) throw notFound('delivery');
      await retryDelivery(database, id, { actor, source: request.ip, now: clock.now() }).catch(rethrow);
      const delivery = await findDelivery(database, id, divisions);
      if (!delivery) throw notFound('delivery');
      return reply.code(202).send(delivery);
    },
  );
}

function rethrow(error: unknown): never {
  if (!(error instanceof DeliveryFault)) throw error;
  if (error.code === 'delivery-unknown') throw notFound('delivery');
  throw new ApiProblem(409, error.code, error.message);
}
