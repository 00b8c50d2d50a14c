import { AccessPolicy, NewAccessPolicy } from '@beacontower/contracts';
import { demandSecondFactors, readAccessPolicy, writeAccessPolicy } from '@beacontower/database';
import { liesIn } from '../accounts/networks.ts';
import { record, recorded } from '../accounts/record.ts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { badField } from '../http/problem.ts';
import { expectedRevision, setRevision, staleRevision } from '../http/revision.ts';
import { requireWholeNode } from '../limits.ts';
import { describe } from '../openapi.ts';

/** What passwords, sessions and second factors must be. Security administrators decide it; system administrators may read it. */
export function registerAccessPolicy(app: App, { database, clock }: RouteContext): void {
  app.get(
    '/api/v1/access-policy',
    {
      config: { access: 'accounts' },
      schema: { ...describe('accounts', 'What all accounts must keep to', 'accounts'), response: { 200: AccessPolicy } },
    },
    async (_request, reply) => {
      const policy = await readAccessPolicy(database);
      setRevision(reply, policy.revision);
      return policy;
    },
  );
  app.put(
    '/api/v1/access-policy',
    {
      config: { access: 'secure', auditsItself: true },
      schema: {
        ...describe('accounts', 'Decide what all accounts must keep to', 'secure'),
        body: NewAccessPolicy,
        response: { 200: AccessPolicy },
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { body } = request;
      await requireWholeNode(database, principal, 'the policy of access is');
      if (body.administrationFrom.length > 0 && !liesIn(body.administrationFrom, request.ip)) {
        throw badField(
          'body',
          'administrationFrom',
          `would shut you out, who come from ${request.ip}`,
          'networks that hold your own address',
        );
      }
      const expected = expectedRevision(request);
      const now = clock.now();
      await recorded(database, request, async (tx) => {
        const before = await readAccessPolicy(tx);
        const revision = await writeAccessPolicy(tx, body, expected, { actor: principal.name, now });
        if (revision === undefined) throw staleRevision(before.revision);
        await demandSecondFactors(tx, body.secondFactor);
        const { revision: _, changedAt: __, changedBy: ___, ...was } = before;
        const detail = { before: was, after: body };
        await record(tx, request, { at: now, actor: principal.name, action: 'access-policy.change', object: 'access-policy', detail });
      });
      const policy = await readAccessPolicy(database);
      setRevision(reply, policy.revision);
      return policy;
    },
  );
}
