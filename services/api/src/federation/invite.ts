import { createHash, X509Certificate } from 'node:crypto';
import type { CreatedInvitation, NewInvitation } from '@beacontower/contracts';
import {
  encodeInvitation,
  FederationFault,
  findInvitation,
  hashToken,
  inviteNode,
  newInvitationSecret,
  readAuthority,
  readServer,
  scopeCovers,
} from '@beacontower/database';
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
  const [id, secret] = [creationId(request), newInvitationSecret()];
  const reach = await act(context, request, async (tx) => {
    const [authority, server] = [await readAuthority(tx), await readServer(tx)];
    const url = invited.url ?? server?.url ?? null;
    if (authority === null || url === null)
      throw new FederationFault(
        'listener-off',
        'nobody can report here: set BEACONTOWER_FEDERATION_LISTEN and BEACONTOWER_FEDERATION_NAMES, and start the node anew',
      );
    await inviteNode(tx, id, invited, hashToken(secret), byOf(context, request));
    return { url, authority: createHash('sha256').update(new X509Certificate(authority.certificate).raw).digest('hex') };
  });
  const made = await findInvitation(database, id, [''], clock.now());
  if (made === null) throw notFound('invitation');
  return { ...made, token: encodeInvitation({ ...reach, secret }) };
}
