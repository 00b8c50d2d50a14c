import { CreatedToken, NewToken, PageQuery, TokenPage, UuidParams } from '@beacontower/contracts';
import { findToken, hashToken, insertToken, listTokens, newToken, revokeToken, scopeCovers } from '@beacontower/database';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { creationId } from '../http/idempotency.ts';
import { ApiProblem, badField, notFound } from '../http/problem.ts';
import { describe, NoContent } from '../openapi.ts';

/** API tokens, for system administrators. Nobody hands out more divisions than their own. */
export function registerTokens(app: App, { database, clock }: RouteContext): void {
  const config = { access: 'administer' as const };
  app.get(
    '/api/v1/tokens',
    { config, schema: { ...describe('tokens', 'List tokens', 'administer'), querystring: PageQuery, response: { 200: TokenPage } } },
    async (request) => listTokens(database, request.query, principalOf(request).divisions),
  );
  app.post(
    '/api/v1/tokens',
    {
      config: { ...config, secretAnswer: true },
      schema: {
        ...describe('tokens', 'Create a token', 'administer', 'The token is shown in this answer only.'),
        body: NewToken,
        response: { 201: CreatedToken },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const principal = principalOf(request);
      const now = clock.now();
      if (body.expiresAt !== undefined && body.expiresAt <= now) throw badField('body', 'expiresAt', 'lies in the past', 'a time to come');
      if (!body.divisions.every((division) => scopeCovers(principal.divisions, division))) {
        throw new ApiProblem(403, 'outside-scope', 'a token cannot be given divisions that you do not have');
      }
      const token = newToken();
      const id = creationId(request);
      if (!(await insertToken(database, id, body, hashToken(token), principal.name, now))) {
        throw new ApiProblem(409, 'already-created', 'this request made a token before; its secret was shown once and is kept nowhere');
      }
      const created = await findToken(database, id, principal.divisions);
      if (!created) throw notFound('token');
      return reply
        .code(201)
        .header('location', `/api/v1/tokens/${id}`)
        .send({ ...created, token });
    },
  );
  app.delete(
    '/api/v1/tokens/:id',
    { config, schema: { ...describe('tokens', 'Revoke a token', 'administer'), params: UuidParams, response: { 204: NoContent } } },
    async (request, reply) => {
      const { id } = request.params;
      const found = await findToken(database, id, principalOf(request).divisions);
      if (!found) throw notFound('token');
      if (!(await revokeToken(database, id, clock.now()))) throw new ApiProblem(409, 'already-revoked', 'the token was revoked before');
      return reply.code(204).send();
    },
  );
}
