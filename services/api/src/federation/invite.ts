import type { CreatedInvitation, NewInvitation } from '@beacontower/contracts';
import { findInvitation, issueInvitation, scopeCovers } from '@beacontower/database';
import type { FastifyRequest } from 'fastify';
import { byOf } from '../accounts/administer.ts';
import { principalOf, type RouteContext } from '../context.ts';
import { creationId } from '../http/idempotency.ts';
import { ApiProblem, notFound } from '../http/problem.ts';
import { act } from './act.ts';

/** Invites a node; the token is in the answer, and nowhere else. */
export async function invite(context: RouteContext, request: FastifyRequest, invited: NewInvitation): Promise<CreatedInvitation> {
  const { database, clock } = context;
  if (!scopeCovers(principalOf(request).divisions, invited.division))
    throw new ApiProblem(403, 'outside-scope', 'a node cannot be invited for a division that you do not have');
  const id = creationId(request);
  const token = await act(context, request, (tx) => issueInvitation(tx, id, invited, byOf(context, request)));
  const made = await findInvitation(database, id, [''], clock.now());
  if (made === null) throw notFound('invitation');
  return { ...made, token };
}
