import type { Session } from '@beacontower/database';
import type { FastifyRequest } from 'fastify';
import { principalOf } from '../context.ts';
import { accountNeeded, notAtThisStage } from './problems.ts';

/** The session of a person with an account, at one of the stages. */
export interface OwnSession extends Session {
  readonly accountId: string;
}

/** The caller's own session. Throws for a token, and at another stage. */
export function ownSession(request: Pick<FastifyRequest, 'principal'>, stages: readonly Session['stage'][]): OwnSession {
  const { session } = principalOf(request);
  if (!session || session.accountId === null) throw accountNeeded();
  if (!stages.includes(session.stage)) throw notAtThisStage(session.stage);
  return { ...session, accountId: session.accountId };
}
