import { CreatedToken, NewToken, PageQuery, TokenPage, UuidParams } from '@beacontower/contracts';
import {
  findAccountByName,
  findToken,
  hashToken,
  insertToken,
  listTokens,
  newToken,
  revokeToken,
  scopeCovers,
} from '@beacontower/database';
import { checkName } from '../accounts/administer.ts';
import { type App, principalOf, type RouteContext } from '../context.ts';
import { creationId } from '../http/idempotency.ts';
import { ApiProblem, badField, notFound } from '../http/problem.ts';
import { describe, NoContent } from '../openapi.ts';

/**
 * API tokens, made by system administrators; security administrators see and revoke them too. Nobody hands out more divisions or roles
 * than their own (reading, which all of them may, aside): a token is no way round the rights that a security administrator gives.
 */
export function registerTokens(app: App, { database, clock }: RouteContext): void {
  const config = { access: 'administer' as const };
  const seeing = { access: 'accounts' as const };
  app.get(
    '/api/v1/tokens',
    { config: seeing, schema: { ...describe('tokens', 'List tokens', 'accounts'), querystring: PageQuery, response: { 200: TokenPage } } },
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
      const beyond = body.roles.find((role) => role !== 'viewer' && !principal.roles.includes(role));
      if (beyond !== undefined) {
        throw new ApiProblem(403, 'outside-rights', `a token cannot be given the role ${beyond}, which you do not have`);
      }
      if (await findAccountByName(database, body.name)) {
        throw new ApiProblem(409, 'name-taken', 'a person has this name, and what the token does would read as done by them');
      }
      checkName(body.name);
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
    { config: seeing, schema: { ...describe('tokens', 'Revoke a token', 'accounts'), params: UuidParams, response: { 204: NoContent } } },
    async (request, reply) => {
      const { id } = request.params;
      const found = await findToken(database, id, principalOf(request).divisions);
      if (!found) throw notFound('token');
      if (!(await revokeToken(database, id, clock.now()))) throw new ApiProblem(409, 'already-revoked', 'the token was revoked before');
      return reply.code(204).send();
    },
  );
}
