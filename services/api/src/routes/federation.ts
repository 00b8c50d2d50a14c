import {
  CreatedInvitation,
  EnrolmentApproval,
  EnrolmentView,
  EnrolmentViewPage,
  EnrolmentViewQuery,
  FederationNodeParams,
  FederationReason,
  InvitationPage,
  NewInvitation,
  PageQuery,
  UplinkView,
  UuidParams,
} from '@beacontower/contracts';
import {
  approveEnrolment,
  findInvitation,
  listEnrolments,
  listInvitations,
  lockEnrolment,
  readFederatedNode,
  refuseEnrolment,
  removeNode,
  type StoredEnrolment,
  scopeCovers,
  type Transaction,
  viewEnrolment,
  viewUplink,
  withdrawInvitation,
} from '@beacontower/database';
import type { FastifyRequest } from 'fastify';
import { byOf } from '../accounts/administer.ts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { act } from '../federation/act.ts';
import { invite } from '../federation/invite.ts';
import { notFound } from '../http/problem.ts';
import { describe, NoContent } from '../openapi.ts';

/**
 * Who reports here, and to whom this node reports. System administrators invite nodes; security administrators let them in and put them out:
 * neither can do both.
 */
export function registerFederation(app: App, context: RouteContext): void {
  registerInvitations(app, context);
  registerRequests(app, context);
  registerMembership(app, context);
}

function registerInvitations(app: App, context: RouteContext): void {
  const { database, clock } = context;
  const config = { access: 'administer' as const, auditsItself: true };
  app.get(
    '/api/v1/federation/invitations',
    {
      config: { access: 'accounts' },
      schema: { ...describe('federation', 'List invitations', 'accounts'), querystring: PageQuery, response: { 200: InvitationPage } },
    },
    async (request) => listInvitations(database, request.query, principalOf(request).divisions, clock.now()),
  );
  app.post(
    '/api/v1/federation/invitations',
    {
      config: { ...config, secretAnswer: true },
      schema: {
        ...describe(
          'federation',
          'Invite a node to report here',
          'administer',
          'The one-time token is shown in this answer only: the node joins with it. 409 `listener-off`, `own-node`, `node-relayed`, `outside-division`.',
        ),
        body: NewInvitation,
        response: { 201: CreatedInvitation },
      },
    },
    async (request, reply) => {
      const made = await invite(context, request, request.body);
      return reply.code(201).header('location', `/api/v1/federation/invitations/${made.id}`).send(made);
    },
  );
  app.delete(
    '/api/v1/federation/invitations/:id',
    {
      config,
      schema: {
        ...describe('federation', 'Withdraw an invitation', 'administer', '409 `already-used`: refuse the request, or put the node out.'),
        params: UuidParams,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if ((await findInvitation(database, id, principalOf(request).divisions, clock.now())) === null) throw notFound('invitation');
      await act(context, request, (tx) => withdrawInvitation(tx, id, byOf(context, request)));
      return reply.code(204).send();
    },
  );
}

function registerRequests(app: App, context: RouteContext): void {
  const { database } = context;
  const config = { access: 'secure' as const, auditsItself: true };
  app.get(
    '/api/v1/federation/requests',
    {
      config: { access: 'accounts' },
      schema: {
        ...describe(
          'federation',
          'List requests of nodes to be let in',
          'accounts',
          'Without their codes: whoever lets a node in is told its code by telephone.',
        ),
        querystring: EnrolmentViewQuery,
        response: { 200: EnrolmentViewPage },
      },
    },
    async (request) => listEnrolments(database, request.query, principalOf(request).divisions),
  );
  app.post(
    '/api/v1/federation/requests/:id/approve',
    {
      config,
      schema: {
        ...describe(
          'federation',
          'Let a node in',
          'secure',
          '`code` is the one that the node shows. 409 `code-differs`, `already-decided`.',
        ),
        params: UuidParams,
        body: EnrolmentApproval,
        response: { 200: EnrolmentView },
      },
    },
    async (request) =>
      decide(context, request, request.params.id, (tx, enrolment) =>
        approveEnrolment(tx, enrolment, request.body.code, byOf(context, request)),
      ),
  );
  app.post(
    '/api/v1/federation/requests/:id/refuse',
    {
      config,
      schema: {
        ...describe('federation', 'Refuse a request', 'secure', 'Its token is used up. 409 `already-decided`.'),
        params: UuidParams,
        body: FederationReason,
        response: { 200: EnrolmentView },
      },
    },
    async (request) =>
      decide(context, request, request.params.id, (tx, enrolment) =>
        refuseEnrolment(tx, enrolment, request.body.reason, byOf(context, request)),
      ),
  );
}

function decide(
  context: RouteContext,
  request: FastifyRequest,
  id: string,
  decision: (tx: Transaction, enrolment: StoredEnrolment) => Promise<void>,
): Promise<EnrolmentView> {
  return act(context, request, async (tx) => {
    const enrolment = await lockEnrolment(tx, id);
    if (enrolment === null || !scopeCovers(principalOf(request).divisions, enrolment.division)) throw notFound('request');
    await decision(tx, enrolment);
    const decided = await lockEnrolment(tx, id);
    if (decided === null) throw notFound('request');
    return viewEnrolment(decided);
  });
}

function registerMembership(app: App, context: RouteContext): void {
  const { database } = context;
  app.post(
    '/api/v1/federation/nodes/:id/revoke',
    {
      config: { access: 'secure', auditsItself: true },
      schema: {
        ...describe(
          'federation',
          'Put a node out',
          'secure',
          'At once: its certificates are good no more, its connections are cut. What it told stays.',
        ),
        params: FederationNodeParams,
        body: FederationReason,
        response: { 204: NoContent },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await act(context, request, async (tx) => {
        const node = await readFederatedNode(tx, id);
        if (node === null || !scopeCovers(principalOf(request).divisions, node.division)) throw notFound('node');
        await removeNode(tx, id, request.body.reason, byOf(context, request));
      });
      return reply.code(204).send();
    },
  );
  app.get(
    '/api/v1/federation/uplink',
    {
      config: { access: 'accounts' },
      schema: { ...describe('federation', 'The node that this one reports to', 'accounts'), response: { 200: UplinkView } },
    },
    async () => viewUplink(database),
  );
}
