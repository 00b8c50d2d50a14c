import { ExplainRequest, explanationView, RoutingExplanationView, routedEventOf } from '@beacontower/contracts';
import { findEventSubject, readCurrentEntities, readRoutingRules, scopeCovers } from '@beacontower/database';
import { explainRouting } from '@beacontower/domain';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { ApiProblem, badField } from '../http/problem.ts';
import { describe } from '../openapi.ts';

/** The dry run of routing: the decision that the router would take, and why, without taking it. */
export function registerRouting(app: App, { database, clock }: RouteContext): void {
  app.post(
    '/api/v1/routing/explain',
    {
      config: { access: 'operate' },
      schema: {
        ...describe(
          'on-call',
          'Who would be told of an event, when and how; who not, and why',
          'operate',
          'Nothing is sent or written. Of a time to come, it is what the rules and plans of today say of it.',
        ),
        body: ExplainRequest,
        response: { 200: RoutingExplanationView },
      },
    },
    async (request) => {
      const { body } = request;
      const { divisions } = principalOf(request);
      const subject = await findEventSubject(database, body, divisions);
      if (subject === undefined) throw unknownSubject(body);
      const event = routedEventOf(body, subject);
      if (!scopeCovers(divisions, event.division)) throw new ApiProblem(403, 'outside-scope', 'division: it reaches beyond yours');
      const at = body.at ?? clock.now();
      const rules = await readRoutingRules(database, at);
      const contacts = await readCurrentEntities(database, 'contact');
      const names = { contacts: new Map(contacts.map((contact) => [contact.id, contact])), channels: rules.channels };
      return explanationView(explainRouting(event, rules, at), event, at, names);
    },
  );
}

function unknownSubject({ incident, object }: ExplainRequest): ApiProblem {
  if (incident !== undefined)
    return badField('body', 'incident', `there is no incident ${incident} within your divisions`, 'the id of an incident');
  return badField('body', 'object', `there is no object ${object} within your divisions`, 'the id of an object');
}
