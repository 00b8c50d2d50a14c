import {
  IncidentDetail,
  IncidentNumberParams,
  IncidentObjectPage,
  IncidentPage,
  IncidentQuery,
  PageQuery,
  UuidParams,
} from '@beacontower/contracts';
import { findIncident, findIncidentHead, listIncidentObjects, listIncidents } from '@beacontower/database';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { notFound } from '../http/problem.ts';
import { setRevision } from '../http/revision.ts';
import { describe } from '../openapi.ts';

const DETAIL =
  'The first 1,000 of its objects, its timeline, its clocks, whom it cut off, who was told, what was looked at when it was opened, ' +
  'and what one wants at hand: addresses, runbook, circuit number, hotline.';

/** Incidents. */
export function registerIncidents(app: App, context: RouteContext): void {
  const { database } = context;
  app.get(
    '/api/v1/incidents',
    {
      schema: {
        ...describe('incidents', 'List incidents, newest first', 'read'),
        querystring: IncidentQuery,
        response: { 200: IncidentPage },
      },
    },
    async (request) => listIncidents(database, request.query, principalOf(request).divisions),
  );
  app.get(
    '/api/v1/incidents/:id/objects',
    {
      schema: {
        ...describe('incidents', 'Every object that was in it, its cause first', 'read'),
        params: UuidParams,
        querystring: PageQuery,
        response: { 200: IncidentObjectPage },
      },
    },
    async (request) => {
      const { divisions } = principalOf(request);
      const { id } = request.params;
      if (!(await findIncidentHead(database, id, divisions))) throw notFound('incident');
      return listIncidentObjects(database, id, request.query, divisions);
    },
  );
  registerOneIncident(app, context);
}

function registerOneIncident(app: App, { database, clock }: RouteContext): void {
  app.get(
    '/api/v1/incidents/:id',
    {
      schema: {
        ...describe('incidents', 'One incident with everything around it', 'read', DETAIL),
        params: UuidParams,
        response: { 200: IncidentDetail },
      },
    },
    async (request, reply) => answer(reply, request, { id: request.params.id }),
  );
  app.get(
    '/api/v1/incidents/by-number/:number',
    {
      schema: {
        ...describe('incidents', 'One incident, by the number that messages carry', 'read'),
        params: IncidentNumberParams,
        response: { 200: IncidentDetail },
      },
    },
    async (request, reply) => answer(reply, request, { number: request.params.number }),
  );

  async function answer(reply: FastifyReply, request: FastifyRequest, by: { id: string } | { number: number }): Promise<IncidentDetail> {
    const incident = await findIncident(database, by, principalOf(request).divisions, clock.now());
    if (!incident) throw notFound('incident');
    setRevision(reply, incident.revision);
    return incident;
  }
}
