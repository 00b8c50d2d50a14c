import { DeliveryPage, DeliveryQuery, IncidentDetail, IncidentPage, IncidentQuery, UuidParams } from '@beacontower/contracts';
import { findIncident, listDeliveries, listIncidents } from '@beacontower/database';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { notFound } from '../http/problem.ts';
import { setRevision } from '../http/revision.ts';
import { describe } from '../openapi.ts';

/** Incidents and what was told about them. */
export function registerIncidents(app: App, context: RouteContext): void {
  const { database, clock } = context;
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
    '/api/v1/incidents/:id',
    {
      schema: {
        ...describe('incidents', 'One incident, its objects and its timeline', 'read'),
        params: UuidParams,
        response: { 200: IncidentDetail },
      },
    },
    async (request, reply) => {
      const incident = await findIncident(database, request.params.id, principalOf(request).divisions, clock.now());
      if (!incident) throw notFound('incident');
      setRevision(reply, incident.revision);
      return incident;
    },
  );
  app.get(
    '/api/v1/deliveries',
    {
      schema: {
        ...describe('incidents', 'Notifications with each attempt', 'read'),
        querystring: DeliveryQuery,
        response: { 200: DeliveryPage },
      },
    },
    async (request) => listDeliveries(database, request.query, principalOf(request).divisions),
  );
}
